"""Cold commands as whole processes, against a Python that does nothing; in turns, so that both see the same machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from statistics import median

from bench.measure import SALES, Row, environment, millis, ran, times
from bench.stores import Bench

TURNS = 25
PASS = (sys.executable, "-c", "pass")


def on_sqlite(bench: Bench) -> Iterator[Row]:
    """Measure reads, writes and --version on a small SQLite store."""
    around = environment(f"sqlite:///{bench.place}/cold.db")
    ran((*SALES, "apply", str(bench.lines(1_000)), "-q"), around)
    ran((*SALES, "work", "--once", "-q"), around)
    number = count()

    def written() -> Sequence[str]:
        return (*SALES, "lead", "capture", f"冷启动第{next(number)}有限公司", "--channel", "online")

    acts: tuple[tuple[str, Callable[[], Sequence[str]], str], ...] = (
        ("`sales --version`", lambda: (*SALES, "--version"), "<= x1.5"),
        ("`sales tracking`", lambda: (*SALES, "tracking", "--as-of", "2021-03-31"), "<= x7"),
        ("`sales progress`", lambda: (*SALES, "progress", "--period", "2021Q1", "--level", "company", "-q"), "<= x7"),
        ("`sales audit SUBJECT`", lambda: (*SALES, "audit", "c3"), "<= x7"),
        ("`sales lead capture`, durable", written, "<= x9"),
    )
    for name, act, goal in acts:
        ours, floor = [], []
        for _ in range(TURNS):
            floor.append(ran(PASS).seconds)
            ours.append(ran(act(), around).seconds)
        shown = millis(median(ours)), millis(median(floor)), times(median(ours), median(floor))
        yield Row(name, *shown, goal)
