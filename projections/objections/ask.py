"""Questions about objections: which there were, what became of each, and how long those of a kind were open."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from statistics import median
from typing import Any, Final

from domain.money import ratio
from domain.period import Period
from projections.customers import standing, survivors
from projections.events import named
from projections.grouped import grouped
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask

ROWS: Final = """
SELECT o.customer, o.item, o.logged, o.answered, o.resolved, o.kind, o.words, o.answer, o.outcome, o.actor, o.sources
FROM {objections} o WHERE o.since <= ? AND o.ends > ? AND o.known_from <= ? AND o.known_to > ?
"""


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    period: Period | None = None,
    *,
    currency: str = "",
    kind: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    still_open: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the objections logged in a period (in all without one), the first logged first, as they stood.

    An objection to a lead that was merged by then is its survivor's, with the lead's id before its `item`.
    """
    sql, params = ROWS, [moments.micros, moments.micros, moments.position, moments.position]
    if period:
        sql += " AND o.logged BETWEEN ? AND ?"
        params += [period.first.toordinal(), period.last.toordinal()]
    if still_open:
        sql += " AND o.resolved IS NULL"
    found = [row for row in ask(sql, params) if kind in (None, row[5])]
    merged = survivors(ask, moments)
    who = standing(ask, moments, (merged.get(row[0], row[0]) for row in found))
    shown = []
    for row in sorted(found, key=lambda row: (row[2], _first(row[10]))):
        customer = merged.get(row[0], row[0])
        known = who.get(customer)
        holder = known.owner if known else None
        team = organisation.group_of(holder, moments.day) if holder else None
        if (owner in (None, holder)) and (group in (None, team)):
            told = {"customer": customer, "company": known.company if known else None}
            shown.append({**told, **_told(row, customer, moments.day), "owner": holder, "group": team})
    return _explained(ask, shown, moments) if explain else [_plain(row) for row in shown]


def _told(row: Sequence[Any], customer: str, today: date) -> dict[str, Any]:
    home, item, logged, answered, resolved, kind, words, answer, outcome, actor, sources = row
    return {
        "item": item if home == customer else f"{home}/{item}",
        "kind": kind,
        "words": words,
        "logged": _day(logged),
        "by": actor,
        "answered": _day(answered),
        "answer": answer,
        "resolved": _day(resolved),
        "outcome": outcome,
        "state": "resolved" if resolved else "answered" if answered else "open",
        "days_open": (resolved or today.toordinal()) - logged,
        "sources": sources,
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    del row["sources"]
    return row


def _explained(ask: Ask, shown: list[dict[str, Any]], moments: Moments) -> list[dict[str, Any]]:
    sources = [json.loads(row["sources"]) for row in shown]
    behind = named(ask, (position for several in sources for position in several), moments, corrections=True)
    return [
        {**_plain(row), "events": [event for position in several for event in behind[position]]}
        for row, several in zip(shown, sources, strict=True)
    ]


def by_kind(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a line for each kind among the rows, the most frequent first: how many, how they stand, and how long it took.

    `median_days` is of those resolved, null while none is; `resolved_share` the resolved of all.
    """
    lines = []
    for kind, some in sorted(grouped(rows, "kind").items(), key=lambda each: (-len(each[1]), each[0])):
        days = [row["days_open"] for row in some if row["state"] == "resolved"]
        states = [row["state"] for row in some]
        line = {"kind": kind, "count": len(some)}
        line |= {state: states.count(state) for state in ("open", "answered", "resolved")}
        middle = format(median(days), "g") if days else None
        lines.append({**line, "resolved_share": str(ratio(len(days), len(some))), "median_days": middle})
    return lines


def _first(sources: str) -> int:
    """Return the first position of a JSON list of them."""
    return int(sources[1:-1].partition(",")[0])


@lru_cache(maxsize=4096)
def _day(ordinal: int | None) -> str | None:
    return date.fromordinal(ordinal).isoformat() if ordinal else None
