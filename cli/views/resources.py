"""Resource requests, and the form of a week."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import columns_of, given_period, told
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

RESOURCES: Final = (
    Column("department", marked("Department")),
    Column("item", marked("Item")),
    Column("count", marked("Count"), "count", missing=""),
    Column("requested_by", marked("By")),
    Column("needed_by", marked("Needed by"), "date"),
    Column("state", marked("State")),
    Column("days_overdue", marked("Days overdue"), "count", missing=""),
    Column("reason", marked("Reason"), missing=""),
    Column("requested", marked("Requested"), "date"),
    Column("granted", marked("Granted"), "date", missing=""),
    Column("declined", marked("Declined"), "date", missing=""),
    Column("delivered", marked("Delivered"), "date", missing=""),
)
RESOURCES_MORE: Final = (
    Column("decided_by", marked("Decided by")),
    Column("overdue", marked("Overdue")),
    Column("happened", marked("Happened"), "list"),
    Column("plan", marked("Plan")),
    Column("id", marked("Id")),
)


@command(
    option(
        "--week",
        "-w",
        metavar="WEEK",
        help=marked("The form of this week, as 2024-W07: what happened in it, and what was open at its end."),
    ),
    option("--department", metavar="NAME", help=marked("Only what this department is asked for.")),
    option("--open", flag=True, help=marked("Only what is neither delivered nor declined.")),
    example="sales resources --week 2024-W07",
)
def resources(session: Session, week: str | None, department: str | None, open: bool | None) -> None:
    """Show what departments were asked for: by when, granted, declined, delivered, open and overdue."""
    from projections.engine.as_of import at_the_end
    from projections.queries.organisation import Organisation
    from projections.views import resources as question

    store = session.store()
    chosen = given_period(session, week)
    if chosen and "W" not in chosen.name:
        raise Problem("usage.bad_period", value=week, why=marked("a week is written 2024-W07"))
    with store.view("records", "audit", "pipeline", "organisation") as ask:
        moments = store.moments(session.as_of, session.known_at)
        moments = at_the_end(moments, chosen) if chosen else moments
        organisation = Organisation(ask, moments.position)
        rows = question.rows(
            ask,
            moments,
            organisation,
            chosen,
            department=department,
            still_open=bool(open),
            explain=session.explain,
        )
    columns = columns_of(session, rows, RESOURCES, RESOURCES_MORE)
    departments = question.by_department(rows)
    meta = {**told(moments), "week": chosen.name if chosen else None, "departments": departments}
    session.show(Result("resources", columns, rows, meta))
    for each in departments if session.output == "table" else ():
        session.say(summed(each))


def summed(department: Mapping[str, Any]) -> str:
    """Return a department's line of the form."""
    line = _(
        "{department}: requested {requested}, granted {granted}, declined {declined}, delivered {delivered}, "
        "open {open}, overdue {overdue}."
    )
    return line.format(**department)
