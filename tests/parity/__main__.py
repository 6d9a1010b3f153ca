"""`python -m tests.parity` asks every question, and says which are answered otherwise than `answers.txt` has it.

--write keeps the answers as they are now. To see a difference in full: `--keep DIR` before a change, `--against DIR` after it.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests import postgres, surroundings
from tests.parity.asking import ANSWERS, Task, answered, kept
from tests.parity.stores import NONE, POSTGRES, STORES


def main() -> int:
    """Ask, and return how many answers differ."""
    given = _arguments()
    stores = given.store or [*STORES, NONE]
    server = postgres.started() if POSTGRES in stores else ""
    tasks = [Task(store, server, given.only, given.shuffle, given.keep, given.against) for store in stores]
    begun = time.monotonic()
    with ProcessPoolExecutor(2, get_context("spawn"), initializer=surroundings.settle) as pool:
        done = [each for found in pool.map(answered, tasks) for each in found]
    for _, told in done:
        print(told, end="")
    now = dict(line.split(" => ") for line, _ in done)
    print(f"{len(now)} questions, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    before, others = _parted(stores, given.only, now)
    differing = list(_differing(before, now))
    if given.write:
        ANSWERS.write_text("".join(sorted(f"{name} => {told}\n" for name, told in {**others, **now}.items())), "utf-8")
        print(f"{ANSWERS.name} written: {ANSWERS.stat().st_size} bytes", file=sys.stderr)
    return 1 if differing and not given.write else 0


def _parted(stores: Sequence[str], only: str, now: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the answers that are kept: those to what was asked, or would have been, and all others."""
    before: dict[str, str] = {}
    others: dict[str, str] = {}
    for name, told in kept().items():
        meant = name in now or (re.split("[@ ]", name)[0] in stores and only in name)
        (before if meant else others)[name] = told
    return before, others


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="parity", description=__doc__)
    asked.add_argument("--store", action="append", choices=[*STORES, NONE], help="only this store; may be repeated")
    asked.add_argument("--only", default="", help="only questions that hold this text")
    asked.add_argument("--shuffle", type=int, metavar="SEED", help="ask in another order")
    asked.add_argument("--keep", type=Path, metavar="DIR", help="write every answer in full into this folder")
    asked.add_argument("--against", type=Path, metavar="DIR", help="print what differs from the answers in this folder")
    asked.add_argument("--write", action="store_true", help="write answers.txt anew")
    given = asked.parse_args()
    for name in ("keep", "against"):
        folder = getattr(given, name)
        setattr(given, name, folder and folder.absolute())
    return given


def _differing(before: dict[str, str], now: dict[str, str]) -> Iterator[str]:
    """Yield the questions that are answered otherwise, and print each."""
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            how = "new" if not before.get(name) else "no longer asked" if name not in now else "differs"
            print(f"{how}: {name}")
            yield name


if __name__ == "__main__":
    raise SystemExit(main())
