"""Late entries and corrections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import asking, by_policies, chosen_period, columns_of, present_period, structured, ticked, told
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

LATE: Final = (
    Column("company", marked("Company")),
    Column("name", marked("Event")),
    Column("occurred", marked("Occurred"), "time"),
    Column("recorded", marked("Recorded"), "time"),
    Column("late_days", marked("Late"), "count"),
    Column("breaks_norm", marked("Over"), missing=""),
    Column("actor", marked("Actor")),
    Column("recorder", marked("Recorder")),
    Column("reason", marked("Reason")),
    Column("position", marked("No."), "count"),
)
LATE_MORE: Final = (
    Column("source", marked("Source")),
    Column("subject", marked("Subject")),
)
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


@command(
    present_period(),
    option("--owner", metavar="LOGIN", help=marked("Only acts of this person.")),
    option("--over", flag=True, help=marked("Only those entered later than the entry norm allows.")),
    example="sales late-entries --period 2024Q1 --owner li.si",
)
def late_entries(session: Session, period: str | None, owner: str | None, over: bool | None) -> None:
    """Show what was entered after the day on which it happened: by how many working days, and whether that breaks the norm."""
    from projections.views import late_entries as question

    with asking(session, "audit", "tracking", "pipeline", "organisation") as (ask, moments, organisation):
        chosen = chosen_period(session, period, moments)
        rows = question.rows(ask, moments, organisation, chosen, owner=owner, explain=session.explain)
        policies = organisation.in_force(moments.day, "entry-deadline")
    broken = [row for row in rows if row["breaks_norm"]]
    entered = len(rows)
    rows = broken if over else rows
    if not structured(session):
        rows = [ticked(row, "breaks_norm") for row in rows]
    columns = columns_of(session, rows, LATE, LATE_MORE)
    meta = {**told(moments), "period": chosen.name, "policies": policies}
    session.show(Result("late-entries", columns, rows, meta, marked("Late entries")))
    if session.output == "table" and entered:
        line = marked("{period}: entered late: {count}; later than the norm allows: {broken}.")
        session.say(filled(line, {"period": chosen.name, "count": entered, "broken": len(broken)}))
        by_policies(session, policies)


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
