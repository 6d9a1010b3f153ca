"""The questions of the views, a module or a folder each."""
