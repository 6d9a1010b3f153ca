"""Follow-ups as they are counted: who was met on which day through which channel, whatever was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from domain.period import Period
from projections.customers import chunks, survivors
from projections.moments import Moments
from projections.projection import Ask

ROWS: Final = """
SELECT r.opened, r.sources, r.customer, r.actor, r.channel, r.touch FROM {records} r
WHERE r.kind = 'follow-up' AND r.since <= ? AND r.ends > ? AND r.known_from <= ? AND r.known_to > ?
"""


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
    moments: Moments,
    days: Period,
    *,
    subjects: Iterable[str] | None = None,
    actors: Sequence[str] | None = None,
) -> list[Logged]:
    """Return the follow-ups of these days, the first first, as they stood; asks records and pipeline.

    `subjects` keeps those logged with these customers, `actors` those of these persons.
    """
    params: list[Any] = [moments.micros, moments.micros, moments.position, moments.position]
    params += [days.first.toordinal(), days.last.toordinal()]
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


def positions(sources: str) -> list[int]:
    """Return the positions that a record rests on."""
    return [int(position) for position in sources[1:-1].split(",")]
