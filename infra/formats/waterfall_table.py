"""The waterfall as a table, and as the parts of its bars, for a workbook to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from infra.formats.grid import Grid, Row, behind
from infra.formats.svg.waterfall import Bar, spans
from infra.i18n import translate
from infra.i18n.translate import filled, marked
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
    bars = [bar(row, None) for row in grid.rows]
    rows = []
    for each, (begin, end) in zip(bars, spans(bars), strict=True):
        parts = {kind: abs(end - begin) if kind == each.kind else None for kind in PARTS}
        base = Decimal(0) if each.whole else min(begin, end)
        rows.append(Row({"bar": each.name, "base": base, **parts}))
    used = [kind for kind in PARTS if any(each.kind == kind for each in bars)]
    columns = (WATERFALL[0], BASE, *(Column(kind, PARTS[kind], "amount", missing="") for kind in used))
    title = filled(marked("Waterfall, {currency}"), {"currency": grid.key.rpartition("-")[2]})
    return Grid(f"{grid.key}-bars", title, columns, rows, ("bar",), grid.command, chart="waterfall")


def bar(row: Row, href: str | None) -> Bar:
    """Return the bar that a row is drawn as."""
    kind, _title = BARS[row.values["kind"]]
    return Bar(kind, row.values["bar"], Decimal(row.values["amount"]), row.whole, href)
