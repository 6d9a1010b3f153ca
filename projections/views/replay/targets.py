"""What a period was held against at each frame: the target as it was known then, and the working days gone by."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from domain.kernel.money import ratio, shown
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.membership import Positions
from projections.queries.organisation import Organisation
from projections.views.progress.view import Pace

TARGETS: Final = """
SELECT t.target, t.since, t.metric, t.basis, t.owner, t.period, t.state, t.value, t.original, t.currency,
       t.known_from, t.known_to
FROM {targets} t WHERE t.target IN (SELECT p.target FROM {targets} p WHERE p.period = ?) ORDER BY t.target, t.since
"""
CALENDARS: Final = "SELECT known_from, known_to FROM {calendars}"


class Goal(NamedTuple):
    """A target as it stood: in force, as it was first filed, its currency for money."""

    state: str | None = None
    value: Decimal | None = None
    original: Decimal | None = None
    currency: str | None = None


def goals(ask: Ask, period: Period, frames: Sequence[AsOf], *, metric: str, place: str) -> list[Goal]:
    """Return the target of a place (company, a group's code, a login) at each frame; sales by signing."""
    basis = "signed" if metric == "sales" else None
    found = [Goal()] * len(frames)
    asked = ask(TARGETS, (period.name,))
    by_target = [list(rows) for _, rows in groupby(asked, key=lambda row: row[0])]
    for rows in sorted(by_target, key=lambda rows: min(row[-2] for row in rows)):  # of two the one recorded last counts
        if not any(row[4] == place for row in rows):
            continue
        for n, frame in enumerate(frames):
            row = standing(rows, frame)
            if row and row[2:6] == (metric, basis, place, period.name) and row[6] not in ("", "withdrawn"):
                found[n] = Goal(row[6], _number(row[7]), _number(row[8]), row[9])
    return found


def standing(rows: Sequence[tuple[Any, ...]], frame: AsOf) -> tuple[Any, ...] | None:
    """Return the row of a target, of those by their `since`, that stood at a frame."""
    known = [row for row in rows if row[-2] <= frame.position < row[-1]]
    begun = bisect_right(known, frame.micros, key=lambda row: row[1])
    return known[begun - 1] if begun else None


def organisations(ask: Ask, frames: Sequence[AsOf]) -> list[Organisation]:
    """Return for each frame an organisation that has the work calendar known then; frames that know the same share one."""
    found: list[Organisation] = []
    for start, end, _ in Positions([frame.position for frame in frames]).alike(ask(CALENDARS)):
        found += [Organisation(ask, frames[start].position)] * (end - start)
    return found


def on_pace(goal: Goal, speed: Pace, *, money: bool) -> Decimal | None:
    """Return what would have been reached had every working day brought the same."""
    if goal.value is None or not speed.working:
        return None
    reached = goal.value * speed.elapsed
    return shown(reached / speed.working) if money else ratio(reached, speed.working)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
