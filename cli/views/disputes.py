"""Disputes about whose a customer is, open and ruled on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import asking, columns_of, given_period, told
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

DISPUTES: Final = (
    Column("company", marked("Company")),
    Column("state", marked("State")),
    Column("owner", marked("Owner")),
    Column("claimant", marked("Claimant")),
    Column("evidence", marked("Evidence"), missing=""),
    Column("raised", marked("Raised"), "date"),
    Column("awarded", marked("Awarded to")),
    Column("reason", marked("Reason"), missing=""),
    Column("ruled", marked("Ruled"), "date"),
    Column("ruled_by", marked("Ruled by")),
    Column("owner_first", marked("Owner registered"), "time"),
    Column("claimant_first", marked("Claimant registered"), "time"),
    Column("item", marked("Item")),
)
DISPUTES_MORE: Final = (Column("moved", marked("Moved")), Column("customer", marked("Id")))


@command(
    option("--open", flag=True, help=marked("Only those that nobody has ruled on yet.")),
    option("--period", "-p", metavar="PERIOD", help=marked("Only those raised in this period.")),
    option("--owner", metavar="LOGIN", help=marked("Only those to which this person is a party.")),
    option("--group", metavar="CODE", help=marked("Only those with a party in this group.")),
    example="sales disputes --open",
)
def disputes(session: Session, open: bool | None, period: str | None, owner: str | None, group: str | None) -> None:
    """Show who says a customer is theirs, who was there first by the log, and how it was ruled."""
    from projections.views import disputes as question

    with asking(session, "records", "tracking", "pipeline", "audit", "organisation") as (ask, moments, organisation):
        rows = question.rows(
            ask,
            moments,
            organisation,
            given_period(session, period),
            owner=owner,
            group=group,
            still_open=bool(open),
            explain=session.explain,
        )
    columns = columns_of(session, rows, DISPUTES, DISPUTES_MORE)
    session.show(Result("disputes", columns, rows, told(moments), marked("Disputes")))
