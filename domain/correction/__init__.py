"""Correcting, withdrawing and undoing what was recorded, and reading back what was asked for."""
