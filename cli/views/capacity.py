"""The capacity check: touches planned against touches that the cadences demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli import text
from cli.frame import command
from cli.options import option
from cli.text import marked
from cli.view import Column, View
from cli.views.common import by_policies, explained, period_of, present_period, quarter_of, told, worth_their_width
from cli.views.plans import PROJECTIONS

if TYPE_CHECKING:
    from cli.session import Session

_ = text.translate

CAPACITY: Final = (
    Column("owner", marked("Owner")),
    Column("group", marked("Group"), missing=""),
    Column("week", marked("Week")),
    Column("working_days", marked("Days"), "count"),
    Column("key", marked("Graded key"), "count"),
    Column("high", marked("Graded high"), "count"),
    Column("initial", marked("Graded initial"), "count"),
    Column("needed", marked("Needed"), "count"),
    Column("planned", marked("Planned"), "count"),
    Column("spare", marked("Spare"), "count"),
    Column("result", marked("Result"), missing=""),
)
CAPACITY_MORE: Final = (Column("first", marked("First day"), "date"), Column("last", marked("Last day"), "date"))


@command(
    present_period(),
    option("--owner", metavar="LOGIN", help=marked("Only this person.")),
    option("--group", metavar="CODE", help=marked("Only the people of this group.")),
    option("--short", flag=True, help=marked("Only the weeks in which more is demanded than is planned.")),
    example="sales capacity --period 2024Q1 --group g1",
)
def capacity(session: Session, period: str | None, owner: str | None, group: str | None, short: bool | None) -> None:
    """Show for each person and week the touches that the plan commits to against those that the owned customers demand."""
    from projections.organisation.ask import Organisation
    from projections.plans import capacity as question

    store = session.store()
    with store.view(*PROJECTIONS) as ask:
        moments = store.moments(session.as_of, session.known_at)
        chosen = period_of(period, store) if period else quarter_of(moments, store)
        rows, policies = question.rows(
            ask,
            moments,
            Organisation(ask, moments.position),
            chosen,
            owner=owner,
            group=group,
            fiscal_month=store.fiscal_month,
            explain=session.explain,
        )
    if short:
        rows = [row for row in rows if row["result"] == "short"]
    every = CAPACITY if session.output == "table" else (*CAPACITY, *CAPACITY_MORE)
    columns = worth_their_width(explained(every, session), rows, session)
    meta = {**told(moments), "period": chosen.name, "policies": policies}
    session.show(View("capacity", columns, rows, meta))
    by_policies(session, policies)
