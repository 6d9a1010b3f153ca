"""The numbers that a team chooses: policies, their values, cadence, metrics."""
