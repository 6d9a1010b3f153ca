"""A view as a workbook: its table in typed cells, native charts where it has some, and a sheet about the question."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from infra.errors.problem import Problem
from infra.formats.cells import MOST_ROWS
from infra.formats.grid import Grid, Row
from infra.formats.provenance import about, title_of
from infra.formats.result import Result
from infra.formats.xlsx_charts import chart_of
from infra.formats.xlsx_sheets import named, sheet, titled
from infra.i18n import translate
from infra.i18n.translate import marked
from projections.views.column import Column

_ = translate.translate

ABOUT = (Column("what", ""), Column("said", marked("About this table")))


def workbook(view: Result, words: Sequence[str] = ()) -> bytes:
    """Return the workbook of a view that `words` asked for. Raises Problem for more rows than a sheet has."""
    rows = list(view.rows)
    if len(rows) >= MOST_ROWS:
        why = marked("A sheet has room for {most} rows, and these are {count}: take -o csv, or ask for less.")
        facts = {"most": f"{MOST_ROWS - 1:,}", "count": f"{len(rows):,}"}
        raise Problem("usage.options", why=why, why_facts=facts, command=view.name)
    view = view._replace(rows=rows)
    book, title = Workbook(), title_of(view)
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = named(book, title)
    sheet(page, Grid(view.name, title, _said(view.columns), [Row(row) for row in rows], (), ""))
    for grid in view.charts(rows) if view.charts and rows else ():
        _draw(book, grid)
    told = [Row({"what": what, "said": said}) for what, said in about(view, words)]
    sheet(_page(book, _("About this table")), Grid("about", _("About this table"), ABOUT, told, (), ""))
    book.properties.title, book.properties.creator = title, "Salestrail"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _said(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns with words where a number is missing only if they say something: a blank can be reckoned with."""
    return tuple(column._replace(missing="") if column.missing == "—" else column for column in columns)


def _draw(book: Workbook, grid: Grid) -> None:
    page = _page(book, grid.title)
    sheet(page, grid)
    chart = chart_of(page, grid)
    if chart is not None:
        page.add_chart(chart, titled(len(grid.columns) + 2, 2))


def _page(book: Workbook, title: str) -> Worksheet:
    made = book.create_sheet(named(book, title))
    assert isinstance(made, Worksheet)
    return made
