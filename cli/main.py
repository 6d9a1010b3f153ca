"""The command line's front door."""

import sys


def main() -> None:
    """Run the command that was typed."""
    if "--version" in sys.argv[1:]:
        print("sales 0.1.0")
