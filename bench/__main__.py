"""Runs the benchmarks and prints their table: `python -m bench`, or `python -m bench NAME ...` for some of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module

from bench.measure import ROOT, Row, machine
from bench.stores import Bench, bench

NAMES = {
    "cold": "bench.cold:on_sqlite",
    "apply": "bench.apply:on_sqlite",
    "apply-postgres": "bench.apply:on_postgres",
    "subject": "bench.subject:on_sqlite",
    "rebuild": "bench.rebuild:on_sqlite",
    "views": "bench.views:on_sqlite",
    "sealed": "bench.sealed:on_sqlite",
    "proof": "bench.proof:on_sqlite",
    "quarter": "bench.quarter:on_sqlite",
}
HEAD = ("what", "ours", "floor", "ours to floor", "goal", "note")


def table(rows: list[Row]) -> str:
    """Write the rows as a Markdown table."""
    lines = ["| " + " | ".join(HEAD) + " |", "|" + " --- |" * len(HEAD)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def main() -> None:
    """Run what is asked for; with no name, everything, and keep the table in RESULTS.md."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument(
        "--events", type=int, default=1_000_000, help="of the standard log; apply takes a tenth in lines"
    )
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in NAMES]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
    rows: list[Row] = []
    with bench(asked.events) as shared:
        for name in asked.names or NAMES:
            for row in _measured(name, shared):
                print(" | ".join(row), file=sys.stderr)
                rows.append(row)
    print(table(rows))
    if not asked.names:
        write(rows)


def _measured(name: str, shared: Bench) -> Iterator[Row]:
    module, _, attribute = NAMES[name].partition(":")
    measure: Callable[[Bench], Iterator[Row]] = getattr(import_module(module), attribute)
    yield from measure(shared)


def write(rows: list[Row]) -> None:
    """Keep the table with the machine it was measured on."""
    day = datetime.now(UTC).date().isoformat()
    text = f"# The last run\n\n`python -m bench` on {day}: {machine()}.\n\n{table(rows)}\n\n{READING}"
    (ROOT / "bench" / "RESULTS.md").write_text(text, encoding="utf-8")


READING = """\
Each floor was measured beside ours, in the same run. For `sales apply` it is the very rows that were recorded (events,
keys, claims, mentions) written into the same tables, indexes and triggers, a thousand events a transaction:
`executemany` on SQLite, one INSERT from arrays on Postgres. For a rebuild it is reading and parsing the log once and
writing the final rows in batches. For a view it is the same question as plain SQL on the same tables: the same rows, columns,
joins and order, fetched and not shown, in one snapshot, the position known on the day first; days are drawn at random, for half
of the pairs the later one is what is known. The note tells the pair at which ours was slowest, and the floor there: where both are
slow, it is the day with the most rows. SQL knows no working days and no ciphers: the floors of what shows due days, or how late
something was, reckon each once, and those of the audits and of a customer's sheet read the keys and open what is sealed.
Which names are near stands in tables, which both join. A sheet is folded from its customer's events, not read from tables.
The standard log's mix has changed since the run of 2026-11-24: it also plans follow-ups, finds needs, asks
for proposals, quotes, schedules, invoices, delivers and visits, and lets go of customers that bought nothing (invalid, lost or
released, with what was still open for them dropped), with fewer customers for as many events. For `sales verify`
it is hashlib over the same bytes, already in memory. A cold command is compared with `python -c pass`. Percentages are speeds
(more is better), multiples are times (less is better).
"""


if __name__ == "__main__":
    main()
