"""A table on a sheet of a workbook: typed cells, a frozen header with a filter, links inside the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from infra.formats.cells import is_number
from infra.formats.csv_html_markdown import fill
from infra.formats.grid import Grid, Row
from infra.formats.text_table import bare, written
from infra.i18n import translate
from infra.i18n.terminal_text import clean, width
from projections.views.column import Column

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_ = translate.translate

Places = dict[tuple[int, int], str]
"""(row, column) of a cell -> where its events are told, as on the page"""

NAME: Final = "Calibri"
STRONG: Final = Font(NAME, 11, bold=True)
LINK: Final = Font(NAME, 11, color="0B5FA5")
STRONG_LINK: Final = Font(NAME, 11, color="0B5FA5", bold=True)
HEAD: Final = PatternFill("solid", fgColor="EEF1F5")
SYMBOLS: Final = {"CNY": "[$¥-804]", "EUR": "[$€-2] ", "USD": "[$US$-409]"}
"""How a spreadsheet writes a currency; any other by its code."""


def sheet(page: Worksheet, grid: Grid, *, frozen: bool = True) -> None:
    """Fill a sheet with a table."""
    if not frozen:
        page.title = grid.title
    for place, column in enumerate(grid.columns, 1):
        head = page.cell(1, place, clean(_(column.title)))
        head.font, head.fill = STRONG, HEAD
        head.alignment = _aligned(column, first=place == 1)
        form = _form(column, grid.rows)
        for number, row in enumerate(grid.rows, 2):
            _cell(page.cell(number, place), column, row, form, first=place == 1)
        page.column_dimensions[get_column_letter(place)].width = _width(column, grid.rows)
    if frozen:
        page.freeze_panes = "B2"
        page.auto_filter.ref = page.dimensions
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def _cell(cell: Any, column: Column, row: Row, form: str | None, *, first: bool) -> None:
    value = row.values.get(column.key)
    if value is None and column.missing and column.kind in ("amount", "ratio"):
        cell.value = _(column.missing)
    else:
        fill(cell, column, value)
    if cell.data_type == "n" and cell.value is not None and column.kind == "amount":
        cell.number_format = _money(cell.value, row.values, form or cell.number_format)
    if row.whole:
        cell.font = STRONG
    cell.alignment = _aligned(column, first=first, depth=row.depth)


def _aligned(column: Column, *, first: bool, depth: int = 0) -> Alignment:
    """Return numbers to the right, and all else to the left, a little away from the numbers before it."""
    if column.right:
        return Alignment(horizontal="right", vertical="center")
    return Alignment(horizontal="left", vertical="center", indent=depth if first else 1)


def _form(column: Column, rows: Sequence[Row]) -> str | None:
    """Return the number format of amounts that are all whole, which need no decimals."""
    held = [bare(row.values.get(column.key)) for row in rows]
    whole = all(not is_number(value) or Decimal(value) == Decimal(value).to_integral_value() for value in held if value)
    return "#,##0" if column.kind == "amount" and whole else None


def _money(value: Any, values: Mapping[str, Any], form: str) -> str:
    """Return the number format of an amount in its row's currency; what has none is a count or, of so many, a rate."""
    currency = values.get("currency", "")
    if currency is None:
        return "0.0 %" if values.get("denominator") else "#,##0" if value == int(value) else "#,##0.00"
    return f"{SYMBOLS.get(currency) or f'[${currency}] '}{form}" if currency else form


def _width(column: Column, rows: Sequence[Row]) -> float:
    shown = written(column, [row.values.get(column.key) for row in rows])
    deepest = max((row.depth for row in rows), default=0)
    more = 5 if column.kind == "amount" and any(row.values.get("currency") for row in rows) else 3
    return float(min(max([width(_(column.title)) + 4, *(width(told) + more for told in shown)]) + deepest, 60))


def named(book: Any, title: str) -> str:
    """Return a title as a sheet of the book may bear it: at most 31 letters, none of []:*?/\\ among them, and once."""
    plain = "".join(" " if letter in "[]:*?/\\" else letter for letter in clean(title)).strip("' ")[:31] or "-"
    taken = {name.casefold() for name in book.sheetnames}
    name, n = plain, 1
    while name.casefold() in taken:
        n += 1
        name = f"{plain[:27]} {n}"
    return name


def link(page: Worksheet, places: Places, lines: Mapping[str, tuple[str, int]]) -> None:
    """Let cells lead to the lines on which their events are told."""
    for (row, place), href in places.items():
        if href in lines:
            title, number = lines[href]
            cell = page.cell(row, place)
            quoted = title.replace("'", "''")
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!A{number}")
            cell.font = STRONG_LINK if cell.font.bold else LINK


def titled(column: int, row: int) -> str:
    """Return a cell by its name, as B2."""
    return f"{get_column_letter(column)}{row}"
