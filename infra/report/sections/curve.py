"""The curve of what was signed: as it was known each day, beside hindsight, by weeks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from domain.kernel.money import from_units, shown
from infra.formats.grid import Behind, Grid, Row
from infra.formats.svg.curve import Dot, Lines, curve_chart
from infra.formats.text_table import amount
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from infra.report.model import Link, Picture, Section
from infra.report.question import Question
from infra.report.sections.figures import of_company, parted
from projections.views.column import Column

if TYPE_CHECKING:
    from projections.views.progress.curve_steps import Steps

_ = translate.translate

MEASURE: Final = "signed"
CURVE: Final = (
    Column("day", marked("Until"), "date"),
    Column("known", marked("As known then"), "amount"),
    Column("hindsight", marked("In hindsight"), "amount"),
    Column("difference", marked("Learned later"), "amount"),
    Column("pace", marked("Working-day pace"), "amount", missing=""),
)
TARGET: Final = Column("target", marked("Target"), "amount")


def section(q: Question, dots: Sequence[Dot] = ()) -> Section:
    """Return the section of the curve: a chart and a table for each currency."""
    from projections.views.progress.curve import curves
    from projections.views.progress.curve_steps import steps

    found = curves(q.ask, q.period, q.frames, q.moments, q.organisation)
    moved = steps(q.ask, q.period, q.frames, q.moments, MEASURE)
    grids: list[Grid] = []
    daily: list[Grid] = []
    charts: list[Picture] = []
    said: list[str] = []
    currencies = [currency for measure, currency in found if measure == MEASURE] or [q.currency]
    currencies.sort(key=lambda currency: (currency != q.currency, currency))
    for currency in currencies:
        held = found.get((MEASURE, currency))
        known = [from_units(units) for units in held.known] if held else []
        seen = [from_units(units) for units in held.hindsight] if held else []
        lines = _lines(q, currency, known, seen, dots if currency == q.currency else ())
        told = _told(q, lines, currency)
        said.append(told)
        charts.append(_drawing(f"curve-{currency}", currency, told, lines))
        grids.append(_grid(q, currency, lines, moved.get(currency)))
        daily.append(_days(q, currency, lines))
    return Section("curve", _("The curve, as known each day and in hindsight"), said, grids, charts, daily)


def _lines(q: Question, currency: str, known: Sequence[Decimal], seen: Sequence[Decimal], dots: Sequence[Dot]) -> Lines:
    target = next((row["target"] for row in of_company(q, "sales", "signed") if row["currency"] == currency), None)
    days = [frame.day for frame in q.frames]
    wanted = Decimal(target) if target is not None else None
    pace = list(_pace(q, days, wanted)) if wanted is not None else []
    return Lines(q.period.first, q.period.last, days, known, seen, pace, wanted, dots)


def _pace(q: Question, days: Sequence[date], target: Decimal) -> Iterator[Decimal]:
    """Yield what each day's end would show if the target were reached evenly over the working days."""
    calendar = q.organisation.calendar()
    working = calendar.working_days(q.period.first, q.period.last)
    for day in days:
        elapsed = calendar.working_days(q.period.first, day)
        yield shown(target * elapsed / working) if working else Decimal(0)


def _told(q: Question, lines: Lines, currency: str) -> str:
    """Return in words what the chart shows."""
    if not lines.known:
        return filled(marked("Nothing was signed in {currency}."), {"currency": currency})
    facts: dict[str, Any] = {"currency": currency, "day": lines.days[-1], "known": amount(lines.known[-1])}
    facts["seen"] = amount(lines.hindsight[-1])
    line = filled(marked("At the end of {day}, {currency} {known} were known as signed; {seen} in hindsight."), facts)
    apart = [(abs(b - a), day) for day, a, b in zip(lines.days, lines.known, lines.hindsight, strict=True)]
    widest, day = max(apart, key=lambda each: each[0])
    if widest:
        more = marked("They lay furthest apart on {day}, by {amount}.")
        line = f"{line} {filled(more, {'day': day, 'amount': amount(widest)})}"
    return line


def _drawing(key: str, currency: str, told: str, lines: Lines) -> Picture:
    title = filled(marked("Signed, {currency}, by the end of each day"), {"currency": currency})

    def draw(link: Link) -> str:
        return curve_chart(key, title, told, lines)

    return Picture(title, draw)


def _grid(q: Question, currency: str, lines: Lines, moved: Steps | None) -> Grid:
    from projections.views.progress.curve_steps import cumulated

    by_day = list(zip(*map(cumulated, moved), strict=True)) if moved else []
    of_target = [parted(row)[1] for row in of_company(q, "sales", "signed") if row["currency"] == currency]
    rows = []
    for n, day in enumerate(lines.days):
        if not lines.known or not (day.weekday() == 6 or n + 1 == len(lines.days)):
            continue
        known, seen = lines.known[n], lines.hindsight[n]
        values = {"day": day, "known": known, "hindsight": seen, "difference": seen - known}
        values["pace"] = lines.pace[n] if lines.pace else None
        keys = ("known", "hindsight", "difference")
        behind = dict(zip(keys, map(_brought, by_day[n]), strict=True)) if by_day else {}
        rows.append(Row(values, {**behind, "pace": of_target[0] if of_target else ()}))
    title = filled(marked("Signed, {currency}, by weeks"), {"currency": currency})
    command = q.command("progress --metric sales --level company")
    return Grid(f"curve-{currency}", title, CURVE, rows, ("day",), command)


def _days(q: Question, currency: str, lines: Lines) -> Grid:
    """Return every day of the curve, for a workbook to draw."""
    columns = (*(c for c in CURVE if c.key != "difference" and (c.key != "pace" or lines.pace)), TARGET)
    rows = []
    for n, day in enumerate(lines.days if lines.known else ()):
        values = {"day": day, "known": lines.known[n], "hindsight": lines.hindsight[n], "target": lines.target}
        rows.append(Row({**values, "pace": lines.pace[n] if lines.pace else None}))
    title = filled(marked("Signed, {currency}, by days"), {"currency": currency})
    kept = columns if lines.target is not None else columns[:-1]
    return Grid(f"curve-days-{currency}", title, kept, rows, ("day",), q.command("progress"), chart="lines")


def _brought(step: Mapping[int, int]) -> Behind:
    """Return events with what they brought, the weightiest first."""
    ordered = sorted(step.items(), key=lambda each: (-abs(each[1]), each[0]))
    return tuple((position, format(from_units(units), "f")) for position, units in ordered)
