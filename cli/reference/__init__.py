"""The reference pages in docs/reference, generated from what the program declares: `python -m cli.reference`."""
