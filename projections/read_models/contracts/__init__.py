"""Contracts as they stood: the ledger, and what is outstanding."""
