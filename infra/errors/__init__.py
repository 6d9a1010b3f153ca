"""Every problem by its code, with its kind, exit status, text and hint."""
