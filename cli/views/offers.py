"""Proposals and quotes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import (
    CUSTOMER,
    CUSTOMERS_GROUP,
    CUSTOMERS_OWNER,
    asking,
    columns_of,
    customer_of,
    given_period,
    structured,
    ticked,
    told,
)
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session


PROJECTIONS: Final = ("records", "audit", "pipeline", "tracking", "organisation")
PROPOSALS: Final = (
    Column("company", marked("Company")),
    Column("what", marked("What")),
    Column("departments", marked("Departments"), "list"),
    Column("due", marked("Due"), "date"),
    Column("state", marked("State")),
    Column("late_days", marked("Days late"), "count"),
    Column("owner", marked("Owner")),
    Column("versions", marked("Versions"), "list"),
    Column("requested", marked("Asked for"), "date"),
    Column("delivered", marked("First delivered"), "date"),
    Column("provisional", marked("Provisional"), missing=""),
)
PROPOSALS_MORE: Final = (
    Column("by", marked("Asked for by")),
    Column("version", marked("Last version"), "count"),
    Column("group", marked("Group")),
    Column("item", marked("Item")),
    Column("customer", marked("Id")),
)
QUOTES: Final = (
    Column("number", marked("Quote no.")),
    Column("company", marked("Company")),
    Column("amount", marked("Amount"), "amount"),
    Column("state", marked("State")),
    Column("valid_until", marked("Valid until"), "date"),
    Column("days_left", marked("Days left"), "count"),
    Column("owner", marked("Owner")),
    Column("issued", marked("Issued"), "date"),
    Column("superseded_by", marked("Superseded by")),
    Column("group", marked("Group")),
    Column("currency", marked("Currency")),
)
QUOTES_MORE: Final = (
    Column("by", marked("Issued by")),
    Column("opportunity", marked("Opportunity")),
    Column("item", marked("Item")),
    Column("customer", marked("Id")),
)


@command(
    option("--period", "-p", metavar="PERIOD", help=marked("Only proposals asked for in this period.")),
    CUSTOMERS_OWNER,
    CUSTOMERS_GROUP,
    CUSTOMER,
    option("--department", help=marked("Only what this department was asked for.")),
    option("--state", choices=("requested", "overdue", "delivered"), help=marked("Only proposals in this state.")),
    example="sales proposals --state overdue",
)
def proposals(
    session: Session,
    period: str | None,
    owner: str | None,
    group: str | None,
    customer: str | None,
    department: str | None,
    state: str | None,
) -> None:
    """Show the proposals asked for: of which departments, by when, and in which versions they were delivered."""
    from projections.views import proposals as question

    wanted = {"owner": owner, "group": group, "department": department, "state": state}
    rows, meta = asked(session, question.rows, period, customer, wanted)
    if not structured(session):
        rows = [in_words(row) for row in rows]
    session.show(
        Result("proposals", columns_of(session, rows, PROPOSALS, PROPOSALS_MORE), rows, meta, marked("Proposals"))
    )


def in_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a proposal as a reader takes it in: each version with its day and parts."""
    versions = [
        f"{each['version']}: {each['day']}{' (' + ', '.join(each['parts']) + ')' if each['parts'] else ''}"
        for each in row["versions"]
    ]
    return {**ticked(row, "provisional"), "versions": versions, "late_days": row["late_days"] or None}


@command(
    option("--period", "-p", metavar="PERIOD", help=marked("Only quotes issued in this period.")),
    CUSTOMERS_OWNER,
    CUSTOMERS_GROUP,
    CUSTOMER,
    option("--state", choices=("valid", "expired", "superseded"), help=marked("Only quotes in this state.")),
    example="sales quotes --state valid",
)
def quotes(
    session: Session,
    period: str | None,
    owner: str | None,
    group: str | None,
    customer: str | None,
    state: str | None,
) -> None:
    """Show the quotes: which hold, which have expired, and which were superseded by others."""
    from projections.views import quotes as question

    rows, meta = asked(session, question.rows, period, customer, {"owner": owner, "group": group, "state": state})
    session.show(Result("quotes", columns_of(session, rows, QUOTES, QUOTES_MORE), rows, meta, marked("Quotes")))


def asked(
    session: Session, question: Any, period: str | None, customer: str | None, wanted: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the rows that a question answers, and what the view says of its times."""

    store = session.store()
    only = customer_of(customer, store) if customer else None
    chosen = given_period(session, period)
    with asking(session, *PROJECTIONS) as (ask, moments, organisation):
        rows = question(ask, moments, organisation, chosen, customer=only, explain=session.explain, **wanted)
    return rows, told(moments)
