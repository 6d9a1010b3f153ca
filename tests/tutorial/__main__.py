"""`python -m tests.tutorial` says which played pages differ from what the program prints; with --write it mends them."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.tutorial import DOCS, PLAYED, language_of, played


def main() -> int:
    """Play every page, and return how many differ and were not written."""
    differing = 0
    for name in PLAYED:
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
