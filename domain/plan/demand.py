"""How many of a key action each step of a period demands, short weeks and cut months included."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final, NamedTuple

from domain.calendar.period import Period
from domain.calendar.work_calendar import WorkCalendar

FULL_WEEK: Final = 5
"""The working days of a week that demands the whole count."""


class Step(NamedTuple):
    """A part of a plan's period that is looked at by itself: a week or month, and its days inside the period."""

    whole: Period
    part: Period


def steps(period: Period, per: str) -> Iterator[Step]:
    """Yield the steps of a period: months for what is demanded by the month, else ISO weeks; each cut at its edges."""
    day = period.first
    while day <= period.last:
        whole = Period.parse(day.isoformat()[:7]) if per == "month" else Period.week_of(day)
        part = Period(max(whole.first, period.first), min(whole.last, period.last), whole.name)
        yield Step(whole, part)
        if part.last == period.last:
            break
        day = part.last + timedelta(days=1)


def demanded(step: Step, count: int, per: str, calendar: WorkCalendar) -> int:
    """Return what a step demands of `count` a day, week or month.

    A day's count is due on each working day. A week's is due in full where it has five working days or more; a shorter
    one (holidays, the edge of the plan) demands on each of its days no more than the fullest day of a full week: up to five
    a week that is min(count, working days). A month's is due in full, and where the period cuts it likewise by its days.
    """
    whole, part = step
    days = calendar.working_days(part.first, part.last)
    if per == "day":
        return count * days
    if per == "month" and part[:2] == whole[:2]:
        return count if days else 0
    full = FULL_WEEK if per == "week" else calendar.working_days(whole.first, whole.last)
    return min(count, -(-count // full) * days) if days and full else 0
