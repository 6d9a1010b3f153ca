"""Faults with the counts that they are to be survived at: run by ./torture, and with small counts by tests/faults."""
