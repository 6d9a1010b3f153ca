"""Publishing a year's work calendar: its holidays and make-up days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.declared import State, declared
from domain.kernel.event import Event, event
from domain.kernel.refusal import Refused


@event("calendar.published")
class WorkCalendarPublished(Event):
    year: int
    holidays: tuple[dt.date, ...] = ()
    make_up_days: tuple[dt.date, ...] = ()
    source: str | None = None


@declared
class PublishedYear(State):
    """A year as it was published last."""

    year: int = 0
    holidays: tuple[dt.date, ...] = ()
    make_up_days: tuple[dt.date, ...] = ()


def evolve(published: PublishedYear, happened: Any) -> PublishedYear:
    """Return `published` after `happened`."""
    match happened:
        case WorkCalendarPublished():
            published.year = happened.year
            published.holidays, published.make_up_days = happened.holidays, happened.make_up_days
    return published


def days(ranges: tuple[str, ...]) -> list[dt.date]:
    """Return the days that `ranges` name, as 2024-02-10 or 2024-02-10..2024-02-17. Raises ValueError."""
    named: list[dt.date] = []
    for text in ranges:
        first, _, last = text.partition("..")
        start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)
        if not 0 <= (end - start).days < 366:
            raise ValueError(text)
        named += [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
    return sorted(set(named))


@action(
    "calendar.publish",
    subject="calendar",
    creates=True,
    redo=True,
    example="sales calendar publish 2027 --holidays 2027-01-01..2027-01-03 --make-up-days 2027-01-10",
)
class PublishCalendar(Action):
    """Publish the holidays and make-up days of a year; what was known of the year before is superseded."""

    year: int = given("The year.", positional=True)
    holidays: tuple[str, ...] = given("Days off, one by one or as first..last; may be repeated.")
    make_up_days: tuple[str, ...] = given("Weekend days that are worked; may be repeated.", default=())
    source: str | None = given("Where the calendar was published.", default=None)

    def decide(self, state: PublishedYear, context: Context) -> Decision:
        try:
            off, on = days(self.holidays), days(self.make_up_days)
        except ValueError as wrong:
            return Refused("calendar.not_the_year", day=str(wrong), year=self.year)
        for day in (*off, *on):
            if day.year != self.year:
                return Refused("calendar.not_the_year", day=day, year=self.year)
        return WorkCalendarPublished(year=self.year, holidays=tuple(off), make_up_days=tuple(on), source=self.source)
