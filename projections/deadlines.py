"""Deadlines of records and whether they were kept: open ones by the calendar as it is known, closed ones as it was then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from projections.organisation.ask import Organisation
from projections.projection import Ask

if TYPE_CHECKING:
    from domain.calendar import WorkCalendar

PUBLISHED: Final = "SELECT DISTINCT c.known_from FROM {calendars} c WHERE c.known_from <= ? ORDER BY c.known_from"


class Deadline(NamedTuple):
    """The day at whose end something is due; provisional while a year that it was counted through is not published."""

    day: date
    provisional: bool


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
        self._counted: dict[tuple[int, str, int], Deadline] = {}
        self._days: dict[str, Deadline] = {}
        self._late: dict[tuple[date, date], int] = {}

    def calendar(self, position: int | None = None) -> WorkCalendar:
        """Return the calendar as it was known at a position, now unless given: only what was published later differs."""
        if position is None:
            return self._now.calendar()
        if self._published is None:
            self._published = [at for (at,) in self._ask(PUBLISHED, (self._position,))]
        told = [at for at in self._published if at <= position]
        if len(told) == len(self._published):
            return self._now.calendar()
        known = told[-1] if told else 0
        if known not in self._calendars:
            self._calendars[known] = Organisation(self._ask, known).calendar()
        return self._calendars[known]

    def of(self, record: Timed) -> Deadline | None:
        """Return when a record with `due`, or `working_days` and `counted_from`, is or was due; None without either."""
        told = record.timing
        if told.get("due"):
            return self._fixed(told["due"])
        if told.get("working_days") is None:
            return None
        calendar = self.calendar(record.closing if record.closed else None)
        counted = id(calendar), told["counted_from"], told["working_days"]
        if counted not in self._counted:
            first = date.fromisoformat(told["counted_from"])
            day = calendar.deadline(first, told["working_days"])
            years = (date(year, 1, 1) for year in range(first.year, day.year + 1))
            self._counted[counted] = Deadline(day, any(map(calendar.provisional, years)))
        return self._counted[counted]

    def _fixed(self, day: str) -> Deadline:
        if day not in self._days:
            self._days[day] = Deadline(date.fromisoformat(day), False)
        return self._days[day]

    def day(self, record: Timed) -> date | None:
        """Return the day at whose end a record is, or was, due; None for one that has no such day."""
        deadline = self.of(record)
        return deadline.day if deadline else None

    def passed(self, record: Timed, due: date | None, today: date) -> tuple[bool, int]:
        """Say whether a record due on a day was closed, or is still open, after it, and by how many working days.

        On a day off after the deadline these are 0, and it is late all the same.
        """
        until = record.closed or today
        if due is None or until <= due:
            return False, 0
        if (due, until) not in self._late:
            self._late[due, until] = self.calendar().late_days(due, until)
        return True, self._late[due, until]
