"""Cadence compliance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import (
    CUSTOMER,
    CUSTOMERS_GROUP,
    CUSTOMERS_OWNER,
    asking,
    by_policies,
    chosen_period,
    columns_of,
    customer_of,
    explained,
    grade_of,
    grade_option,
    present_period,
    structured,
    ticked,
    told,
)
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import marked
from projections.views.spec import Column

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

CADENCE: Final = (
    Column("company", marked("Company")),
    Column("grade", marked("Grade")),
    Column("week", marked("Week")),
    Column("owner", marked("Owner")),
    Column("needed", marked("Touches needed"), "count"),
    Column("done", marked("Touches done"), "count"),
    Column("missing", marked("Missing"), "list"),
    Column("state", marked("State")),
    Column("from", marked("From"), "date"),
    Column("to", marked("To"), "date"),
    Column("deliverables", marked("Deliverables"), "list"),
    Column("provisional", marked("Provisional"), missing=""),
)
CADENCE_MORE: Final = (
    Column("group", marked("Group")),
    Column("working_days", marked("Working days"), "count"),
    Column("days", marked("Days"), "list"),
    Column("policy_from", marked("Policy from"), "date"),
    Column("customer", marked("Id")),
)
OWNERS: Final = (
    Column("owner", marked("Owner"), missing=marked("none")),
    Column("customers", marked("Customers"), "count"),
    Column("windows", marked("Windows"), "count"),
    Column("needed", marked("Touches needed"), "count"),
    Column("done", marked("Touches done"), "count"),
    Column("met", marked("Windows met"), "count"),
    Column("missed", marked("Missed"), "count"),
    Column("open", marked("Windows open"), "count"),
    Column("met_share", marked("Share met"), "ratio", missing=marked("n/a")),
)


@command(
    present_period(),
    grade_option(marked("Only windows of this grade.")),
    CUSTOMERS_OWNER,
    CUSTOMERS_GROUP,
    CUSTOMER,
    option("--missed", flag=True, help=marked("Only windows that were missed.")),
    option("--summary", flag=True, help=marked("A line for each owner instead, and one for all.")),
    example="sales cadence --period 2024-W07 --grade key",
)
def cadence(
    session: Session,
    period: str | None,
    grade: str | None,
    owner: str | None,
    group: str | None,
    customer: str | None,
    missed: bool | None,
    summary: bool | None,
) -> None:
    """Show whether customers were met as often as their grade asks: what was needed, done and missing in each window.

    A window is an ISO week, or so many weeks from the grading on; it counts in the period in which it ends. It needs no
    more touches than it has working days. Another grade begins windows of its own, and the one that it cuts short is
    neither met nor missed, unless it was met before.
    """
    from projections.views.cadence import view as question

    store = session.store()
    only = customer_of(customer, store) if customer else None
    with asking(session, *question.PROJECTIONS) as (ask, moments, organisation):
        chosen = chosen_period(session, period, moments)
        rows = question.rows(
            ask, moments, organisation, chosen,
            grade=grade_of(grade, organisation, moments), owner=owner, group=group, customer=only, explain=session.explain,
        )  # fmt: skip
        policies = question.policies(organisation, rows, moments)
    meta = {**told(moments), "period": chosen.name, "policies": policies}
    if missed:
        rows = [row for row in rows if row["state"] == "missed"]
    if summary:
        lines = question.by_owner(rows)
        if not structured(session):
            lines = [{**each, "owner": _("all") if each["level"] == "all" else each["owner"]} for each in lines]
        session.show(Result("cadence-summary", explained(OWNERS, session), lines, meta, marked("Cadence by owner")))
        by_policies(session, policies)
        return
    if not structured(session):
        rows = [
            {
                **ticked(row, "provisional"),
                "deliverables": [f"{each['day']} {each['channel']}" for each in row["deliverables"]],
            }
            for row in rows
        ]
    columns = columns_of(session, rows, CADENCE, CADENCE_MORE)
    session.show(Result("cadence", columns, rows, meta, marked("Cadence")))
    by_policies(session, policies)
