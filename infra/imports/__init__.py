"""Spreadsheets in: forms, mappings, reading, a row to actions, the annotated copy."""
