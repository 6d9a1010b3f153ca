"""The playbook: what the team has adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from cli.core.command import command
from cli.core.options import option
from cli.views.common import explained, grade_of, grade_option, told, worth_their_width
from domain.kernel.types import CustomerStage
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

PLAYBOOK: Final = (
    Column("kind", marked("Kind")),
    Column("stage", marked("Stage"), missing=""),
    Column("grade", marked("Grade"), missing=""),
    Column("objection", marked("Objection"), missing=""),
    Column("text", marked("Text")),
    Column("used", marked("Used"), "count"),
    Column("resolved", marked("Resolved"), "count"),
    Column("adopted", marked("Adopted on"), "date"),
    Column("id", marked("Id")),
)
RETIRED: Final = (Column("state", marked("State")), Column("retired", marked("Retired"), "date"))
PLAYBOOK_MORE: Final = (
    Column("by", marked("By")),
    Column("review", marked("Review")),
    Column("finding", marked("Finding")),
    Column("reason", marked("Reason")),
)


@command(
    option("--stage", choices=get_args(CustomerStage), help=marked("For this stage, as proposed.")),
    grade_option(marked("For customers of this grade.")),
    option("--objection", help=marked("Against this kind of objection, as price.")),
    option("--kind", choices=("discovery-question", "script", "case", "template"), help=marked("Only these.")),
    option("--retired", flag=True, help=marked("Those that were retired too.")),
    example="sales playbook --objection price",
)
def playbook(
    session: Session,
    stage: str | None,
    grade: str | None,
    objection: str | None,
    kind: str | None,
    retired: bool | None,
) -> None:
    """Show the questions, scripts, cases and templates that the team has adopted, and how often they worked."""
    from projections.queries.organisation import Organisation
    from projections.views import playbook as question

    store = session.store()
    with store.view(*question.NEEDS, "organisation") as ask:
        moments = store.moments(session.as_of, session.known_at)
        rows = question.rows(
            ask,
            moments,
            stage=stage,
            grade=grade_of(grade, Organisation(ask, moments.position), moments),
            objection=objection,
            kind=kind,
            retired=bool(retired),
            explain=session.explain,
        )
    every: tuple[Column, ...] = (*PLAYBOOK, *RETIRED) if retired else PLAYBOOK
    if session.output != "table":
        every = (*PLAYBOOK, *RETIRED, *PLAYBOOK_MORE)
    columns = worth_their_width(explained(every, session), rows, session)
    session.show(Result("playbook", columns, rows, told(moments), title=marked("Playbook")))
