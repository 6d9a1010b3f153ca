"""The year reckoned a second time, from its lines alone: plain loops over what was told, nothing of the program.

Each module answers one view or a few. Its rows carry what is totalled of the view, without ids.
"""
