"""Buying signals, and which of them nobody has answered."""

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
    ticked,
    told,
)
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session


SIGNALS: Final = (
    Column("company", marked("Company")),
    Column("kind", marked("Kind")),
    Column("logged", marked("Logged"), "date"),
    Column("due", marked("Due"), "date"),
    Column("state", marked("State")),
    Column("waited", marked("Waited"), "count"),
    Column("owner", marked("Owner")),
    Column("answered_by", marked("Answered through")),
    Column("answered", marked("Answered on"), "date"),
    Column("words", marked("In their words")),
    Column("group", marked("Group")),
    Column("provisional", marked("Provisional"), missing=""),
)
SIGNALS_MORE: Final = (
    Column("by", marked("Logged by")),
    Column("grade", marked("Grade")),
    Column("item", marked("Item")),
    Column("customer", marked("Id")),
)


@command(
    option("--period", "-p", metavar="PERIOD", help=marked("Only signals logged in this period.")),
    option("--kind", help=marked("Only signals of this kind, as asks-for-quotation.")),
    CUSTOMERS_OWNER,
    CUSTOMERS_GROUP,
    option("--unanswered", flag=True, help=marked("Only those that waited for their working days in vain.")),
    example="sales signals --unanswered --owner zhang.san",
)
def signals(
    session: Session,
    period: str | None,
    kind: str | None,
    owner: str | None,
    group: str | None,
    unanswered: bool | None,
) -> None:
    """Show what customers asked for, and whether it was answered in time.

    A touch on a later day answers a signal. So does, from its own day on, what fits its kind: a quote or a contract
    for asks-for-quotation, a contract for asks-for-contract-details, nothing else for asks-for-visit; a proposal, a quote or
    a contract for any other kind; of a contract its draft, or its signing. After its working days without an answer it is unanswered.
    """
    from projections.views import signals as question

    with asking(session, *question.PROJECTIONS) as (ask, moments, organisation):
        rows = question.rows(
            ask, moments, organisation, given_period(session, period),
            kind=kind, owner=owner, group=group, explain=session.explain,
        )  # fmt: skip
        policies = question.policies(organisation, rows, moments)
    if unanswered:
        rows = [row for row in rows if row["state"] == "unanswered"]
    if not structured(session):
        rows = [ticked(row, "provisional") for row in rows]
    columns = columns_of(session, rows, SIGNALS, SIGNALS_MORE)
    session.show(Result("signals", columns, rows, {**told(moments), "policies": policies}, marked("Buying signals")))
    by_policies(session, policies)
