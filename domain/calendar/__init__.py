"""Days: moments, periods, words for days, working days, due days."""
