"""Customers that may be one company, put together in groups: whoever is like one of a group belongs to it.

Those of one name are linked in one walk over them, so that a thousand of one name cost a thousand steps and not a million.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from heapq import heappop, heappush
from typing import Final, NamedTuple

HOW: Final = ("credit-code", "name", "near")
"""How two customers may be one, the surest first."""


class Link(NamedTuple):
    """Why a customer is in a group: the one of it that it is surest to be, and how like their names are."""

    other: int
    how: str
    like: Decimal
    distinct: bool


class Groups:
    """Links between customers, which are named by the positions of their captures; the surest and likest are to come first.

    `apart` says by whom, and at which position, somebody was said to be another company than those captured before; they are linked
    all the same if such are `settled`.
    """

    def __init__(self, apart: Mapping[int, int], *, settled: bool) -> None:
        self.links: dict[int, Link] = {}
        self._apart, self._holding = apart, {} if settled else apart
        self._above: dict[int, int] = {}

    def meet(
        self, how: str, like: Callable[[int, int], Decimal], one: Sequence[int], other: Sequence[int] | None = None
    ) -> None:
        """Link each of some customers with each of others, or with one another, but those that were told apart.

        Of the two it is the one captured later that tells when they could first be taken for one: who was told apart before
        was not told apart from it.
        """
        meeting = _Meeting(other is None)
        sides = [*((number, 0) for number in one), *((number, 1) for number in other or ())]
        for number, side in sorted(sides):
            told = self._holding.get(number)
            if told and told > number:
                heappush(meeting.pending[side], (told, number))
                continue
            for mine, its in meeting.links(number, side):
                self._link(mine, its, how, like)

    def together(self) -> list[list[int]]:
        """Return the customers of each group, the first captured first."""
        found: dict[int, list[int]] = {}
        for number in sorted(self.links):
            found.setdefault(self._first(number), []).append(number)
        return list(found.values())

    def _link(self, one: int, other: int, how: str, like: Callable[[int, int], Decimal]) -> None:
        if one not in self.links:
            distinct = max(self._apart.get(one, 0), self._apart.get(other, 0)) > max(one, other)
            self.links[one] = Link(other, how, like(one, other), distinct)
        first, second = self._first(one), self._first(other)
        if first != second:
            self._above[max(first, second)] = min(first, second)

    def _first(self, number: int) -> int:
        """Return the one that stands for the group of a customer."""
        passed = []
        while (above := self._above.get(number, number)) != number:
            passed.append(number)
            number = above
        self._above.update(dict.fromkeys(passed, number))
        return number


class _Meeting:
    """What a walk over customers in the order of their captures has come by: on each side who is free, waits, or was told apart."""

    def __init__(self, same: bool) -> None:
        self._same = same
        self.pending: tuple[list[tuple[int, int]], ...] = ([], [])
        self._free: list[int | None] = [None, None]
        self._waiting: tuple[list[int], ...] = ([], [])

    def links(self, number: int, side: int) -> Iterable[tuple[int, int]]:
        """Take in a customer that was told apart from nobody; return whom it links with whom."""
        across = side if self._same else 1 - side
        pending, free = self.pending[across], self._free[across]
        released = []
        while pending and pending[0][0] < number:
            released.append(heappop(pending)[1])
        met = sorted([*released, *([free] if free is not None else ())])
        waiting, self._waiting[across][:] = [*self._waiting[across]], []
        self._free[across] = met[0] if met else None
        if not met:
            self._waiting[side].append(number)
        self._free[side] = min(self._free[side] or number, number)
        return [*((number, each) for each in met), *((each, number) for each in (*released, *waiting))]
