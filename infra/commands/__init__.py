"""The write side: a request becomes a decision, and a decision an append."""
