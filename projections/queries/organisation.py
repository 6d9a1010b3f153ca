"""Questions about the organisation: who was in which group, which calendar and which policies were known."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from projections.engine.projection import Ask

if TYPE_CHECKING:
    from domain.calendar.work_calendar import WorkCalendar


FEW: Final = 2
"""Persons up to whom it is quicker to ask for each one's groups than for everybody's."""


class PersonRow(NamedTuple):
    login: str
    name: str
    role: str
    departed: str | None


class Organisation:
    """The organisation as it was known at a position of the log; each part is read when it is first asked for."""

    def __init__(self, ask: Ask, position: int) -> None:
        self._ask, self._known = ask, (position, position)
        self._calendar: WorkCalendar | None = None
        self._memberships: dict[str, list[tuple[int, int, str]]] | None = None
        self._single: dict[str, list[tuple[int, int, str]]] = {}
        self._adopted: list[tuple[Any, ...]] | None = None
        self._groups: dict[str, tuple[str, str | None]] | None = None

    def _rows(self, columns: str, table: str, order: str, login: str | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a table that were known, of one person where one is named."""
        only, whose = ("", ()) if login is None else (" AND login = ?", (login,))
        sql = f"SELECT {columns} FROM {{{table}}} WHERE known_from <= ? AND known_to > ?{only} ORDER BY {order}"
        return self._ask(sql, (*self._known, *whose))

    def persons(self) -> list[PersonRow]:
        """Return the persons, by login."""
        return [PersonRow(*row) for row in self._rows("login, name, role, departed", "persons", "login")]

    def person(self, login: str) -> PersonRow | None:
        """Return one person, None for a login that nobody had."""
        rows = self._rows("login, name, role, departed", "persons", "login", login)
        return PersonRow(*rows[0]) if rows else None

    def groups(self) -> dict[str, tuple[str, str | None]]:
        """Return the groups: code -> (name, code of the group above or None)."""
        if self._groups is None:
            rows = self._rows("code, name, parent", "groups_known", "code")
            self._groups = {code: (name, parent) for code, name, parent in rows}
        return self._groups

    def memberships(self) -> dict[str, list[tuple[int, int, str]]]:
        """Return the memberships: login -> [(first day, last day, group)], days as ordinals."""
        if self._memberships is None:
            self._memberships = {}
            for login, first, last, group in self._rows("login, first, last, groups", "memberships", "login, first"):
                self._memberships.setdefault(login, []).append((first, last, group))
        return self._memberships

    def group_of(self, login: str, day: date) -> str | None:
        """Return the group's code of a person on a day, or None."""
        number = day.toordinal()
        for first, last, group in self._spans(login):
            if first <= number <= last:
                return group
        return None

    def _spans(self, login: str) -> Sequence[tuple[int, int, str]]:
        """Return the memberships of a person: (first day, last day, group)."""
        if self._memberships is None and login not in self._single and len(self._single) < FEW:
            rows = self._rows("first, last, groups", "memberships", "first", login)
            self._single[login] = [(first, last, group) for first, last, group in rows]
        return self._single[login] if login in self._single else self.memberships().get(login, ())

    def teams(self, day: date) -> dict[str, str]:
        """Return the group's code of each person who is in one on a day."""
        number = day.toordinal()
        teams: dict[str, str] = {}
        for login, rows in self.memberships().items():
            for first, last, group in rows:
                if first <= number <= last:
                    teams.setdefault(login, group)
        return teams

    def members(self, group: str, day: date) -> list[str]:
        """Return who is in a group on a day, by login."""
        return [login for login in self.memberships() if self.group_of(login, day) == group]

    def members_below(self, group: str, day: date) -> list[str]:
        """Return who is in a group, or in one below it, on a day."""
        of = ((login, self.group_of(login, day)) for login in self.memberships())
        return [login for login, code in of if code is not None and group in self.above(code)]

    def ever_in(self, groups: Collection[str]) -> list[str]:
        """Return who was ever in one of these groups, by login."""
        return [login for login, rows in self.memberships().items() if any(group in groups for *_, group in rows)]

    def above(self, group: str) -> list[str]:
        """Return the group and those above it, the nearest first."""
        chain: list[str] = []
        groups = self.groups()
        at: str | None = group
        while at and at not in chain:
            chain.append(at)
            at = groups.get(at, ("", None))[1]
        return chain

    def calendar(self) -> WorkCalendar:
        """Return the work calendar: the years that ship for the store's market and those published by then."""
        if self._calendar is None:
            from domain.calendar.work_calendar import shipped

            named = self._ask("SELECT s.value FROM {store} s WHERE s.name = 'calendar'")
            calendar = shipped(named[0][0] if named else "cn")
            for year, holidays, make_up in self._rows("year, holidays, make_up_days", "calendars", "year"):
                off, on = ([date.fromisoformat(day) for day in json.loads(days)] for days in (holidays, make_up))
                calendar = calendar.with_year(year, off, on)
            self._calendar = calendar
        return self._calendar

    def policies(self, name: str) -> list[tuple[date, Mapping[str, Any]]]:
        """Return the adopted values of a policy, each with the first day on which it is in force, in that order."""
        if self._adopted is None:
            self._adopted = self._rows("name, first, content", "policies", "name, first")
        return [
            (date.fromisoformat(first), json.loads(content)) for known, first, content in self._adopted if known == name
        ]

    def policy_since(self, name: str, day: date) -> tuple[str, Mapping[str, Any]] | None:
        """Return since when, and with which values, an adopted policy is in force on `day`; None for the default."""
        held = [(first.isoformat(), values) for first, values in self.policies(name) if first <= day]
        return held[-1] if held else None

    def in_force(self, day: date, *names: str) -> list[dict[str, Any]]:
        """Return policies as they are in force on a day, as views name them: `name`, `from` (null: always) and `values`."""
        from domain.policy.defaults import whole

        held = ((name, *(self.policy_since(name, day) or (None, None))) for name in names)
        return [{"name": name, "from": since, "values": whole(name, values)} for name, since, values in held]
