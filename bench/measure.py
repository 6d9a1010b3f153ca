"""How a figure is taken: whole processes with their peak memory, medians of latencies, and the row of the table."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SALES = (sys.executable, str(ROOT / "salestrail.py"))


class Row(NamedTuple):
    """One line of the table: ours against the floor of the same run."""

    what: str
    ours: str
    floor: str
    ratio: str
    goal: str
    note: str = ""


class Ran(NamedTuple):
    """A whole process: wall seconds, and its peak memory in MB."""

    seconds: float
    peak: float


def ran(command: Sequence[str], environ: Mapping[str, str] | None = None) -> Ran:
    """Run a command to its end, with its output to nowhere. Raises RuntimeError if it fails."""
    told = subprocess.run(
        (sys.executable, str(ROOT / "bench" / "launch.py"), *command),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        check=True,
    )
    seconds, peak, status = json.loads(told.stdout)
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {status}")
    return Ran(seconds, peak)


def environment(store: str) -> dict[str, str]:
    """Return what makes `sales` work on that store and on nothing of the user's own."""
    return {"SALES_STORE": store, "SALES_ACTOR": "boss", "SALES_CONFIG": os.devnull, "SALES_LANG": "en"}


def took(act: Callable[[], object]) -> float:
    """Return the seconds that `act` takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder of our own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="salestrail-bench-") as name:
        yield Path(name)


def rate(count: float, seconds: float) -> str:
    return f"{count / seconds / 1000:.1f} k/s"


def millis(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %"


def times(ours: float, floor: float) -> str:
    return f"x{ours / floor:.1f}"


def machine() -> str:
    """Describe the machine without naming it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
