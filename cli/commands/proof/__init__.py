"""Commands that prove what the log holds, and check it."""
