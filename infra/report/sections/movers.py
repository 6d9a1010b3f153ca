"""The events that moved the period most, each with its share of the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from infra.formats.grid import Behind, Grid, Row
from infra.formats.svg.curve import Dot
from infra.formats.svg.elements import signed
from infra.i18n import translate
from infra.i18n.codes import event_word, listed, word
from infra.i18n.translate import filled, marked
from infra.report.model import Section
from infra.report.question import Question
from projections.views.column import Column

_ = translate.translate

MOVERS: Final = (
    Column("place", marked("Rank"), "count"),
    Column("day", marked("Day"), "date"),
    Column("name", marked("Event")),
    Column("company", marked("Company"), missing=""),
    Column("owner", marked("Owner"), missing=""),
    Column("group", marked("Group"), missing=""),
    Column("amount", marked("Amount"), "amount"),
    Column("share", marked("Share"), "ratio", missing=marked("n/a")),
    Column("late_days", marked("Working days late"), "count"),
    Column("corrected_by", marked("Corrected by"), "count", missing=""),
)


def movers_of(q: Question) -> list[dict[str, Any]]:
    """Return the ten events that moved each measure and currency most."""
    from projections.views.movers import movers

    return movers(q.ask, q.period, q.moments, q.organisation, currency=q.currency)


def dots(q: Question, found: Sequence[Mapping[str, Any]]) -> list[Dot]:
    """Return the movers of what was signed as numbers on the curve."""
    return [
        Dot(
            date.fromisoformat(row["day"]),
            str(row["place"]),
            f"#e{row['position']}",
            f"{row['company'] or row['customer']} {signed(Decimal(row['amount']))} {row['currency']}",
        )
        for row in found
        if (row["measure"], row["currency"]) == ("signed", q.currency)
    ]


def section(q: Question, found: Sequence[Mapping[str, Any]]) -> Section:
    """Return the section: a table for each measure and currency."""
    grids = []
    for measure, currency in dict.fromkeys((row["measure"], row["currency"]) for row in found):
        rows = [_row(row) for row in found if (row["measure"], row["currency"]) == (measure, currency)]
        title = listed(word(measure), currency)
        grids.append(
            Grid(f"movers-{measure}-{currency}", title, MOVERS, rows, ("company", "name"), q.command("movers"))
        )
    told = [_told(grid) for grid in grids] or [_("Nothing was signed or collected.")]
    return Section("movers", _("The events that moved the period most"), told, grids)


def _row(row: Mapping[str, Any]) -> Row:
    values = {**row, "name": event_word(row["name"]), "late_days": row["late_days"] or None}
    event: Behind = ((row["position"], row["amount"]),)
    behind = dict.fromkeys(("place", "amount", "share", "late_days"), event)
    if row["corrected_by"]:
        behind["corrected_by"] = ((row["corrected_by"], None),)
    return Row(values, behind)


def _told(grid: Grid) -> str:
    share = sum((Decimal(row.values["share"] or 0) for row in grid.rows), Decimal(0))
    facts = {"metric": grid.title, "count": len(grid.rows), "share": f"{100 * share:.1f} %"}
    return filled(marked("{metric}: the {count} largest events make {share} of the sum."), facts)
