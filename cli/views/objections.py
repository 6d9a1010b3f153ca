"""Objections and how they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli import text
from cli.frame import command
from cli.options import option
from cli.text import marked
from cli.view import Column, View
from cli.views.common import explained, period_of, told, worth_their_width

if TYPE_CHECKING:
    from cli.session import Session

_ = text.translate

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
    option("--owner", metavar="LOGIN", help=marked("Only customers of this owner.")),
    option("--group", metavar="CODE", help=marked("Only customers of this group.")),
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
    from projections.objections import ask as question
    from projections.organisation.ask import Organisation

    store = session.store()
    with store.view("objections", "tracking", "pipeline", "audit", "organisation") as ask:
        moments = store.moments(session.as_of, session.known_at)
        rows = question.rows(
            ask,
            moments,
            Organisation(ask, moments.position),
            period_of(period, store) if period else None,
            kind=kind,
            owner=owner,
            group=group,
            still_open=bool(open),
            explain=session.explain,
        )
    if summary:
        session.show(
            View("objections-summary", KINDS, question.by_kind(rows), told(moments), marked("Objections by kind"))
        )
        return
    every = OBJECTIONS if session.output == "table" else (*OBJECTIONS, *OBJECTIONS_MORE)
    columns = worth_their_width(explained(every, session), rows, session)
    session.show(View("objections", columns, rows, told(moments), marked("Objections")))
