"""Late entries and corrections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.views.common import asking, chosen_period, columns_of, present_period, structured, told
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

CORRECTIONS: Final = (
    Column("company", marked("Company")),
    Column("changes", marked("Changes"), "list"),
    Column("moved", marked("What it moved"), "list"),
    Column("by", marked("By")),
    Column("reason", marked("Reason")),
    Column("recorded", marked("Recorded"), "time"),
    Column("corrects", marked("Corrects"), "count"),
    Column("position", marked("No."), "count"),
)
CORRECTIONS_MORE: Final = (
    Column("corrected_name", marked("Corrected event")),
    Column("corrected_day", marked("Corrected day"), "date"),
    Column("corrected_by", marked("Original by")),
    Column("name", marked("Event")),
    Column("subject", marked("Subject")),
)


NEEDS: Final = ("audit", "progress", "tracking", "pipeline", "records", "organisation")


@command(
    present_period(),
    example="sales corrections --period 2024Q1",
)
def corrections(session: Session, period: str | None) -> None:
    """Show what was corrected or withdrawn in a period or of its events: from what to what, by whom, why, and what it moved."""
    from projections.views import corrections as question

    with asking(session, *NEEDS) as (ask, moments, organisation):
        chosen = chosen_period(session, period, moments)
        rows = question.rows(ask, moments, organisation, chosen, explain=session.explain)
    if not structured(session):
        rows = [{**row, "moved": [moved(each) for each in row["moved"]]} for row in rows]
    columns = columns_of(session, rows, CORRECTIONS, CORRECTIONS_MORE)
    session.show(Result("corrections", columns, rows, {**told(moments), "period": chosen.name}, marked("Corrections")))


def moved(part: Mapping[str, Any]) -> str:
    """Return what a correction moved as a reader takes it in: signed +720,000 CNY (zhang.san)."""
    from infra.formats.text_table import amount, money

    sign = "" if part["amount"].startswith("-") else "+"
    shown = money if part["currency"] else amount
    words = (part["measure"], f"{sign}{shown(part['amount'])}", part["currency"])
    return f"{' '.join(filter(None, words))} ({part['owner'] or _('nobody')})"
