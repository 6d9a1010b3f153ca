"""The pipeline 商机: each opportunity as it stood after each of its events, whose it was then, and what it was worth."""
