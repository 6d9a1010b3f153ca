"""The public pool: who is in it, and who is about to be recalled into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import asking, by_policies, explained, given_period, told, worth_their_width
from cli.views.log import count_of
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

POOL: Final = (
    Column("company", marked("Company")),
    Column("since", marked("In the pool since"), "date"),
    Column("days", marked("Days"), "count"),
    Column("why", marked("How it came")),
    Column("former", marked("Former owner")),
    Column("reason", marked("Reason"), missing=""),
    Column("claimable_from", marked("Claimable from"), "date"),
    Column("last_contact", marked("Last contact"), "time"),
    Column("former_from", marked("Former owner from"), "date"),
    Column("grade", marked("Grade")),
)
POOL_MORE: Final = (
    Column("industry", marked("Industry")),
    Column("size", marked("Size")),
    Column("channel", marked("Channel")),
    Column("customer", marked("Id")),
)
DUE: Final = (
    Column("company", marked("Company")),
    Column("owner", marked("Owner")),
    Column("untouched_since", marked("Untouched since"), "date"),
    Column("due", marked("Recalled on"), "date"),
    Column("days_left", marked("Days left"), "count"),
    Column("protected_until", marked("Protected until"), "date"),
    Column("disputed", marked("Disputed")),
    Column("grade", marked("Grade")),
    Column("next_action", marked("Next action")),
    Column("next_due", marked("Due"), "date"),
)
DUE_MORE: Final = (Column("group", marked("Group")), Column("customer", marked("Id")))


@command(
    option("--due", flag=True, help=marked("Instead: who is about to be recalled into the pool, and when.")),
    option("--within", metavar="N", help=marked("With --due: within how many working days; 5 unless given.")),
    option("claimant", "--for", metavar="LOGIN", help=marked("Only whom this person may claim on that day.")),
    option("--period", "-p", metavar="PERIOD", help=marked("Only those who came into the pool in this period.")),
    option("--owner", metavar="LOGIN", help=marked("Only customers of this owner, in the pool: of this former owner.")),
    option("--group", metavar="CODE", help=marked("Only customers of this group, in the pool: of its former owners.")),
    example="sales pool --due --within 10",
)
def pool(
    session: Session,
    due: bool | None,
    within: str | None,
    claimant: str | None,
    period: str | None,
    owner: str | None,
    group: str | None,
) -> None:
    """Show the public pool: who is in it, since when, from whom and why, and from when they may be claimed."""
    from projections.views import pool as question

    if due and (claimant or period):
        why = marked("--due stands with --within, --owner and --group.")
        raise Problem("usage.options", why=why, command="pool")
    days = count_of(within, 5)
    with asking(session, *question.NEEDS) as (ask, moments, organisation):
        chosen: dict[str, Any] = {"owner": owner, "group": group, "explain": session.explain}
        meta = {**told(moments), "policies": organisation.in_force(moments.day, "pool")}
        if due:
            rows = question.due(ask, moments, organisation, within=days, **chosen)
        else:
            named = given_period(session, period)
            rows = question.rows(ask, moments, organisation, period=named, claimant=claimant, **chosen)
    name, few, more = ("pool-due", DUE, DUE_MORE) if due else ("pool", POOL, POOL_MORE)
    title = marked("Due for the pool") if due else marked("The public pool")
    columns = explained(few if session.output == "table" else (*few, *more), session)
    session.show(Result(name, worth_their_width(columns, rows, session), rows, meta, title))
    by_policies(session, meta["policies"])
