"""`python -m tests.tutorial [PAGE ...]` says which pages differ from what the program prints; --write mends them."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.tutorial import DOCS, PLAYED, language_of, played


def main() -> int:
    """Play the pages that are named, or every one, and return how many differ and were not written."""
    differing = 0
    for name in [word for word in sys.argv[1:] if word != "--write"] or PLAYED:
        before = (DOCS / name).read_text("utf-8")
        with TemporaryDirectory() as folder:
            after = played(before, Path(folder), language_of(name))
        if after == before:
            continue
        print(f"{'written' if '--write' in sys.argv else 'differs'}: docs/{name}")
        if "--write" in sys.argv:
            (DOCS / name).write_text(after, "utf-8")
        else:
            differing += 1
    return differing


if __name__ == "__main__":
    raise SystemExit(main())
