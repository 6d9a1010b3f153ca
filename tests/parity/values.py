"""One sensible value for everything that a view can be asked for, of each store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from tests.parity.registry import Command
from tests.parity.stores import DEMO, POSTGRES, YEAR

Words = tuple[str, ...]


class Values(NamedTuple):
    """What is asked for: by what stands in help for a value, and the moments at which it is asked."""

    by_metavar: Mapping[str, str]
    at: Words
    known: Words
    words: Mapping[str, tuple[Words, ...]]


_SHARED: Final = {"METRIC": "sales", "N": "5", "SECONDS": "1", "RATIO": "0.7"}
_YEAR: Final = Values(
    {**_SHARED, "LOGIN": "r26", "CODE": "north", "OWNER": "north", "PERIOD": "2024Q2", "WEEK": "2024-W24",
     "CUSTOMER": "c14", "SUBJECT": "c117", "MOMENT": "2024-06-30", "EVENT": "event.corrected"},
    ("--as-of", "2024-06-30"),
    ("--as-of", "2024-06-30", "--known-at", "2024-07-01"),
    {
        "audit": ((), ("c117",), ("c18",), ("c5-twin",), ("k.5",), ("h2",), ("t 2024Q1",), ("r15",), ("north",)),
        "show": (("c117",), ("c18",), ("c5-twin",), ("k.5",), ("h2",), ("t 2024Q1",), ("r15",), ("north",)),
        "contracts": ((), ("HT-k.5",), ("c117",)),
        "receivables": ((), ("HT-k.47",), ("c117",)),
        "grades": ((), ("c117",)),
        "guide": (("proposed",), ("rep",), ("c117",)),
        "period show": (("2024Q1",), ("2024-05",), ("2024Q4",)),
        "period diff": (("2024Q1",), ("2024Q2",)),
        "calendar show": ((), ("2024",), ("2030",)),
        "policy show": ((), ("pool",), ("metrics",), ("scorecard",)),
        "target suggest": (("t 2024Q2 south",), ()),
        "diff": (("--from", "2024-03-31", "--to", "2024-06-30"),),
        "waterfall": (("--period", "2024Q2"), ("--from", "2024-03-31", "--to", "2024-06-30"), ()),
        "replay": (("2024Q1",), ("2024-05",)),
        "report": (("2024Q1", "--html", "-"), ("2024Q1", "--xlsx", "-"), ("2024-05", "--html", "-"), ("2024Q1",)),
    },
)  # fmt: skip
_DEMO: Final = Values(
    {**_SHARED, "LOGIN": "zhang.san", "CODE": "g1", "OWNER": "g1", "PERIOD": "2024Q1", "WEEK": "2024-W07",
     "CUSTOMER": "demo#robot", "SUBJECT": "demo#robot", "MOMENT": "2024-03-31", "EVENT": "event.corrected"},
    ("--as-of", "2024-03-31"),
    ("--as-of", "2024-03-31", "--known-at", "2024-02-19"),
    {
        "audit": ((), ("demo#precision",)),
        "show": (("demo#precision",), ("demo#robot",), ("HT-2024-005",), ("zhang.san",), ("g1",), ("demo#opp/tech",)),
        "contracts": ((), ("HT-2024-005",)),
        "guide": (("contacted",), ("demo#robot",)),
        "period show": (("2024Q1",),),
        "period diff": (("2024Q1",),),
        "replay": (("2024Q1",),),
        "diff": (("--from", "2024-02-01", "--to", "2024-03-31"),),
        "waterfall": (("--period", "2024Q1"), ("--from", "2024-02-01", "--to", "2024-03-31")),
        "report": (("2024Q1", "--html", "-"), ("2024Q1", "--xlsx", "-")),
    },
)  # fmt: skip
VALUES: Final = {YEAR: _YEAR, POSTGRES: _YEAR, DEMO: _DEMO}

_TEXTS: Final = {
    ("tracking", "--stage"): "negotiating",
    ("tracking", "--channel"): "online",
    ("pipeline", "--stage"): "proposed",
    ("proposals", "--department"): "技术部",
    ("collaborations", "--department"): "技术部",
    ("signals", "--kind"): "asks-for-quotation",
    ("objections", "--kind"): "price",
    ("playbook", "--objection"): "price",
    ("resources", "--department"): "technical",
    ("movers", "--metric"): "offered",
}
"""What stands for a value in help as TEXT or NAME only, or is not the same everywhere."""

_BESIDE: Final = {("pool", "--within"): ("--due",), ("pool", "--due"): ("--within", "10")}
"""What else an option asks for, or what makes it show more."""

UNASKED: Final = {("report", "--html"), ("report", "--xlsx"), ("log", "--follow"), ("board", "--every")}
"""Options that write into files, or never end."""


def values_of(view: Command, store: str) -> dict[str, tuple[Words, ...]]:
    """Return how each option of a view is typed; an option that stands for nothing known is an error."""
    return {flag: _typed(view, flag, metavar, store) for flag, metavar in view.options.items()
            if (view.name, flag) not in UNASKED}  # fmt: skip


def _typed(view: Command, flag: str, metavar: str, store: str) -> tuple[Words, ...]:
    beside = _BESIDE.get((view.name, flag), ())
    if not metavar:
        return ((flag, *beside),)
    if "|" in metavar:
        return tuple((flag, choice, *beside) for choice in metavar.split("|"))
    value = _TEXTS.get((view.name, flag)) or VALUES[store].by_metavar.get(metavar)
    assert value, f"{view.name} {flag} {metavar}: tests/parity/values.py has no value for it"
    return ((flag, value, *beside),)
