"""Targets: what is to be reached, by whom, in which period; shared out, approved, filed and revised."""
