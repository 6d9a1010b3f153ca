"""The keys of personal data, and the values sealed with them."""
