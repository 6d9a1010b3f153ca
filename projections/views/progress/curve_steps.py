"""The steps of a curve: which events moved a measure on which day, as it came to be known and in hindsight."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from domain.calendar.period import Period
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask

FACTS: Final = """
SELECT f.currency, f.day, f.since, f.ends, f.known_from, f.known_to, f.source, f.amount FROM {facts} f
WHERE f.measure = ? AND f.day BETWEEN ? AND ?
"""

Step = dict[int, int]
"""position of an event -> what it brought, in units"""


class Steps(NamedTuple):
    """The steps of one currency, one for each frame; their sums are the curves, and `learned` what lies between.

    `known` are the events by which each frame came to know the sum, corrections and withdrawals included; `hindsight`
    those that make it as it is known at the end; `learned` the events by which the difference was learned later.
    """

    known: list[Step]
    hindsight: list[Step]
    learned: list[Step]


def steps(ask: Ask, period: Period, frames: Sequence[AsOf], now: AsOf, measure: str) -> dict[str, Steps]:
    """Return by currency which events moved the sum of a measure between a frame and the one before.

    The frames are in the order of their days, and none knows more than `now`.
    """
    if not frames:
        return {}
    days = [frame.day.toordinal() for frame in frames]
    micros = [frame.micros for frame in frames]
    positions = [frame.position for frame in frames]
    found: dict[str, Steps] = {}
    last_day = min(period.last, frames[-1].day).toordinal()
    for currency, day, since, ends, known_from, known_to, source, amount in ask(
        FACTS, (measure, period.first.toordinal(), last_day)
    ):
        if known_from > now.position:
            continue
        held = found.setdefault(currency, _nothing(len(frames)))
        first, last = max(bisect_left(days, day), bisect_left(micros, since)), bisect_left(micros, ends)
        begun, ended = bisect_left(positions, known_from), bisect_left(positions, known_to)
        bringing = source if begun <= first else known_from
        _move(held.known, max(first, begun), min(last, ended), bringing, known_to, int(amount))
        if now.position < known_to:
            _move(held.hindsight, first, last, source, source, int(amount))
            _move(held.learned, first, min(last, begun), known_from, known_from, int(amount))
        else:
            _move(held.learned, max(first, begun), min(last, ended), known_to, known_to, -int(amount))
    return found


def _nothing(count: int) -> Steps:
    return Steps([{} for _ in range(count)], [{} for _ in range(count)], [{} for _ in range(count)])


def _move(sums: list[Step], first: int, last: int, bringing: int, ending: int, units: int) -> None:
    """Add an amount from one frame on, by the event that brings it, and take it away from another on."""
    if first >= last:
        return
    sums[first][bringing] = sums[first].get(bringing, 0) + units
    if last < len(sums):
        sums[last][ending] = sums[last].get(ending, 0) - units


def cumulated(frames: Sequence[Step]) -> Iterator[Step]:
    """Yield for each frame all events up to it with what they brought together; those that came to nothing are left out."""
    sums: Step = {}
    for frame in frames:
        for position, units in frame.items():
            sums[position] = sums.get(position, 0) + units
        yield {position: units for position, units in sums.items() if units}
