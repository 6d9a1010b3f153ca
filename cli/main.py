"""The command line's front door."""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from infra import __version__


def main() -> None:
    """Run the command that was typed, and end the process with its status."""
    gc.set_threshold(50_000, 20, 50)  # modules are still being loaded: looking for garbage meanwhile is time lost
    status = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    # Files and connections are closed by now, and taking the interpreter apart would cost a sixth of a short command.
    os._exit(status)


def run(words: Sequence[str]) -> int:
    """Run the command that `words` make, and return its exit status."""
    if "--version" in words[:1]:
        print(f"sales {__version__}")
        return 0
    for stream in (sys.stdout, sys.stderr):
        # A terminal's or a pipe's code page may lack the names; a stream that a test puts in has none.
        if getattr(stream, "encoding", "utf-8") != "utf-8" and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    from cli.core.errors import guarded

    return guarded(words)
