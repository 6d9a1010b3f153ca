"""The stores that are asked: the year of a company of fifty, on either database, and the demo's quarter."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.given import line
from tests.parity.door import Asked, Door, Told
from tests.year.company import company
from tests.year.company.organisation import DIRECTOR

YEAR, DEMO, POSTGRES, NONE = "year", "demo", "postgres", "none"
STORES: Final = (YEAR, DEMO, POSTGRES)

ALSO: Final = {
    "metrics": {
        "metrics": {
            "visits": {"count": "follow-ups", "channel": "visit", "reached": True},
            "offered": {"sum": "quotes"},
        }
    },
    "grade-words": {"words": {"A": "key", "B": "high", "C": "initial"}},
}
"""Policies that the year has no need of: figures that the team has defined, and words of its own."""

PRACTICES: Final = (
    *(("script", "contacted", "key"), ("template", "negotiating", "initial"), ("case", "signed", "high")),
    *(("discovery-question", "need-identified", "key"), ("script", "lost", "high")),
)


def year() -> list[dict[str, Any]]:
    """Return the lines of the year, and at their beginning what else a view may show."""
    lines = company()
    begun = next(n for n, each in enumerate(lines) if each["action"] == "policy.adopt")
    when = {"at": lines[begun]["at"], "entered": lines[begun]["recorded"]}
    more = [
        line("policy.adopt", by=DIRECTOR, key=f"also {name}", name=name, values=values, from_="2024-01-01", **when)
        for name, values in ALSO.items()
    ]
    told = [line("practice.adopt", by="m1", key=f"also {kind} {stage}", kind=kind, text=f"{stage}: 先问预算", stage=stage,
                 grade=grade, at="2024-10-08", entered="2024-10-08T09:00:00+08:00")
            for kind, stage, grade in PRACTICES]  # fmt: skip
    told += [line("target.set", by="m5", key=f"also target {owner}", owner=owner, metric=metric, value=value, period="2024Q4",
                 rationale="上年", at="2024-10-08", entered="2024-10-08T09:00:00+08:00")
            for owner, metric, value in (("company", "visits", "300"), ("north", "offered", "5000000"))]  # fmt: skip
    late = next(n for n, each in enumerate(lines) if each["recorded"] >= "2024-10-08T09")
    return [*lines[:begun], *more, *lines[begun:late], *told, *lines[late:]]


def play(door: Door, store: str, postgres: str = "") -> list[tuple[Asked, Told]]:
    """Make one of the stores, all of its tables in step; returns what was said about it."""
    if store == DEMO:
        door.opens(DEMO, "sqlite:///demo.db", "lin.zong")
        typed = [Asked(DEMO, ("demo", "--dir", "."))]
    else:
        door.opens(store, postgres or f"sqlite:///{store}.db", DIRECTOR)
        lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in year())
        (door.desk / "year.jsonl").write_text(lines, "utf-8")
        typed = [Asked(store, ("apply", "year.jsonl", "--recorded-as-given", "--json"))]
    asked = [*typed, Asked(store, ("work", "--once")), Asked(store, ("status",))]
    told = [(each, door.ask(each)) for each in asked]
    wrong = [(each.line, answer.text[-800:]) for each, answer in told if answer.status]
    assert not wrong, wrong
    return told
