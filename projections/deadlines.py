"""Deadlines of records and whether they were kept: open ones by the calendar as it is known, closed ones as it was then."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from projections.organisation.ask import Organisation
from projections.projection import Ask
from projections.records.ask import Found

if TYPE_CHECKING:
    from domain.calendar import WorkCalendar

PUBLISHED: Final = "SELECT DISTINCT c.known_from FROM {calendars} c WHERE c.known_from <= ? ORDER BY c.known_from"


class Deadline(NamedTuple):
    """The day at whose end something is due; provisional while a year that it was counted through is not published."""

    day: date
    provisional: bool


class Deadlines:
    """What records are due, as known at a position of the log; a calendar is read when it is first needed."""

    def __init__(self, ask: Ask, organisation: Organisation, position: int) -> None:
        self._ask, self._now, self._position = ask, organisation, position
        self._published: list[int] | None = None
        self._calendars: dict[int, WorkCalendar] = {}
        self._counted: dict[tuple[int, str, int], Deadline] = {}

    def calendar(self, position: int | None = None) -> WorkCalendar:
        """Return the calendar as it was known at a position, now unless given: only what was published later differs."""
        if self._published is None:
            self._published = [at for (at,) in self._ask(PUBLISHED, (self._position,))]
        told = [at for at in self._published if position is None or at <= position]
        if len(told) == len(self._published):
            return self._now.calendar()
        known = told[-1] if told else 0
        if known not in self._calendars:
            self._calendars[known] = Organisation(self._ask, known).calendar()
        return self._calendars[known]

    def of(self, record: Found) -> Deadline | None:
        """Return when a record with `due`, or `working_days` and `counted_from`, is or was due; None without either."""
        told = next((each.content for each in reversed(record.events) if _timed(each.content)), None)
        if told is None:
            return None
        if told.get("due"):
            return Deadline(date.fromisoformat(told["due"]), False)
        closing = max(each.position for each in record.events) if record.closed else None
        calendar = self.calendar(closing)
        counted = id(calendar), told["counted_from"], told["working_days"]
        if counted not in self._counted:
            first = date.fromisoformat(told["counted_from"])
            day = calendar.deadline(first, told["working_days"])
            years = (date(year, 1, 1) for year in range(first.year, day.year + 1))
            self._counted[counted] = Deadline(day, any(map(calendar.provisional, years)))
        return self._counted[counted]

    def day(self, record: Found) -> date | None:
        """Return the day at whose end a record is, or was, due; None for one that has no such day."""
        deadline = self.of(record)
        return deadline.day if deadline else None

    def passed(self, record: Found, today: date) -> tuple[bool, int]:
        """Say whether a record was closed, or is still open, after its day, and by how many working days.

        On a day off after the deadline these are 0, and it is late all the same.
        """
        due, until = self.day(record), record.closed or today
        if due is None or until <= due:
            return False, 0
        return True, self.calendar().late_days(due, until)


def _timed(content: Any) -> bool:
    return content.get("due") is not None or content.get("working_days") is not None
