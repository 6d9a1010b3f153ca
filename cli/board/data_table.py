"""A view's columns and rows in a table of the board, written as a table for the eye is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.text import Text
from textual.widgets import DataTable

from infra.formats.text_table import written
from infra.i18n import translate
from projections.views.column import Column

_ = translate.translate

COLOURS: Final = {"met": {"yes": "green", "no": "yellow"}, "breaks_norm": {"yes": "red"}}
WIDEST: Final = 36
"""So many columns of the terminal a cell takes at the most; the events behind a line show the rest."""


def filled_with(table: DataTable[Any], columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> None:
    """Show rows in a table, with the cursor and the scroll where they were."""
    place, scrolled = table.cursor_row, table.scroll_offset
    table.clear(columns=True)
    for column in columns:
        table.add_column(Text(_(column.title), justify="right" if column.right else "left"), key=column.key)
    cells = [shown(column, rows) for column in columns]
    for n in range(len(rows)):
        table.add_row(*(column[n] for column in cells))
    if rows:
        table.move_cursor(row=min(place, len(rows) - 1), animate=False)
        table.scroll_to(*scrolled, animate=False)


def shown(column: Column, rows: Sequence[Mapping[str, Any]]) -> list[Text]:
    """Return the cells of a column."""
    justify = "right" if column.right else "left"
    colours = COLOURS.get(column.key, {})
    cells = []
    for row, cell in zip(rows, written(column, [row.get(column.key) for row in rows]), strict=True):
        value = row.get(column.key)
        word = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
        made = Text(cell, style=colours.get(word, ""), justify=justify, no_wrap=True)  # type: ignore[arg-type]
        made.truncate(WIDEST, overflow="ellipsis")
        cells.append(made)
    return cells


def place_of(chosen: DataTable.RowSelected) -> int:
    """Return which row was chosen."""
    return chosen.cursor_row
