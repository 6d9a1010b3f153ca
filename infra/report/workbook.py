"""The report as a workbook: a sheet for each table, native charts, and the events behind the numbers."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from infra.formats.grid import Grid, Row, told_columns
from infra.formats.text_table import bare
from infra.formats.xlsx_charts import chart_of
from infra.formats.xlsx_sheets import Places, link, named, sheet, titled
from infra.i18n import translate
from infra.i18n.codes import event_word
from infra.i18n.translate import filled, marked
from infra.report.event_links import Evidence
from infra.report.model import Head, Section
from projections.views.column import Column

_ = translate.translate

SIZE: Final = 8_000_000
"""So many bytes of lists and events, as a page would write them, a workbook may hold."""

ABOUT: Final = (Column("what", marked("About")), Column("told", marked("This report")))
NUMBERS: Final = (
    Column("name", marked("Number")),
    Column("count", marked("Events"), "count"),
    Column("events", marked("The weightiest events")),
    Column("command", marked("All of them")),
)
EVENTS: Final = (
    Column("position", marked("No."), "count"),
    Column("occurred", marked("Occurred"), "time"),
    Column("recorded", marked("Recorded"), "time"),
    Column("late_days", marked("Working days late"), "count"),
    Column("words", marked("Event")),
    Column("name", marked("Name")),
    Column("named", marked("Whose")),
    Column("subject", marked("Subject")),
    Column("changed", marked("Changes")),
    Column("actor", marked("Actor")),
    Column("recorder", marked("Recorder")),
    Column("reason", marked("Reason")),
    Column("corrects", marked("Corrects"), "count"),
    Column("corrected_by", marked("Corrected by"), "count"),
)
LONG: Final = 30
"""Of a table with more rows the chart stands beside it and not below."""
MENTIONS: Final = 200
"""So many events are named in one cell, which holds 32,767 letters."""


def workbook(
    head: Head, figures: Grid, sections: Sequence[Section], told: Callable[[Sequence[int]], Sequence[Row]]
) -> bytes:
    """Return the workbook; numbers lead to their events as they do on the page."""
    book, evidence = Workbook(), Evidence()
    about = book.active
    assert isinstance(about, Worksheet)
    sheet(about, _about(head), frozen=False)
    placed = [*_tables(book, figures, sections)]
    for page, grid in placed:
        sheet(page, grid)
    linked = [(page, places) for page, grid in placed for places in [_numbers(grid, evidence)] if places]
    limit = min(evidence.limit(SIZE), MENTIONS)
    numbers = _page(book, _("Events behind the numbers"))
    sheet(numbers, _lists(evidence, limit))
    events = _page(book, _("Events"))
    rows = told(sorted(evidence.positions(limit)))
    sheet(events, _events(rows))
    lines = {held.href: (numbers.title, n) for n, held in enumerate(evidence.lists(), 2)}
    lines |= {f"#e{row.values['position']}": (events.title, n) for n, row in enumerate(rows, 2)}
    for page, places in linked:
        link(page, places, lines)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _tables(book: Workbook, figures: Grid, sections: Sequence[Section]) -> Iterator[tuple[Worksheet, Grid]]:
    """Yield a sheet for each table; the charts stand beside theirs."""
    yield _page(book, figures.title), figures
    for section in sections:
        for grid in (*section.drawn, *section.grids):
            if not grid.rows:
                continue
            page = _page(book, grid.title if len(section.grids) + len(section.drawn) > 1 else section.title)
            chart = chart_of(page, grid)
            if chart is not None:
                long = len(grid.rows) > LONG
                page.add_chart(chart, titled(len(grid.columns) + 2, 2) if long else titled(1, len(grid.rows) + 3))
            yield page, grid if grid.chart else grid._replace(columns=tuple(told_columns(grid, grid.rows)))


def _page(book: Workbook, title: str) -> Worksheet:
    made: Any = book.create_sheet(named(book, title))
    assert isinstance(made, Worksheet)
    return made


def _numbers(grid: Grid, evidence: Evidence) -> Places:
    """Return where on a table's sheet a number stands that has events, and where these are told."""
    columns = {column.key: n for n, column in enumerate(grid.columns, 1)}
    found: Places = {}
    for number, row in enumerate(grid.rows, 2):
        for key in row.behind:
            href = evidence.add(grid, row, key) if key in columns else None
            if href:
                found[number, columns[key]] = href
    return found


def _about(head: Head) -> Grid:
    lines = (
        (_("Report"), head.title),
        (_("Answer"), head.answer),
        (_("Period"), head.period),
        (_("As of"), head.as_of),
        (_("Known at"), head.known_at),
        (_("Log position"), str(head.position)),
        (_("Again"), head.command),
        (_("Numbers"), _("A blue number leads to its event, or to its line among the events behind the numbers.")),
    )
    rows = [Row({"what": what, "told": told}) for what, told in lines]
    return Grid("about", _("About"), ABOUT, rows, ("what",), head.command)


def _lists(evidence: Evidence, limit: int) -> Grid:
    rows = [
        Row(
            {
                "name": held.told,
                "count": len(held.events),
                "events": "; ".join(_mention(*event) for event in held.events[:limit])
                + _more(len(held.events) - limit),
                "command": held.command,
            }
        )
        for held in evidence.lists()
    ]
    return Grid("numbers", _("Events behind the numbers"), NUMBERS, rows, ("name",), "")


def _mention(position: int, amount: str | None) -> str:
    return f"{position}" if amount is None else f"{position} ({amount})"


def _more(count: int) -> str:
    return "; " + filled(marked("and {count} more"), {"count": f"{count:,}"}) if count > 0 else ""


def _events(rows: Sequence[Row]) -> Grid:
    told = [
        Row({**row.values, "words": event_word(row.values["name"]), "changed": bare(row.values["changes"])})
        for row in rows
    ]
    return Grid("events", _("Events"), EVENTS, told, ("position",), "")
