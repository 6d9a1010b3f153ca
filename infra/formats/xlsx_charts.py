"""Native charts of a workbook, drawn from the cells of their own sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from infra.formats.grid import Grid

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LINES: Final = {
    "known": ("0072B2", None),
    "hindsight": ("D55E00", "dash"),
    "pace": ("7A8594", "sysDot"),
    "target": ("1C2430", None),
}
"""The lines of the curve: colour and dashes, so that they are told apart in print too."""

BARS: Final = {"base": "", "whole": "5B6675", "gain": "009E73", "won": "0072B2", "loss": "D55E00", "moved": "A9B1BD"}
"""The parts of a waterfall's bar; the base holds them up and isn't seen."""

STEPS: Final = {
    "captured": "0B3C5D",
    "valid": "0072B2",
    "graded": "56B4E9",
    "contacted": "8FA3B5",
    "opportunities": "E69F00",
    "signed": "009E73",
}
ATTAINMENT: Final = {"attainment": "0072B2"}
AGAINST: Final = {"target": "A9B1BD", "actual": "0072B2"}
MONTHS: Final = {"amount": "0072B2", "weighted": "E69F00"}


def chart_of(page: Worksheet, grid: Grid) -> LineChart | BarChart | None:
    """Return the chart of a table that has one, by what kind of chart it says."""
    last = len(grid.rows) + 1
    columns = {column.key: n for n, column in enumerate(grid.columns, 1)}
    if grid.chart == "lines":
        return _lines(page, grid.title, columns, last)
    if grid.chart == "waterfall":
        return _stacked(page, grid.title, columns, last)
    if grid.chart == "funnel":
        return _bars(page, grid.title, columns, last, STEPS, "#,##0")
    if grid.chart == "attainment":
        return _flat(_bars(page, grid.title, columns, last, ATTAINMENT, "0%"), last)
    if grid.chart == "against":
        rate = any(column.kind == "ratio" for column in grid.columns)
        return _bars(page, grid.title, columns, last, AGAINST, "0%" if rate else "#,##0")
    if grid.chart == "months":
        return _bars(page, grid.title, columns, last, MONTHS, "#,##0")
    return None


def _lines(page: Worksheet, title: str, columns: dict[str, int], last: int) -> LineChart:
    chart = LineChart()
    for key, (color, dash) in LINES.items():
        if key in columns:
            shape = _series(chart, page, columns[key], last)
            shape.line.solidFill, shape.line.width, shape.line.dashStyle = color, 22_000, dash
            chart.series[-1].smooth, chart.series[-1].marker.symbol = False, "none"
    _dressed(chart, page, title, last, "#,##0")
    chart.x_axis.number_format = "mm-dd"
    chart.x_axis.tickLblSkip = chart.x_axis.tickMarkSkip = max(1, (last - 1) // 12)
    return chart


def _stacked(page: Worksheet, title: str, columns: dict[str, int], last: int) -> BarChart:
    chart = BarChart()
    chart.grouping, chart.overlap, chart.gapWidth = "stacked", 100, 45
    for key, color in BARS.items():
        if key in columns:
            shape = _series(chart, page, columns[key], last)
            if color:
                shape.solidFill = color
            else:
                shape.noFill, shape.line.noFill = True, True
    _dressed(chart, page, title, last, "#,##0")
    chart.legend = None
    return chart


def _bars(
    page: Worksheet, title: str, columns: dict[str, int], last: int, colors: dict[str, str], form: str
) -> BarChart:
    chart = BarChart()
    chart.gapWidth = 60
    for key, color in colors.items():
        _series(chart, page, columns[key], last).solidFill = color
    _dressed(chart, page, title, last, form)
    return chart


def _flat(chart: BarChart, last: int) -> BarChart:
    """Lay the bars down, the first row on top."""
    chart.type, chart.legend = "bar", None
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"
    chart.height = max(5.0, 3 + 0.6 * last)
    return chart


def _series(chart: Any, page: Worksheet, column: int, last: int) -> Any:
    chart.add_data(Reference(page, min_col=column, min_row=1, max_row=last), titles_from_data=True)
    shape = chart.series[-1].graphicalProperties = GraphicalProperties()
    shape.line = LineProperties()
    return shape


def _dressed(chart: Any, page: Worksheet, title: str, last: int, form: str) -> None:
    chart.set_categories(Reference(page, min_col=1, min_row=2, max_row=last))
    chart.title, chart.width, chart.height = title, 24, 11
    chart.y_axis.number_format = form
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9DEE6", w=6_000))
    # A chart that doesn't say so has its axes deleted in newer programs.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend.position = "b"
