"""The playbook: what the team has adopted, and what is said of it where it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from cli.frame import command
from cli.options import option
from cli.text import filled, marked
from cli.view import Column, View
from cli.views.common import explained, told, worth_their_width
from cli.width import clean
from domain.words import CustomerStage
from infra.problem import Problem

if TYPE_CHECKING:
    from cli.session import Session
    from infra.gathered import Recorded

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
SAID: Final = 3
"""How many practices are named after an objection; the others are in the view."""


@command(
    option("--stage", choices=get_args(CustomerStage), help=marked("For this stage, as proposed.")),
    option("--grade", choices=("initial", "high", "key"), help=marked("For customers of this grade.")),
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
    from projections.playbook import ask as question

    store = session.store()
    with store.view(*question.NEEDS) as ask:
        moments = store.moments(session.as_of, session.known_at)
        rows = question.rows(
            ask,
            moments,
            stage=stage,
            grade=grade,
            objection=objection,
            kind=kind,
            retired=bool(retired),
            explain=session.explain,
        )
    every: tuple[Column, ...] = (*PLAYBOOK, *RETIRED) if retired else PLAYBOOK
    if session.output != "table":
        every = (*PLAYBOOK, *RETIRED, *PLAYBOOK_MORE)
    columns = worth_their_width(explained(every, session), rows, session)
    session.show(View("playbook", columns, rows, told(moments), title=marked("Playbook")))


def say_what_worked(session: Session, answer: Recorded) -> None:
    """Say after an objection which practices answered its kind before, and how such objections ended.

    It is talk beside what was recorded: where the tables can't be asked just now, nothing is said.
    """
    kind = next((made.kind for made in answer.events if made.NAME == "customer.objection_logged"), None)  # type: ignore[attr-defined]
    if kind is None or session.quiet or session.dry_run or answer.status != "recorded":
        return
    try:
        from projections.playbook import ask as question

        store = session.store()
        with store.view(*question.NEEDS) as ask:
            ended, practices = question.against(ask, store.moments(), kind)
    except Problem:
        return
    for line in worked(ended, practices):
        session.say(line)


def worked(ended: dict[str, Any], practices: list[dict[str, Any]]) -> list[str]:
    """Return what to say of objections of a kind, in the language of the session."""
    kind = clean(ended["kind"])
    lines = []
    if ended["resolved"]:
        line = marked(
            "Objections of the kind {kind} so far: {resolved} of {count} resolved, in {median_days} days (median)."
        )
        lines.append(filled(line, {**ended, "kind": kind}))
    if practices:
        lines.append(filled(marked("What the team has adopted against {kind}:"), {"kind": kind}))
    for practice in practices[:SAID]:
        facts = {name: clean(str(practice[name])) for name in ("kind", "text", "used", "resolved", "id")}
        lines.append(filled(marked("  {kind}: {text} (used {used} times, {resolved} resolved; {id})"), facts))
    if len(practices) > SAID:
        more = {"count": len(practices) - SAID, "kind": kind}
        lines.append(filled(marked("  and {count} more: sales playbook --objection {kind}"), more))
    return lines
