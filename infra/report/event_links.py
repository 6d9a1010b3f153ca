"""The events behind the numbers of a page: each number leads to its event, or to a list of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from infra.formats.grid import Behind, Grid, Row
from infra.formats.text_table import written
from infra.i18n import translate
from projections.views.column import Column

LIMITS: Final = (1000, 400, 200, 100, 60, 40, 30, 20, 12, 8, 5, 3)
SIZE: Final = 1_500_000
"""So many bytes of lists and events a page may have; where the numbers have more, each list is cut to its weightiest."""
EVENT: Final = 520
MENTION: Final = 75
"""About how many bytes it takes to describe an event, and to name it in a list."""


class Listed(NamedTuple):
    """A list of the page: the number's name, its events, and the command that lists them all."""

    href: str
    told: str
    events: Behind
    command: str


class Evidence:
    """Collects the numbers that have events; numbers of one row with the same events share a list."""

    def __init__(self) -> None:
        self._lists: dict[tuple[Behind, str, tuple[str, ...]], Listed] = {}
        self._single: set[int] = set()

    def add(self, grid: Grid, row: Row, key: str) -> str | None:
        """Return where the page tells the events behind a number, or None where there are none."""
        events = row.behind.get(key, ())
        if not events or row.values.get(key) is None:
            return None
        if len(events) == 1:
            self._single.add(events[0][0])
            return f"#e{events[0][0]}"
        place = (events, grid.key, tuple(str(row.values.get(name)) for name in grid.named))
        held = self._lists.get(place)
        if held is None:
            held = Listed(f"#n{len(self._lists) + 1}", named(grid, row, key), events, grid.command)
            self._lists[place] = held
        return held.href

    def limit(self, most: int = SIZE) -> int:
        """Return to how many events each list is cut, so that lists and events stay within `most` bytes where they can."""
        return next((limit for limit in LIMITS if self._size(limit) <= most), LIMITS[-1])

    def _size(self, limit: int) -> int:
        mentions = sum(min(len(held.events), limit) for held in self._lists.values())
        return MENTION * mentions + EVENT * len(self.positions(limit))

    def positions(self, limit: int) -> set[int]:
        """Return the events that the page describes where each list has at most `limit`."""
        found = set(self._single)
        for held in self._lists.values():
            found.update(position for position, _amount in held.events[:limit])
        return found

    def lists(self) -> Iterator[Listed]:
        """Yield the lists in the order in which their numbers stand on the page."""
        yield from self._lists.values()


def named(grid: Grid, row: Row, key: str) -> str:
    """Return the name of a number: the table, whose it is, which it is, and what it says."""
    columns = {column.key: column for column in grid.columns}
    whose = [_said(columns[key], row) for key in grid.named if row.values.get(key) not in (None, "")]
    if key not in columns or key in grid.named:
        return " · ".join([grid.title, *whose])
    return " · ".join([grid.title, *whose, f"{translate.translate(columns[key].title)} {_said(columns[key], row)}"])


def _said(column: Column, row: Row) -> str:
    return written(column, [row.values.get(column.key)])[0]
