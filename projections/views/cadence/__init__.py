"""Cadence compliance 跟进节奏: for each customer with a grade, window by window, what was needed and what was done."""
