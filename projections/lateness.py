"""Whether records were closed in time: on their day or before, late, or still open after it."""

from __future__ import annotations

from datetime import date

from projections.deadlines import Deadlines
from projections.organisation.ask import Organisation
from projections.projection import Ask
from projections.records.ask import Found


class Lateness:
    """What of records is due when, and late by how much, as known at a position of the log."""

    def __init__(self, ask: Ask, organisation: Organisation, position: int) -> None:
        self._deadlines, self._organisation = Deadlines(ask, organisation, position), organisation

    def due(self, record: Found) -> date | None:
        """Return the day at whose end a record is, or was, due; None for one that has no such day."""
        deadline = self._deadlines.of(record)
        return deadline.day if deadline else None

    def passed(self, record: Found, today: date) -> tuple[bool, int]:
        """Say whether a record was closed, or is still open, after its day, and by how many working days.

        On a day off after the deadline these are 0, and it is late all the same.
        """
        due, until = self.due(record), record.closed or today
        if due is None or until <= due:
            return False, 0
        return True, self._organisation.calendar().late_days(due, until)
