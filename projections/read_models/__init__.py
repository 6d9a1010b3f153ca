"""The folds of events into tables, a folder each."""
