"""Duplicates: customers that may be one company, by registration number, by name, or by a name that is like another."""
