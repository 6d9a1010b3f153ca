"""What was known at each of some positions of the log: who counted to a group, and what counted as a new customer."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, TypeAlias

from projections.engine.projection import Ask

MEMBERSHIPS: Final = "SELECT login, first, last, groups, known_from, known_to FROM {memberships}"
GROUPS: Final = "SELECT code, parent, known_from, known_to FROM {groups_known}"
WINDOWS: Final = """
SELECT first, content, known_from, known_to FROM {policies} WHERE name = 'new-customer-window' ORDER BY first
"""
MONTHS: Final = 12
"""The window while no policy says otherwise."""

Spans: TypeAlias = list[tuple[int, int]]
"""Runs of the positions, by their index: [(first, one after the last)]."""

COMPANY: Final = "company"
"""Whose targets and figures are those of everybody."""


class Positions:
    """Some positions of the log, in their order."""

    def __init__(self, positions: Sequence[int]) -> None:
        self.positions = positions

    def span(self, known_from: int, known_to: int) -> tuple[int, int]:
        """Return at which of the positions a row was believed, as a span; it may be empty."""
        return bisect_left(self.positions, known_from), bisect_left(self.positions, known_to)

    def alike(self, rows: Sequence[Sequence[Any]]) -> list[tuple[int, int, list[Sequence[Any]]]]:
        """Return the runs over which one and the same of `rows` (that end in known_from, known_to) were believed."""
        cuts = {0, len(self.positions), *(at for row in rows for at in self.span(*row[-2:]))}
        edges = sorted(cuts)
        return [
            (start, end, [row for row in rows if row[-2] <= self.positions[start] < row[-1]])
            for start, end in pairwise(edges)
        ]


class Membership:
    """Who counted to a group, or to one below it, as known at each of the positions."""

    def __init__(self, ask: Ask, group: str) -> None:
        self.group = group
        self._rows: dict[str, list[tuple[int, int, str, int, int]]] = {}
        for login, *row in ask(MEMBERSHIPS):
            self._rows.setdefault(login, []).append((row[0], row[1], row[2], row[3], row[4]))
        self._groups = ask(GROUPS)

    def everybody(self) -> list[str]:
        """Return who may ever have counted to the group."""
        codes = {self.group, *(code for code, *_ in self._groups if self._leads_up(code, self._groups))}
        return sorted(login for login, rows in self._rows.items() if any(row[2] in codes for row in rows))

    def at(self, positions: Sequence[int]) -> MembersAt:
        """Return the membership as known at these positions."""
        return MembersAt(self, Positions(positions))

    def rows_of(self, login: str, day: date) -> list[tuple[int, int, str, int, int]]:
        """Return the person's rows that cover a day: (first, last, group, known_from, known_to)."""
        number = day.toordinal()
        return [row for row in self._rows.get(login, ()) if row[0] <= number <= row[1]]

    def below(self, code: str, positions: Positions) -> Spans:
        """Return over which of the positions `code` was the group or below it."""
        return [(start, end) for start, end, rows in positions.alike(self._groups) if self._leads_up(code, rows)]

    def _leads_up(self, code: str, rows: Sequence[Sequence[Any]]) -> bool:
        """Say whether a way leads up from `code` to the group by any of these rows."""
        above: dict[str, set[str]] = {}
        for each, parent, *_ in rows:
            above.setdefault(each, set()).add(parent or "")
        reached, ways = {code}, [code]
        while ways:
            more = above.get(ways.pop(), set()) - reached
            reached |= more
            ways += more
        return self.group in reached


class MembersAt:
    """The membership of a group over some positions."""

    def __init__(self, membership: Membership, positions: Positions) -> None:
        self._membership, self._positions = membership, positions
        self._below: dict[str, Spans] = {}
        self._spans: dict[tuple[str, date], Spans] = {}

    def spans(self, login: str, day: date) -> Spans:
        """Return over which of the positions the person counted to the group on that day."""
        known = self._spans.get((login, day))
        if known is None:
            known = self._spans[login, day] = [
                span
                for row in self._membership.rows_of(login, day)
                for span in common(self._of_group(row[2]), [self._positions.span(row[3], row[4])])
            ]
        return known

    def _of_group(self, code: str) -> Spans:
        if code not in self._below:
            self._below[code] = self._membership.below(code, self._positions)
        return self._below[code]


class Windows:
    """The months after which a customer is new again, by the policy as known at each of the positions."""

    def __init__(self, ask: Ask) -> None:
        self.rows = [
            (date.fromisoformat(first).toordinal(), int(json.loads(content)["months"]), known_from, known_to)
            for first, content, known_from, known_to in ask(WINDOWS)
        ]

    def at(self, positions: Sequence[int]) -> WindowsAt:
        """Return the windows as known at these positions."""
        return WindowsAt(self, Positions(positions))


class WindowsAt:
    """The new-customer window over some positions."""

    def __init__(self, windows: Windows, positions: Positions) -> None:
        self._windows, self._positions = windows, positions

    @cached_property
    def _runs(self) -> list[tuple[int, int, list[Sequence[Any]]]]:
        return self._positions.alike(self._windows.rows)

    def spans(self, day: int, months: int) -> Spans:
        """Return over which of the positions a signing on that day, `months` after the one before, was a new customer's."""
        found: Spans = []
        for start, end, rows in self._runs:
            window = MONTHS
            for first, value, *_ in rows:
                if day >= first:
                    window = value
            if months > window:
                found.append((start, end))
        return found


def common(some: Spans, others: Spans) -> Spans:
    """Return where both hold."""
    both = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [(start, end) for start, end in both if start < end]
