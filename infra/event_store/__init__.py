"""The append-only log: stored events, their codec, append and reading, and the constraints written with them."""
