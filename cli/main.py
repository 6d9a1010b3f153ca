"""The command line's front door."""

import sys
from collections.abc import Sequence

from cli import __version__


def main() -> None:
    """Run the command that was typed, and end the process with its status."""
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run the command that `words` make, and return its exit status."""
    if "--version" in words[:1]:
        print(f"sales {__version__}")
        return 0
    for stream in (sys.stdout, sys.stderr):
        # A terminal's or a pipe's code page may lack the names; a stream that a test puts in has none.
        if getattr(stream, "encoding", "utf-8") != "utf-8" and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    from cli.errors import guarded

    return guarded(words)
