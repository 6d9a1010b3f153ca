"""Contracts: from the draft over approval and signing to amendments, cancellation and receipts."""
