"""The proof: the tree over the log, its checkpoints, and what is found when somebody changed the store."""
