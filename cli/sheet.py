"""A view for spreadsheets and browsers: CSV, a workbook, HTML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from cli import text
from cli.table import bare, written
from cli.view import NUMBERS, Column, View
from cli.width import clean, clean_lines, width
from infra.cells import guarded, is_number

_ = text.translate


def harmless(column: Column, value: Any) -> str:
    """Return a value as a CSV cell that no spreadsheet runs."""
    cell = clean_lines(bare(value))
    return cell if column.kind in NUMBERS and is_number(cell) else guarded(cell)


def csv_lines(view: View) -> Iterator[str]:
    """Yield the lines of a CSV file: keys first, values as in JSON."""
    import csv
    import io

    held = io.StringIO()
    writer = csv.writer(held, lineterminator="")
    for cells in (
        [column.key for column in view.columns],
        *([harmless(column, row.get(column.key)) for column in view.columns] for row in view.rows),
    ):
        writer.writerow(cells)
        yield held.getvalue()
        held.seek(0)
        held.truncate()


def html_lines(view: View) -> Iterator[str]:
    """Yield a simple page with the table."""
    from html import escape

    rows = list(view.rows)
    cells = [written(column, [row.get(column.key) for row in rows]) for column in view.columns]
    title = escape(view.name)
    yield f'<!doctype html><html lang="{text.language()}"><head><meta charset="utf-8"><title>{title}</title>'
    yield "<style>td,th{padding:.2em .6em;text-align:left}.n{text-align:right}th{border-bottom:1px solid}</style>"
    yield "</head><body><table><thead><tr>"
    yield "".join(f"<th{_class(column)}>{escape(_(column.title))}</th>" for column in view.columns)
    yield "</tr></thead><tbody>"
    for n in range(len(rows)):
        line = (f"<td{_class(column)}>{escape(held[n])}</td>" for column, held in zip(view.columns, cells, strict=True))
        yield f"<tr>{''.join(line)}</tr>"
    yield "</tbody></table></body></html>"


def _class(column: Column) -> str:
    return ' class="n"' if column.right else ""


def workbook(view: View) -> bytes:
    """Return the view as a workbook: typed cells, a frozen header with a filter, columns as wide as their texts."""
    import io

    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    page.title = view.name[:31]
    rows = list(view.rows)
    for place, column in enumerate(view.columns, 1):
        head = page.cell(1, place, clean(_(column.title)))
        head.font = Font(bold=True)
        head.alignment = Alignment(horizontal="right" if column.right else "left")
        for number, row in enumerate(rows, 2):
            fill(page.cell(number, place), column, row.get(column.key))
        shown = written(column, [row.get(column.key) for row in rows])
        wide = max([width(head.value), *map(width, shown)])
        page.column_dimensions[get_column_letter(place)].width = min(wide + 3, 60)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def fill(cell: Any, column: Column, value: Any) -> None:
    """Put a value into a cell under its own type; a text is never a formula."""
    if value is None:
        return
    if column.kind in NUMBERS and is_number(bare(value)):
        cell.value = Decimal(bare(value))
        cell.number_format = {"ratio": "0.0 %", "amount": "#,##0.00", "count": "#,##0"}[column.kind]
    elif column.kind == "date":
        cell.value = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
        cell.number_format = "yyyy-mm-dd"
    else:
        cell.value = clean(bare(value))
        cell.data_type = "s"
