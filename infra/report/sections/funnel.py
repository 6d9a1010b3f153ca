"""The funnel: of the leads captured in the period, how many came how far, by channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from infra.formats.grid import Behind, Grid, Row, weighed
from infra.formats.svg.funnel import Panel, Step, funnel_chart
from infra.formats.text_table import counted, percent
from infra.i18n import translate
from infra.i18n.codes import word
from infra.i18n.translate import filled, marked
from infra.report.model import Link, Picture, Section
from infra.report.question import Question
from projections.views.column import Column

if TYPE_CHECKING:
    from projections.views.funnel.step_events import Taken
    from projections.views.funnel.view import Lead

_ = translate.translate

STEPS: Final = {
    "captured": marked("Captured"),
    "valid": marked("Valid"),
    "graded": marked("Graded"),
    "contacted": marked("Contacted"),
    "opportunities": marked("Opportunity"),
    "signed": marked("Signed"),
}
PANELS: Final = 6


def section(q: Question) -> Section:
    """Return the section: small charts for all leads and for each channel, and the table."""
    from projections.views.funnel import view as funnel
    from projections.views.funnel.step_events import taken

    rows = funnel.rows(q.ask, q.moments, q.organisation, q.period, currency=q.currency, by="channel")
    leads = funnel.leads(q.ask, q.moments, q.period)
    events = taken(q.ask, q.moments, leads, q.period.first.toordinal())
    currencies = [held["currency"] for held in rows[-1]["signed_amounts"]] or [q.currency]
    made = [_row(row, _behind(row, leads, events), currencies) for row in rows]
    command = q.command("funnel --by channel")
    grid = Grid("funnel", _("Funnel by channel"), _columns(currencies), made, ("name",), command, chart="funnel")
    told = _told(rows[-1])
    return Section("funnel", _("The funnel, by channel"), [told], [grid], [_drawing(grid, told)] if leads else [])


def _columns(currencies: Sequence[str]) -> tuple[Column, ...]:
    steps = (Column(step, title, "count") for step, title in STEPS.items())
    signed = (
        Column(f"signed-{currency}", filled(marked("Signed, {currency}"), {"currency": currency}), "amount")
        for currency in currencies
    )
    return (
        Column("name", marked("Channel")),
        *steps,
        Column("share", marked("Signed of captured"), "ratio", missing=marked("n/a")),
        *signed,
        Column("median_days", marked("Median days to signing"), "count", missing=""),
    )


def _behind(row: Mapping[str, Any], leads: Sequence[Lead], events: Taken) -> dict[str, Behind]:
    """Return for each step the events by which the leads of a row took it."""
    found: dict[str, list[tuple[int, str | None]]] = {}
    for lead in leads:
        if row["level"] == "all" or lead.channel == row["name"]:
            for step, told in events[lead.customer].items():
                found.setdefault(step, []).extend(told)
    return {step: weighed(dict(told)) for step, told in found.items()}


def _row(row: Mapping[str, Any], events: dict[str, Behind], currencies: Sequence[str]) -> Row:
    whole = row["level"] == "all"
    share = next(c["ratio"] for c in row["conversions"] if (c["of"], c["step"]) == ("captured", "signed"))
    sums = {held["currency"]: held["amount"] for held in row["signed_amounts"]}
    values = {**row, "name": _("All") if whole else word(row["name"]) or _("unknown"), "share": share}
    values |= {f"signed-{currency}": sums.get(currency, "0") for currency in currencies}
    signed = events.get("signed", ())
    return Row(values, {**events, "share": signed, "median_days": signed}, whole=whole)


def _told(row: Mapping[str, Any]) -> str:
    """Return in words what became of all leads."""
    facts = {step: counted(row[step]) for step in STEPS}
    share = next(c["ratio"] for c in row["conversions"] if (c["of"], c["step"]) == ("captured", "signed"))
    facts["share"] = percent(share) if share is not None else _("n/a")
    line = marked(
        "Of {captured} leads captured in the period {valid} are valid, {contacted} were contacted, {opportunities} have "
        "an opportunity and {signed} signed ({share})."
    )
    return filled(line, facts)


def _drawing(grid: Grid, told: str) -> Picture:
    order = [*grid.rows[-1:], *grid.rows[:-1]][:PANELS]
    parts = [f"{row.values['name']}: " + ", ".join(str(row.values[step]) for step in STEPS) for row in order]

    def draw(link: Link) -> str:
        panels = [
            Panel(
                row.values["name"],
                [Step(_(title), row.values[step], link(grid, row, step)) for step, title in STEPS.items()],
            )
            for row in order
        ]
        return funnel_chart("funnel-chart", grid.title, "; ".join([told, *parts]), panels)

    return Picture(grid.title, draw)
