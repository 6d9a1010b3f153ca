"""A period replayed: what was known at the end of each of its days or weeks, what happened meanwhile, and hindsight."""
