"""What is shown: folds of events into tables, and the questions asked of those tables."""
