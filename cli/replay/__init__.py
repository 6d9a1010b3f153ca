"""A period replayed, step by step: in a full-screen player, as text, or as data."""
