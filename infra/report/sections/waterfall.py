"""The waterfall: how the pipeline at the period's beginning became that at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from infra.formats.svg.waterfall import Bar, spans, waterfall_chart
from infra.formats.text_table import amount
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from infra.report.model import Grid, Link, Picture, Row, Section, behind
from infra.report.question import Question
from projections.views.column import Column

_ = translate.translate

BARS: Final = {
    "open": ("whole", marked("At the start")),
    "new": ("gain", marked("New")),
    "up": ("gain", marked("Up")),
    "moved-in": ("moved", marked("Moved in")),
    "down": ("loss", marked("Down")),
    "won": ("won", marked("Won")),
    "lost": ("loss", marked("Lost")),
    "moved-out": ("moved", marked("Moved out")),
    "closing": ("whole", marked("At the end")),
}
WATERFALL: Final = (
    Column("bar", marked("Pipeline")),
    Column("amount", marked("Amount"), "amount"),
    Column("count", marked("Opportunities"), "count"),
)
PARTS: Final = {
    "whole": marked("Whole"),
    "gain": marked("Rise"),
    "won": marked("Won"),
    "loss": marked("Fall"),
    "moved": marked("Moved"),
}
BASE: Final = Column("base", marked("Base"), "amount")


def section(q: Question) -> Section:
    """Return the section: a chart and a table for each currency."""
    from projections.views.waterfall import waterfall

    found = waterfall(q.ask, q.start, q.moments, q.organisation, currency=q.currency)
    by_currency: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        by_currency.setdefault(row["currency"], []).append(row)
    grids = [table_of(currency, rows, q.command("waterfall")) for currency, rows in by_currency.items()]
    said = [_told(currency, rows) for currency, rows in by_currency.items()]
    charts = [_drawing(grid, told) for grid, told in zip(grids, said, strict=True)]
    return Section("waterfall", _("The pipeline, from start to end"), said, grids, charts, list(map(bars_of, grids)))


def table_of(currency: str, rows: Sequence[Mapping[str, Any]], command: str) -> Grid:
    """Return the waterfall in one currency as a table."""
    made = []
    for row in rows:
        kind, title = BARS[row["bar"]]
        events = behind(row["events"])
        values = {**row, "kind": row["bar"], "bar": _(title)}
        made.append(Row(values, {"amount": events, "count": events}, whole=kind == "whole"))
    title = filled(marked("Pipeline, {currency}"), {"currency": currency})
    return Grid(f"waterfall-{currency}", title, WATERFALL, made, ("bar",), command)


def bars_of(grid: Grid) -> Grid:
    """Return the parts of the bars, for a workbook to draw: what holds each up, and its length by its kind."""
    bars = [_bar(row, None) for row in grid.rows]
    rows = []
    for bar, (begin, end) in zip(bars, spans(bars), strict=True):
        parts = {kind: abs(end - begin) if kind == bar.kind else None for kind in PARTS}
        base = Decimal(0) if bar.whole else min(begin, end)
        rows.append(Row({"bar": bar.name, "base": base, **parts}))
    used = [kind for kind in PARTS if any(bar.kind == kind for bar in bars)]
    columns = (WATERFALL[0], BASE, *(Column(kind, PARTS[kind], "amount", missing="") for kind in used))
    title = filled(marked("Waterfall, {currency}"), {"currency": grid.key.rpartition("-")[2]})
    return Grid(f"{grid.key}-bars", title, columns, rows, ("bar",), grid.command, chart="waterfall")


def _bar(row: Row, href: str | None) -> Bar:
    kind, _title = BARS[row.values["kind"]]
    return Bar(kind, row.values["bar"], Decimal(row.values["amount"]), row.whole, href)


def _told(currency: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return in words what the chart shows."""
    held = {row["bar"]: row["amount"] for row in rows}
    facts = {bar: amount(abs(Decimal(value))) for bar, value in held.items()}
    line = marked(
        "{currency} {open} were open at the start and {closing} at the end: {new} new, {up} up, {down} down, "
        "{won} won, {lost} lost."
    )
    return filled(line, {"currency": currency, **facts})


def _drawing(grid: Grid, told: str) -> Picture:
    def draw(link: Link) -> str:
        bars = [_bar(row, link(grid, row, "amount")) for row in grid.rows]
        return waterfall_chart(grid.key, grid.title, told, bars)

    return Picture(grid.title, draw)
