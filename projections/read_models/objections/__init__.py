"""Objections 异议: what customers objected to, what was answered, and how each ended."""
