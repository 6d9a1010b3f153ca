"""Whose customers are: the pool, who is about to be recalled into it, and what is in dispute."""
