"""A table to be drawn or read: rows under columns, and behind each number the events that make it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from projections.views.column import Column

Behind = tuple[tuple[int, str | None], ...]
"""The events behind a number: their positions in the log, each with the amount that it brought where it brought one."""

NOTHING: Mapping[str, Behind] = {}


class Row(NamedTuple):
    """A row of a table: its values, the events behind some of them, and how deep it stands in a tree."""

    values: Mapping[str, Any]
    behind: Mapping[str, Behind] = NOTHING
    depth: int = 0
    whole: bool = False


class Grid(NamedTuple):
    """A table; `named` are the columns that say whose a number is, `command` shows all of it with its events.

    The page shows `most` rows at most and says how many there are more; a workbook holds all of them, and draws `chart`.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    named: tuple[str, ...]
    command: str
    most: int | None = None
    empty: str = ""
    chart: Literal["", "lines", "waterfall", "funnel", "attainment", "against", "months"] = ""


def told_columns(grid: Grid, rows: Sequence[Row]) -> list[Column]:
    """Return the columns that say something in one of the rows."""
    return [c for c in grid.columns if any(row.values.get(c.key) not in (None, "", [], ()) for row in rows)]


def behind(events: Iterable[Mapping[str, Any]]) -> Behind:
    """Return the events of a view's row, those that moved most first."""
    return weighed({event["position"]: event.get("amount") for event in events})


def weighed(events: Mapping[int, str | None]) -> Behind:
    """Return events by their amounts, the weightiest first, and then in the order of the log."""
    return tuple(sorted(events.items(), key=_weight))


def _weight(event: tuple[int, str | None]) -> tuple[float, int]:
    position, amount = event
    return (-abs(float(amount)) if amount else 0.0), position
