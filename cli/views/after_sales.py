"""The time after a sale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import (
    CUSTOMERS_GROUP,
    CUSTOMERS_OWNER,
    asking,
    by_policies,
    columns_of,
    given_period,
    structured,
    timely,
    told,
)
from infra.formats.result import Result
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

AFTER_SALES: Final = (
    Column("company", marked("Company")),
    Column("record", marked("Record")),
    Column("kind", marked("Kind"), missing=""),
    Column("words", marked("In words"), missing=""),
    Column("due", marked("Due"), "date"),
    Column("state", marked("State")),
    Column("overdue", marked("Overdue"), missing=""),
    Column("score", marked("Score"), "count", missing=""),
    Column("owner", marked("Owner")),
    Column("days_open", marked("Days open"), "count", missing=""),
    Column("to", marked("Handed to"), missing=""),
    Column("recorded", marked("Recorded"), "date"),
)
AFTER_SALES_MORE: Final = (
    Column("closed", marked("Closed on"), "date"),
    Column("late_days", marked("Days late"), "count"),
    Column("outcome", marked("Outcome")),
    Column("reason", marked("Reason")),
    Column("contract", marked("Contract")),
    Column("by", marked("By")),
    Column("group", marked("Group")),
    Column("item", marked("Item")),
    Column("customer", marked("Id")),
)
OWNERS: Final = (
    Column("level", marked("Level")),
    Column("owner", marked("Owner")),
    Column("hand_overs", marked("Hand-overs"), "count"),
    Column("promises", marked("Promises"), "count"),
    Column("kept", marked("Kept"), "count"),
    Column("broken", marked("Broken"), "count"),
    Column("visits_due", marked("Visits due"), "count"),
    Column("visits_done", marked("Visits done"), "count"),
    Column("visits_overdue", marked("Visits overdue"), "count"),
    Column("satisfied", marked("Satisfied"), "count"),
    Column("scored", marked("Scored"), "count"),
    Column("satisfaction", marked("Satisfaction"), "ratio"),
    Column("complaints", marked("Complaints"), "count"),
    Column("complaints_open", marked("Still open"), "count"),
    Column("longest_open", marked("Longest open"), "count"),
)


@command(
    option(
        "--period",
        "-p",
        metavar="PERIOD",
        help=marked("Only what was recorded, and visits that are due, in this period."),
    ),
    option(
        "--record", choices=("hand-over", "promise", "visit", "complaint"), help=marked("Only records of this kind.")
    ),
    CUSTOMERS_OWNER,
    CUSTOMERS_GROUP,
    option("--open", flag=True, help=marked("Only promises, visits and complaints that are still open.")),
    option(
        "--summary",
        flag=True,
        help=marked("A line for each owner instead: promises kept, visits due and done, satisfaction, complaints."),
    ),
    example="sales after-sales --record complaint --open",
)
def after_sales(
    session: Session,
    period: str | None,
    record: str | None,
    owner: str | None,
    group: str | None,
    open: bool | None,
    summary: bool | None,
) -> None:
    """Show hand-overs with their promises, return visits with their scores, and complaints with the days they are open."""
    from projections.views import after_sales as question

    with asking(session, *question.NEEDS) as (ask, moments, organisation):
        rows = question.rows(
            ask,
            moments,
            organisation,
            given_period(session, period),
            record=record,
            owner=owner,
            group=group,
            still_open=bool(open),
            explain=session.explain,
        )
        rules = organisation.in_force(moments.day, "satisfaction")
        satisfied = int(rules[0]["values"]["satisfied_from"])
        lines = question.by_owner(rows, satisfied)
    meta = {**told(moments), "policies": rules}
    if summary:
        session.show(Result("after-sales-summary", OWNERS, lines, meta, title=marked("After-sales")))
        by_policies(session, rules)
        return
    shown = rows if structured(session) else [timely(row) for row in rows]
    columns = columns_of(session, shown, AFTER_SALES, AFTER_SALES_MORE)
    session.show(Result("after-sales", columns, shown, meta, title=marked("After-sales")))
    if session.output == "table" and lines:
        line = marked(
            "Satisfied: {satisfied} of {scored}, from a score of {score} on; complaints open: {complaints_open}."
        )
        session.say(filled(line, {**lines[0], "score": satisfied}))
        by_policies(session, rules)
