"""Follow-ups as they are counted: who was met on which day through which channel, whatever was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from projections.engine.as_of import AsOf, days_within
from projections.engine.projection import Ask
from projections.queries.customers import chunks, survivors

ROWS: Final = """
SELECT r.opened, r.sources, r.customer, r.actor, r.channel, r.touch FROM {records} r
WHERE r.kind = 'follow-up' AND r.since <= ? AND r.ends > ? AND r.known_from <= ? AND r.known_to > ?
"""


MET: Final = """
SELECT r.customer, r.opened, r.channel, r.touch, r.actor, r.sources FROM {records} r
WHERE r.kind = 'follow-up' AND r.since <= ? AND r.ends > ? AND r.known_from <= ? AND r.known_to > ?
"""


class Met(NamedTuple):
    """A follow-up with a customer as the table keeps it: the day as an ordinal, whether it was a touch as 1 or 0."""

    customer: str
    day: int
    channel: str
    touch: int
    actor: str
    sources: str

    def logged(self, customer: str) -> Logged:
        """Return it as the follow-up of the customer that it belongs to."""
        day = date.fromordinal(self.day)
        return Logged(day, positions(self.sources), customer, self.actor, self.channel, bool(self.touch))


class Logged(NamedTuple):
    """A follow-up: `positions` are those of its event and of what has corrected it, in their order.

    `customer` is the one it belongs to with merges followed, `touch` says whether somebody was reached on a counted channel.
    """

    day: date
    positions: Sequence[int]
    customer: str
    actor: str
    channel: str
    touch: bool

    @property
    def position(self) -> int:
        return self.positions[0]


def logged(
    ask: Ask,
    moments: AsOf,
    days: Period,
    *,
    subjects: Iterable[str] | None = None,
    actors: Sequence[str] | None = None,
) -> list[Logged]:
    """Return the follow-ups of these days, the first first, as they stood; asks records and pipeline.

    `subjects` keeps those logged with these customers, `actors` those of these persons.
    """
    params: list[Any] = [moments.micros, moments.micros, moments.position, moments.position]
    params += days_within(moments, days)
    sql = f"{ROWS} AND {'r' if subjects is None else '+r'}.opened BETWEEN ? AND ?"
    if actors is not None:
        sql += f" AND r.actor IN ({', '.join('?' * len(actors))})"
        params += actors
    if subjects is None:
        rows = ask(sql, params)
    else:
        rows = [
            row
            for marks, some in chunks(subjects)
            for row in ask(f"{sql} AND r.subject IN ({marks})", [*params, *some])
        ]
    merged = survivors(ask, moments) if rows else {}
    made = [
        Logged(date.fromordinal(day), positions(sources), merged.get(customer, customer), actor, channel, bool(touch))
        for day, sources, customer, actor, channel, touch in rows
    ]
    made.sort(key=lambda each: (each.day, each.positions))
    return made


def met(ask: Ask, moments: AsOf, first: int, last: int, subjects: Iterable[str] | None = None) -> dict[str, list[Met]]:
    """Return the follow-ups of the days from one ordinal to another by the customer they were logged with, the first first.

    A lead's are its own, whatever it was merged into. Asks records. `subjects` keeps those of these customers.
    """
    params = (moments.micros, moments.micros, moments.position, moments.position, first, last)
    if subjects is None:
        rows = ask(f"{MET} AND r.opened BETWEEN ? AND ?", params)
    else:
        sql = f"{MET} AND +r.opened BETWEEN ? AND ?"
        rows = [
            row
            for marks, some in chunks(subjects)
            for row in ask(f"{sql} AND r.subject IN ({marks})", (*params, *some))
        ]
    by: dict[str, list[Met]] = {}
    for row in rows:
        by.setdefault(row[0], []).append(Met._make(row))
    for several in by.values():
        if len(several) > 1:
            # Of what happened on one day the positions say which was first; they are read only where it matters.
            several.sort(key=itemgetter(1) if len({each.day for each in several}) == len(several) else in_order)
    return by


def in_order(each: Met) -> tuple[int, Sequence[int]]:
    """Return what follow-ups are sorted by."""
    return each.day, positions(each.sources)


def positions(sources: str) -> list[int]:
    """Return the positions that a record rests on."""
    return [int(position) for position in sources[1:-1].split(",")]
