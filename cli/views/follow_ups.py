"""The record of follow-ups, and the agenda."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import (
    asking,
    by_policies,
    chosen_period,
    columns_of,
    customer_of,
    present_period,
    structured,
    ticked,
    told,
)
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

CHANNELS: Final = ("call", "visit", "e-mail", "message", "meeting", "minutes", "document", "other")
FOLLOW_UPS: Final = (
    Column("time", marked("Time"), "time"),
    Column("company", marked("Company")),
    Column("channel", marked("Channel")),
    Column("contact", marked("Contact")),
    Column("feedback", marked("Feedback")),
    Column("need_change", marked("Need changed")),
    Column("next_actions", marked("Next actions"), "list"),
    Column("actor", marked("By")),
    Column("recorder", marked("Recorder")),
    Column("late_days", marked("Late"), "count"),
    Column("breaks_norm", marked("Over"), missing=""),
)
FOLLOW_UPS_MORE: Final = (
    Column("summary", marked("Summary")),
    Column("reached", marked("Somebody reached")),
    Column("touch", marked("Touch")),
    Column("recorded", marked("Recorded"), "time"),
    Column("owner", marked("Owner")),
    Column("group", marked("Group")),
    Column("plan", marked("Planned as")),
    Column("item", marked("Item")),
    Column("customer", marked("Id")),
)
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
    present_period(),
    option("--owner", metavar="LOGIN", help=marked("Only follow-ups that this person made.")),
    option("--group", metavar="CODE", help=marked("Only follow-ups by people of this group.")),
    option("--channel", choices=CHANNELS, help=marked("Only follow-ups by this channel.")),
    option("--customer", metavar="SUBJECT", help=marked("Only those with this customer: id, key or exact name.")),
    example="sales follow-ups --period 2024-W07 --owner zhang.san",
)
def follow_ups(
    session: Session,
    period: str | None,
    owner: str | None,
    group: str | None,
    channel: str | None,
    customer: str | None,
) -> None:
    """Show the record of follow-ups: who met whom, how, what was said and agreed, and how late it was entered.

    They are listed by who made them, as progress counts them. Minutes and documents are deliverables, not touches.
    """
    from projections.views import follow_ups as question

    store = session.store()
    only = customer_of(customer, store) if customer else None
    with asking(session, *question.PROJECTIONS) as (ask, moments, organisation):
        chosen = chosen_period(session, period, moments)
        rows = question.rows(
            ask, moments, organisation, chosen,
            owner=owner, group=group, channel=channel, customer=only, explain=session.explain,
        )  # fmt: skip
        policies = question.policies(organisation, rows, moments)
    if not structured(session):
        rows = [spoken(row) for row in rows]
    columns = columns_of(session, rows, FOLLOW_UPS, FOLLOW_UPS_MORE)
    session.show(
        Result(
            "follow-ups",
            columns,
            rows,
            {**told(moments), "period": chosen.name, "policies": policies},
            marked("Record of follow-ups"),
        )
    )
    by_policies(session, policies)


def spoken(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a follow-up as a reader takes it in: what was agreed as text with its day."""
    agreed = [
        f"{each['what']} @ {each['due']}{' ' + _('(provisional)') if each['provisional'] else ''} ({each['state']})"
        for each in row["next_actions"]
    ]
    return {**ticked(row, "breaks_norm"), "next_actions": agreed}


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
