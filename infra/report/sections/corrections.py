"""Corrections: what was put right or withdrawn, by whom, why, and what it moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from infra.formats.grid import Behind, Grid, Row
from infra.formats.text_table import amount, bare, counted
from infra.i18n import translate
from infra.i18n.codes import event_word, word
from infra.i18n.translate import filled, marked
from infra.report.model import Section
from infra.report.question import Question
from projections.views.column import Column

_ = translate.translate

CORRECTIONS: Final = (
    Column("position", marked("No."), "count"),
    Column("recorded", marked("Recorded"), "time"),
    Column("by", marked("By")),
    Column("company", marked("Company"), missing=""),
    Column("corrects", marked("Corrects"), "count"),
    Column("corrected_name", marked("Original event")),
    Column("changes", marked("From and to"), missing=""),
    Column("reason", marked("Reason"), missing=""),
    Column("moved", marked("What it moved"), missing=""),
)
MOST: Final = 40


def section(q: Question) -> Section:
    """Return the section: each correction, those that moved most money first."""
    from projections.views.corrections import rows

    title = _("Corrections")
    found = rows(q.ask, q.moments, q.organisation, q.period, explain=True)
    if not found:
        return Section("corrections", title, [_("Nothing was corrected.")], [])
    found.sort(key=lambda row: (-_weight(row), row["position"]))
    grid = Grid(
        "corrections", title, CORRECTIONS, [_row(row) for row in found], ("company",), q.command("corrections"), MOST
    )
    withdrawn = sum(row["name"] == "event.voided" for row in found)
    facts = {"count": counted(len(found)), "voided": withdrawn, "moved": sum(bool(row["moved"]) for row in found)}
    line = marked("Corrected: {count}, {voided} of them withdrawn. That moved a figure of the period: {moved}.")
    return Section("corrections", title, [filled(line, facts)], [grid])


def _weight(row: Mapping[str, Any]) -> Decimal:
    """Return how much money a correction moved, whichever way; more than nothing where it moved a count."""
    return sum((abs(Decimal(moved["amount"])) for moved in row["moved"]), Decimal(0))


def _row(row: Mapping[str, Any]) -> Row:
    withdrawn = row["name"] == "event.voided"
    values = {**row, "corrected_name": event_word(row["corrected_name"])}
    values["changes"] = _("withdrawn") if withdrawn else "; ".join(_change(change) for change in row["changes"])
    values["moved"] = _moved(row["moved"])
    both: Behind = ((row["position"], None), (row["corrects"], None))
    return Row(values, {"position": both[:1], "corrects": both[1:], "moved": both})


def _change(change: Mapping[str, Any]) -> str:
    before = "" if change["from"] is None else f"{bare(change['from'])} → "
    return f"{change['field']} {before}{bare(change['to'])}"


def _moved(sums: Sequence[Mapping[str, Any]]) -> str:
    """Return what a correction moved, the owners' sums of each measure together."""
    whole: dict[tuple[str, str], Decimal] = {}
    for moved in sums:
        place = (moved["measure"], moved["currency"] or "")
        whole[place] = whole.get(place, Decimal(0)) + Decimal(moved["amount"])
    return "; ".join(_sum(measure, currency, value) for (measure, currency), value in whole.items())


def _sum(measure: str, currency: str, value: Decimal) -> str:
    sign = "+" if value >= 0 else "−"
    return " ".join(filter(None, (str(word(measure)), currency, f"{sign}{amount(abs(value))}")))
