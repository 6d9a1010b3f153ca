"""Reviews, what they found, and what became of what was agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import asking, columns_of, given_period, structured, timely, told
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

REVIEWS: Final = (
    Column("day", marked("Day"), "date"),
    Column("part", marked("Record")),
    Column("of", marked("Of"), missing=""),
    Column("words", marked("Cause, or what is agreed"), missing=""),
    Column("owner", marked("Owner"), missing=""),
    Column("due", marked("Due"), "date", missing=""),
    Column("state", marked("State")),
    Column("overdue", marked("Overdue"), missing=""),
    Column("kind", marked("Kind"), missing=""),
    Column("evidence", marked("Evidence"), "list"),
    Column("item", marked("Item"), missing=""),
    Column("review", marked("Review")),
)
REVIEWS_MORE: Final = (
    Column("finding", marked("Finding")),
    Column("done_with", marked("Done with")),
    Column("late_days", marked("Days late"), "count"),
    Column("closed", marked("Closed on"), "date"),
    Column("by", marked("By")),
    Column("period", marked("Period")),
    Column("group", marked("Group")),
    Column("opportunity", marked("Opportunity")),
    Column("customer", marked("Id")),
)


@command(
    option("--period", "-p", metavar="PERIOD", help=marked("Only reviews held in this period.")),
    option("--part", choices=("review", "finding", "improvement"), help=marked("Only these lines.")),
    option(
        "--kind",
        choices=("weekly", "monthly", "quarterly", "deal-won", "deal-lost"),
        help=marked("Only reviews of this kind."),
    ),
    option("--owner", metavar="LOGIN", help=marked("Only reviews of this person's work, and what is theirs to do.")),
    option(
        "--group", metavar="CODE", help=marked("Only reviews of this group's work, and what is its people's to do.")
    ),
    option("--overdue", flag=True, help=marked("Only improvements that are open after their day.")),
    example="sales reviews --part improvement --overdue",
)
def reviews(
    session: Session,
    period: str | None,
    part: str | None,
    kind: str | None,
    owner: str | None,
    group: str | None,
    overdue: bool | None,
) -> None:
    """Show reviews with their findings, the events that show them, and the improvements open, overdue and done."""
    from projections.views import reviews as question

    with asking(session, *question.NEEDS) as (ask, moments, organisation):
        rows = question.rows(
            ask,
            moments,
            organisation,
            given_period(session, period),
            part=part,
            kind=kind,
            owner=owner,
            group=group,
            overdue=bool(overdue),
            explain=session.explain,
        )
    shown = rows if structured(session) else [readable(row) for row in rows]
    columns = columns_of(session, shown, REVIEWS, REVIEWS_MORE)
    session.show(Result("reviews", columns, shown, told(moments), title=marked("Reviews and improvements")))
    if session.output == "table" and rows:
        agreed = [row for row in rows if row["part"] == "improvement"]
        facts = {
            "findings": sum(1 for row in rows if row["part"] == "finding"),
            "open": sum(1 for row in agreed if row["state"] == "open"),
            "overdue": sum(1 for row in agreed if row["overdue"]),
            "done": sum(1 for row in agreed if row["state"] == "done"),
        }
        line = marked("Findings: {findings}; improvements open: {open}, of these overdue: {overdue}; done: {done}.")
        session.say(filled(line, facts))


def readable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row whose evidence names each event by its position and name, and says if it was corrected since."""
    return {**timely(row), "evidence": [_event(each) for each in row["evidence"]]}


def _event(told: Mapping[str, Any]) -> str:
    since = f" ({_(told['since'])})" if told["since"] else ""
    return f"{told['position']} {told['name']}{since}"


SINCE: Final = (marked("corrected"), marked("voided"))
