"""When what was asked for is due: a day, or the n-th working day, reckoned when it is asked about.

What is open moves with a calendar that is published later; what is closed keeps the deadline that it was closed with.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING, Final

from projections.organisation.ask import Organisation
from projections.projection import Ask

if TYPE_CHECKING:
    from domain.calendar import WorkCalendar
    from projections.records.ask import Found

PUBLISHED: Final = "SELECT DISTINCT known_from FROM {calendars} WHERE known_from <= ? ORDER BY known_from"


class Deadlines:
    """Reckons deadlines with the calendar as it was known at a position of the log, and before."""

    def __init__(self, ask: Ask, organisation: Organisation, position: int) -> None:
        self._ask, self._organisation, self._position = ask, organisation, position
        self._published: list[int] | None = None
        self._before: dict[int, WorkCalendar] = {}

    def of(self, record: Found) -> date | None:
        """Return the day at whose end a record was, or is, due; None for one that has no such day."""
        said = record.content
        if said.get("due"):
            return date.fromisoformat(said["due"])
        counted, days = said.get("counted_from"), said.get("working_days")
        if counted is None or days is None:
            return None
        known = record.events[-1].position if record.closed else self._position
        return self._calendar(known).deadline(date.fromisoformat(counted), days)

    def passed(self, record: Found, today: date) -> tuple[bool, int]:
        """Say whether a record was closed, or is still open, after its day, and by how many working days.

        On a day off after the deadline these are 0, and it is late all the same.
        """
        due, until = self.of(record), record.closed or today
        if due is None or until <= due:
            return False, 0
        return True, self._organisation.calendar().late_days(due, until)

    def _calendar(self, position: int) -> WorkCalendar:
        if self._published is None:
            self._published = [known for (known,) in self._ask(PUBLISHED, (self._position,))]
        at = bisect_right(self._published, position)
        if at == len(self._published):
            return self._organisation.calendar()
        if at not in self._before:
            self._before[at] = Organisation(self._ask, position).calendar()
        return self._before[at]
