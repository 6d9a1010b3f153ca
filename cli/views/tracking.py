"""The customer tracking table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import (
    CUSTOMERS_GROUP,
    CUSTOMERS_OWNER,
    asking,
    explained,
    grade_of,
    grade_option,
    structured,
    told,
)
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

TRACKING: Final = (
    Column("company", marked("Company")),
    Column("stage", marked("Stage")),
    Column("grade", marked("Grade")),
    Column("owner", marked("Owner")),
    Column("group", marked("Group")),
    Column("expected", marked("Expected"), "amount"),
    Column("signed", marked("Signed"), "amount"),
    Column("collected", marked("Collected"), "amount"),
    Column("last_contact", marked("Last contact"), "time"),
    Column("next_action", marked("Next action")),
    Column("next_due", marked("Due"), "date"),
    Column("open_objections", marked("Open objections"), "list"),
    Column("channel", marked("Channel")),
    Column("completeness", marked("File"), "ratio"),
    Column("currency", marked("Currency")),
    Column("id", marked("Id")),
)
TRACKING_MORE: Final = (
    Column("industry", marked("Industry")),
    Column("size", marked("Size")),
    Column("contact", marked("Contact")),
    Column("pain_points", marked("Pain points"), "list"),
    Column("campaign", marked("Campaign")),
)


@command(
    option("--stage", help=marked("Only customers in this stage.")),
    grade_option(marked("Only customers of this grade.")),
    CUSTOMERS_OWNER,
    CUSTOMERS_GROUP,
    option("--channel", help=marked("Only customers who came through this channel.")),
    option("--wide", flag=True, help=marked("All columns of the file.")),
    example="sales tracking --as-of 2024-02-18 --known-at 2024-02-20",
)
def tracking(
    session: Session,
    stage: str | None,
    grade: str | None,
    owner: str | None,
    group: str | None,
    channel: str | None,
    wide: bool | None,
) -> None:
    """Show the customer tracking table: a row a customer, as of any day, as it was known on any day."""
    from projections.views import tracking as question

    store = session.store()
    given = {"stage": stage, "owner": owner, "group": group, "channel": channel}
    wanted: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    with asking(session, "tracking", "organisation", *(["audit"] if session.explain else [])) as (
        ask,
        moments,
        organisation,
    ):
        if grade is not None:
            wanted["grade"] = grade_of(grade, organisation, moments)
        rows = question.rows(ask, moments, organisation, currency=store.currency, wanted=wanted)
        if session.explain:
            from projections.queries.audit_events import of_customers
            from projections.views.tracking_events import with_fields

            behind = with_fields(ask, of_customers(ask, moments, [row["id"] for row in rows]))
            rows = [{**row, "events": behind.get(row["id"], [])} for row in rows]
    if not structured(session):
        rows = [{**row, "open_objections": [each["kind"] for each in row["open_objections"]]} for row in rows]
    columns = (*TRACKING, *TRACKING_MORE) if wide or session.output in ("csv", "xlsx", "html") else TRACKING
    session.show(Result("tracking", explained(columns, session), rows, told(moments), marked("Tracking table")))
