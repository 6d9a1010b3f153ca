"""Progress of long work: on stderr, on a terminal, after half a second, a few times a second."""

from __future__ import annotations

import sys
import time


class Meter:
    """A line that says how far the work is; `done` wipes it away."""

    def __init__(self, words: str, *, quiet: bool) -> None:
        self.words = words
        self.started = self.last = time.monotonic()
        self.alive = not quiet and sys.stderr.isatty()
        self.shown = False

    def at(self, reached: int, end: int | None = None) -> None:
        """Say that `reached` of `end` is done."""
        present = time.monotonic()
        if not self.alive or present - self.started < 0.5 or present - self.last < 0.1:
            return
        self.last, self.shown = present, True
        share = f" / {end:,} ({100 * reached // end} %)" if end else ""
        print(f"\r\x1b[K{self.words} {reached:,}{share}", end="", file=sys.stderr, flush=True)

    def done(self) -> None:
        """Wipe the line away."""
        if self.shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self.shown = False
