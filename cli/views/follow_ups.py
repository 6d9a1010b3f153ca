"""The agenda."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import (
    asking,
    by_policies,
    columns_of,
    structured,
    ticked,
    told,
)
from infra.formats.result import Result
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

AGENDA: Final = (
    Column("when", marked("When")),
    Column("due", marked("Due"), "date"),
    Column("days_over", marked("Days over"), "count"),
    Column("kind", marked("Kind")),
    Column("company", marked("Company")),
    Column("what", marked("What")),
    Column("owner", marked("Owner")),
    Column("channel", marked("Channel")),
    Column("contact", marked("Contact")),
    Column("grade", marked("Grade")),
    Column("provisional", marked("Provisional"), missing=""),
    Column("item", marked("Item")),
)
AGENDA_MORE: Final = (
    Column("needed", marked("Touches needed"), "count"),
    Column("done", marked("Touches done"), "count"),
    Column("missing", marked("Missing"), "list"),
    Column("group", marked("Group")),
    Column("customer", marked("Id")),
)


@command(
    option("--owner", metavar="LOGIN", help=marked("Only what this person has to do.")),
    option("--group", metavar="CODE", help=marked("Only what people of this group have to do.")),
    example="sales agenda --owner zhang.san",
)
def agenda(session: Session, owner: str | None, group: str | None) -> None:
    """Show what is overdue, what is due today, and what is still to be done this week.

    Next actions, planned follow-ups, touches that the cadence of a grade still asks for, and signals without an answer,
    of all customers that one may see.
    """
    from projections.views import agenda as question

    with asking(session, *question.PROJECTIONS) as (ask, moments, organisation):
        rows = question.rows(ask, moments, organisation, owner=owner, group=group, explain=session.explain)
        policies = organisation.in_force(moments.day, "cadence", "signals")
    counts = {name: sum(row["when"] == name for row in rows) for name in question.ORDER}
    if not structured(session):
        rows = [to_be_done(row) for row in rows]
    columns = columns_of(session, rows, AGENDA, AGENDA_MORE)
    session.show(Result("agenda", columns, rows, {**told(moments), "policies": policies}, marked("Agenda")))
    by_policies(session, policies)
    if session.output == "table":
        line = marked("{day}: overdue: {overdue}; today: {today}; later this week: {later}.")
        facts = {
            "day": moments.day,
            "overdue": counts["overdue"],
            "today": counts["today"],
            "later": counts["this-week"],
        }
        session.say(filled(line, facts))


def to_be_done(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line of the agenda as a reader takes it in: of a cadence what is done of what is needed."""
    what = row["what"]
    if row["kind"] == "cadence":
        what = f"{row['done']}/{row['needed']}"
        if row["missing"]:
            what += f" ({', '.join(row['missing'])})"
    over = row["days_over"] or None
    return {**ticked(row, "provisional"), "what": what, "days_over": over}
