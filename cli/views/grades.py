"""The grades that customers have had, an interval for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import argument
from cli.views.common import CUSTOMERS_GROUP, CUSTOMERS_OWNER, asking, columns_of, grade_of, grade_option, told
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

GRADES: Final = (
    Column("company", marked("Company")),
    Column("grade", marked("Grade")),
    Column("from", marked("From"), "date"),
    Column("to", marked("To"), "date"),
    Column("days", marked("Days"), "count"),
    Column("need_fit", marked("Need")),
    Column("budget", marked("Budget")),
    Column("decision_chain", marked("Decision chain")),
    Column("by", marked("By")),
    Column("unmet", marked("Criteria not met"), "list", missing=""),
    Column("reason", marked("Reason"), missing=""),
)
GRADES_MORE: Final = (
    Column("working_days", marked("Working days"), "count"),
    Column("override", marked("Override")),
    Column("customer", marked("Id")),
)


@command(
    argument("customer", required=False, help=marked("The customer: id, key or exact name; all unless given.")),
    grade_option(marked("Only intervals of this grade.")),
    CUSTOMERS_OWNER,
    CUSTOMERS_GROUP,
    example="sales grades 某某科技有限公司",
)
def grades(session: Session, customer: str | None, grade: str | None, owner: str | None, group: str | None) -> None:
    """Show from when to when a customer had which grade, by whom and for what it was given, overridden or not."""
    from projections.views import grades as question

    store = session.store()
    with asking(session, *question.NEEDS) as (ask, moments, organisation):
        rows = question.rows(
            ask,
            moments,
            organisation,
            customer=store.subject(customer) if customer else None,
            owner=owner,
            group=group,
            grade=grade_of(grade, organisation, moments),
            explain=session.explain,
        )
    if session.output == "table":
        rows = [{**row, "unmet": row["unmet"] or None} for row in rows]
    columns = columns_of(session, rows, GRADES, GRADES_MORE)
    session.show(Result("grades", columns, rows, told(moments), marked("Grades")))
