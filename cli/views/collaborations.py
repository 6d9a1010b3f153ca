"""What other departments were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import (
    CUSTOMERS_GROUP,
    CUSTOMERS_OWNER,
    asking,
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


COLLABORATIONS: Final = (
    Column("department", marked("Department")),
    Column("company", marked("Company")),
    Column("what", marked("What")),
    Column("due", marked("Due"), "date"),
    Column("state", marked("State")),
    Column("overdue", marked("Overdue"), missing=""),
    Column("late_days", marked("Days late"), "count"),
    Column("owner", marked("Owner")),
    Column("reason", marked("Reason"), missing=""),
    Column("closed", marked("Closed on"), "date", missing=""),
)
COLLABORATIONS_MORE: Final = (
    Column("in_time", marked("In time"), missing=""),
    Column("words", marked("Delivered with")),
    Column("asked", marked("Asked on"), "date"),
    Column("by", marked("Asked by")),
    Column("group", marked("Group")),
    Column("item", marked("Item")),
    Column("customer", marked("Id")),
)
DEPARTMENTS: Final = (
    Column("department", marked("Department")),
    Column("asked", marked("Asked"), "count"),
    Column("open", marked("Still open"), "count"),
    Column("overdue", marked("How many overdue"), "count"),
    Column("longest_overdue", marked("Longest overdue"), "count"),
    Column("declined", marked("How many declined"), "count"),
    Column("delivered", marked("How many delivered"), "count"),
    Column("in_time", marked("In time"), "count"),
    Column("in_time_share", marked("In time share"), "ratio"),
)


@command(
    option("--period", "-p", metavar="PERIOD", help=marked("Only what was asked for in this period.")),
    option("--department", help=marked("Only what this department was asked for.")),
    CUSTOMERS_OWNER,
    CUSTOMERS_GROUP,
    option("--open", flag=True, help=marked("Only what is neither delivered nor declined yet.")),
    option("--overdue", flag=True, help=marked("Only what is open after its day, by department.")),
    option("--summary", flag=True, help=marked("A line for each department instead: asked, overdue, in time.")),
    example="sales collaborations --overdue",
)
def collaborations(
    session: Session,
    period: str | None,
    department: str | None,
    owner: str | None,
    group: str | None,
    open: bool | None,
    overdue: bool | None,
    summary: bool | None,
) -> None:
    """Show what other departments were asked for, by when, what they delivered, and what is overdue."""
    from projections.views import collaborations as question

    with asking(session, *question.NEEDS) as (ask, moments, organisation):
        rows = question.rows(
            ask,
            moments,
            organisation,
            given_period(session, period),
            department=department,
            owner=owner,
            group=group,
            still_open=bool(open),
            overdue=bool(overdue),
            explain=session.explain,
        )
    if summary:
        session.show(
            Result(
                "collaborations-summary",
                DEPARTMENTS,
                question.by_department(rows),
                told(moments),
                title=marked("Collaborations"),
            )
        )
        return
    shown = rows if structured(session) else [timely(row) for row in rows]
    columns = columns_of(session, shown, COLLABORATIONS, COLLABORATIONS_MORE)
    session.show(Result("collaborations", columns, shown, told(moments), title=marked("Collaborations")))
    if session.output == "table" and rows:
        line = marked("Asked for: {count}; open: {open}; overdue: {overdue}.")
        still = sum(1 for row in rows if row["state"] == "open")
        late = sum(1 for row in rows if row["overdue"])
        session.say(filled(line, {"count": len(rows), "open": still, "overdue": late}))
