"""The written pages of docs/, found by topic and shown on a terminal."""
