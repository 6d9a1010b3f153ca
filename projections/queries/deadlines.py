"""Deadlines of records and whether they were kept: open ones by the calendar as it is known, closed ones as it was then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from projections.engine.projection import Ask
from projections.queries.organisation import Organisation

if TYPE_CHECKING:
    from domain.calendar.work_calendar import WorkCalendar

PUBLISHED: Final = "SELECT DISTINCT c.known_from FROM {calendars} c WHERE c.known_from <= ? ORDER BY c.known_from"


class Deadline(NamedTuple):
    """The day at whose end something is due, as a date and as text.

    It is provisional while a year that it was counted through is not published.
    """

    day: date
    provisional: bool
    text: str


Since = tuple[str, int]
"""The day from which working days are counted, and how many."""


class Timed(Protocol):
    """A record: `timing` is what was told last of when it is due, `closing` the position of its last event."""

    @property
    def timing(self) -> Mapping[str, Any]: ...
    @property
    def closing(self) -> int: ...
    @property
    def opened(self) -> date: ...
    @property
    def closed(self) -> date | None: ...


class Deadlines:
    """What records are due, as known at a position of the log; a calendar is read when it is first needed."""

    def __init__(self, ask: Ask, organisation: Organisation, position: int) -> None:
        self._ask, self._now, self._position = ask, organisation, position
        self._published: list[int] | None = None
        self._calendars: dict[int, WorkCalendar] = {}
        self._open: dict[Since, Deadline] = {}
        self._closed: dict[int, dict[Since, Deadline]] = {}
        self._days: dict[str, Deadline] = {}
        self._late: dict[tuple[date, date], int] = {}

    def calendar(self, position: int | None = None) -> WorkCalendar:
        """Return the calendar as it was known at a position, now unless given: only what was published later differs."""
        published = self._positions() if position is not None else ()
        told = [at for at in published if position is None or at <= position]
        if len(told) == len(published):
            return self._now.calendar()
        known = told[-1] if told else 0
        if known not in self._calendars:
            self._calendars[known] = Organisation(self._ask, known).calendar()
        return self._calendars[known]

    def _positions(self) -> list[int]:
        """Return the positions at which a calendar was published."""
        if self._published is None:
            self._published = [at for (at,) in self._ask(PUBLISHED, (self._position,))]
        return self._published

    def of(self, record: Timed) -> Deadline | None:
        """Return when a record with `due`, or `working_days` and `counted_from`, is or was due; None without either."""
        closing = record.closing if self._published != [] and record.closed and self.moved() else None
        return self.told(record.timing, closing)

    def told(self, timing: Mapping[str, Any], closing: int | None = None) -> Deadline | None:
        """Return when something told with such values is or was due; `closing` is the position of its end, if that was one."""
        day = timing.get("due")
        if day:
            return self._days.get(day) or self._fixed(day)
        days = timing.get("working_days")
        if days is None:
            return None
        since = timing["counted_from"], days
        if closing is None:
            return self._open.get(since) or self._reckoned(self._now.calendar(), self._open, since)
        calendar = self.calendar(closing)
        counted = self._closed.setdefault(id(calendar), {})
        return counted.get(since) or self._reckoned(calendar, counted, since)

    def moved(self) -> bool:
        """Say whether any calendar was published, so that what ended before it keeps its day."""
        return bool(self._positions())

    def _reckoned(self, calendar: WorkCalendar, counted: dict[Since, Deadline], since: Since) -> Deadline:
        first = date.fromisoformat(since[0])
        day = calendar.deadline(first, since[1])
        provisional = calendar.provisional(first)
        if day.year > first.year and not provisional:
            provisional = any(calendar.provisional(date(year, 1, 1)) for year in range(first.year + 1, day.year + 1))
        found = counted[since] = Deadline(day, provisional, day.isoformat())
        return found

    def _fixed(self, day: str) -> Deadline:
        found = self._days[day] = Deadline(date.fromisoformat(day), False, day)
        return found

    def day(self, record: Timed) -> date | None:
        """Return the day at whose end a record is, or was, due; None for one that has no such day."""
        deadline = self.of(record)
        return deadline.day if deadline else None

    def passed(self, record: Timed, due: date | None, today: date) -> tuple[bool, int]:
        """Say whether a record due on a day was closed, or is still open, after it, and by how many working days.

        On a day off after the deadline these are 0, and it is late all the same.
        """
        if due is None:
            return False, 0
        until = record.closed or today
        return (False, 0) if until <= due else (True, self.late(due, until))

    def late(self, due: date, until: date) -> int:
        """Return the working days from a day on which something was due to a later one, else 0."""
        days = due, until
        late = self._late.get(days)
        if late is None:
            late = self._late[days] = self.calendar().late_days(due, until)
        return late
