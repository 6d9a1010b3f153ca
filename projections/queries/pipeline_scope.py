"""Whose opportunities count: everybody's, one owner's, or a group's; and which moves of persons change that."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from domain.calendar.moment import SECOND, instant
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation

JOINED: Final = """
SELECT m.login, m.first, m.last, m.groups, l.position, l.event_id, l.name, l.stream
FROM {memberships} m JOIN {log} l ON l.position = m.known_from WHERE m.known_from <= ? ORDER BY l.position
"""


class Told(NamedTuple):
    """The event behind a step."""

    position: int
    event: str
    name: str
    subject: str


class Scope:
    """Which owners count, on the days between two moments."""

    def __init__(
        self, organisation: Organisation, start: AsOf, end: AsOf, owner: str | None, group: str | None
    ) -> None:
        self._organisation, self._start, self._end = organisation, start, end
        self._owner, self._group = owner, group
        self._known: dict[tuple[str, date], bool] = {}

    def holds(self, owner: str, moment: int) -> bool:
        """Say whether the opportunities of `owner` count on the day of a moment."""
        if self._owner is not None and owner != self._owner:
            return False
        return self._group is None or self._within(
            owner, datetime.fromtimestamp(moment // SECOND, self._start.zone).date()
        )

    def _within(self, owner: str, day: date) -> bool:
        known = self._known.get((owner, day))
        if known is None:
            code = self._organisation.group_of(owner, day) if owner else None
            known = self._known[owner, day] = bool(code) and self._group in self._organisation.above(code or "")
        return known

    def moves(self, ask: Ask) -> list[tuple[int, None, str, Told]]:
        """Return (moment, None, login, event) of each move of a person into the group or out of it after the start."""
        found = []
        for login, spans in self._organisation.memberships().items() if self._group is not None else ():
            for number in sorted({first for first, _, _ in spans} | {last + 1 for _, last, _ in spans}):
                if number > self._end.day.toordinal():
                    break
                day = date.fromordinal(number)
                since = instant(day.isoformat(), self._start.zone)
                turned = self._within(login, day) != self._within(login, day - timedelta(days=1))
                if turned and self._start.micros < since <= self._end.micros:
                    found.append((since, login, number, self._organisation.group_of(login, day)))
        told = ask(JOINED, (self._end.position,)) if found else []
        return [(since, None, login, _mover(told, login, day, group)) for since, login, day, group in found]


def _mover(told: list[tuple[Any, ...]], login: str, day: int, group: str | None) -> Told:
    """Return the event from which on the person was known to be in the group, or in none, from that day on."""
    for whose, first, last, into, *event in told:
        if whose == login and ((first, into) == (day, group) if group else last == day - 1):
            return Told(*event)
    raise LookupError(f"no event moves {login} on {date.fromordinal(day)}")
