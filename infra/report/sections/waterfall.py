"""The waterfall: how the pipeline at the period's beginning became that at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from infra.formats.grid import Grid
from infra.formats.svg.waterfall import waterfall_chart
from infra.formats.text_table import amount
from infra.formats.waterfall_table import bar, bars_of, table_of
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from infra.report.model import Link, Picture, Section
from infra.report.question import Question

_ = translate.translate


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


def _told(currency: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return in words what the chart shows."""
    held = {row["bar"]: row["amount"] for row in rows}
    facts = {name: amount(abs(Decimal(value))) for name, value in held.items()}
    line = marked(
        "{currency} {open} were open at the start and {closing} at the end: {new} new, {up} up, {down} down, "
        "{won} won, {lost} lost."
    )
    return filled(line, {"currency": currency, **facts})


def _drawing(grid: Grid, told: str) -> Picture:
    def draw(link: Link) -> str:
        bars = [bar(row, link(grid, row, "amount")) for row in grid.rows]
        return waterfall_chart(grid.key, grid.title, told, bars)

    return Picture(grid.title, draw)
