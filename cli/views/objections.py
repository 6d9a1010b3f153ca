"""Objections and how they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import CUSTOMERS_GROUP, CUSTOMERS_OWNER, asking, columns_of, given_period, told
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

OBJECTIONS: Final = (
    Column("company", marked("Company")),
    Column("kind", marked("Kind")),
    Column("words", marked("In their words")),
    Column("state", marked("State")),
    Column("answer", marked("Answered with")),
    Column("outcome", marked("Outcome")),
    Column("days_open", marked("Days open"), "count"),
    Column("owner", marked("Owner")),
    Column("logged", marked("Logged"), "date"),
    Column("group", marked("Group")),
)
OBJECTIONS_MORE: Final = (
    Column("answered", marked("Answer given on"), "date"),
    Column("resolved", marked("Resolved"), "date"),
    Column("by", marked("Logged by")),
    Column("item", marked("Item")),
    Column("customer", marked("Id")),
)
KINDS: Final = (
    Column("kind", marked("Kind")),
    Column("count", marked("Count"), "count"),
    Column("open", marked("Open"), "count"),
    Column("answered", marked("Answered"), "count"),
    Column("resolved", marked("Resolved"), "count"),
    Column("resolved_share", marked("Resolved share"), "ratio"),
    Column("median_days", marked("Median days"), "count"),
)


@command(
    option("--period", "-p", metavar="PERIOD", help=marked("Only objections logged in this period.")),
    option("--kind", help=marked("Only objections of this kind, as price.")),
    CUSTOMERS_OWNER,
    CUSTOMERS_GROUP,
    option("--open", flag=True, help=marked("Only those not resolved yet, answered or not.")),
    option(
        "--summary", flag=True, help=marked("A line for each kind instead: how many, resolved, and in how many days.")
    ),
    example="sales objections --period 2024Q1 --kind price",
)
def objections(
    session: Session,
    period: str | None,
    kind: str | None,
    owner: str | None,
    group: str | None,
    open: bool | None,
    summary: bool | None,
) -> None:
    """Show what customers objected to, what was answered, how it ended, and how many days it was open."""
    from projections.views import objections as question

    with asking(session, "objections", "tracking", "pipeline", "audit", "organisation") as (ask, moments, organisation):
        rows = question.rows(
            ask,
            moments,
            organisation,
            given_period(session, period),
            kind=kind,
            owner=owner,
            group=group,
            still_open=bool(open),
            explain=session.explain,
        )
    if summary:
        session.show(
            Result("objections-summary", KINDS, question.by_kind(rows), told(moments), marked("Objections by kind"))
        )
        return
    columns = columns_of(session, rows, OBJECTIONS, OBJECTIONS_MORE)
    session.show(Result("objections", columns, rows, told(moments), marked("Objections")))
