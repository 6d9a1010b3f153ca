"""The events behind a frame's figures: what moved each of them since the frame before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.calendar.period import Period
from domain.kernel.money import from_units
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.events import named
from projections.views.progress.curve import Sums, own_facts, rows_sql

Key = tuple[str, str]
"""(measure, currency)"""


def moved(
    ask: Ask,
    period: Period,
    frames: Sequence[AsOf],
    now: AsOf,
    *,
    owner: str | None,
    group: str | None,
    metric: str | None,
) -> list[dict[Key, list[dict[str, Any]]]]:
    """Return for each frame what moved each figure: the event, with the amount by which the figure known then changed.

    What was counted and is no more is named by the event that contradicted it; where only somebody's group or what
    counts as new is known otherwise by then, by the event that made the fact.
    """
    sums = Sums(ask, frames, now, group)
    found: list[dict[Key, list[tuple[int, int]]]] = [{} for _ in frames]
    sql, params = rows_sql(period, frames, now, sums, owner)
    counted = [(row, *sums.counts(row)[:2]) for row in ask(sql, params)]
    own = own_facts(ask, period, frames, now, sums, owner, metric) if metric else ()
    for row, amount, spans in (*counted, *((row, amount, then) for row, then, _, amount in own)):
        key = (row[0], row[1])
        came, gone = max(row[9], row[5]), row[6]
        for start, end in spans:
            if start < end and amount:
                found[start].setdefault(key, []).append((came, amount))
                if end < len(frames):
                    told = gone if gone <= frames[end].position else came
                    found[end].setdefault(key, []).append((told, -amount))
    events = named(ask, (position for each in found for several in each.values() for position, _ in several), now)
    return [
        {key: [_told(events[at][0], amount, key[1]) for at, amount in sorted(several)] for key, several in each.items()}
        for each in found
    ]


def _told(event: dict[str, Any], amount: int, currency: str) -> dict[str, Any]:
    return {**event, "amount": format(from_units(amount), "f") if currency else str(amount)}
