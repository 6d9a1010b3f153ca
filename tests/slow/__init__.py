"""The slow, obvious answers: every view folded from the whole log for one pair of moments, to hold the quick ones against."""
