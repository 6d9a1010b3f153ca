"""The guide: what is to be done in a stage, by a role, or next with a customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import argument
from cli.views.common import asking, by_policies, structured, told, worth_their_width
from domain.kernel.rights import RECORDERS
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

GUIDE: Final = (
    Column("part", marked("Part")),
    Column("stage", marked("Stage")),
    Column("what", marked("What"), missing=""),
    Column("action", marked("Action"), missing=""),
    Column("due", marked("Due"), "date", missing=""),
    Column("norm", marked("Norm"), missing=""),
    Column("who", marked("By whom"), "list", missing=""),
    Column("fields", marked("Fields"), "list", missing=""),
    Column("kind", marked("Kind"), missing=""),
    Column("id", marked("Id"), missing=""),
)


@command(
    argument("topic", help=marked("A stage, as proposed; a role, as rep; or a customer: id, key or exact name.")),
    example="sales guide proposed",
)
def guide(session: Session, topic: str) -> None:
    """Show what is to be done in a stage or by a role, under which norm, with what the team has adopted; or what a customer lacks."""
    from typing import get_args

    from domain.kernel.types import PersonRole
    from domain.process import PROCESS
    from infra.errors.problem import Problem
    from projections.views import tracking
    from projections.views.guide import view as question

    store = session.store()
    word = "-".join(topic.strip().lower().replace("_", " ").split())
    with asking(session, *question.NEEDS) as (ask, moments, organisation):
        if word in PROCESS:
            rows = question.of_stage(ask, moments, organisation, word)
        elif word in get_args(PersonRole):
            rows = question.of_role(organisation, moments, word)
        else:
            stream = store.subject(topic)
            found = tracking.rows(ask, moments, organisation, currency=store.currency, customer=stream)
            if not found:
                raise Problem("subject.unknown", noun="customer", subject=topic)
            rows = question.of_customer(ask, moments, organisation, found[0])
        norms = dict.fromkeys(row["norm"] for row in rows if row["norm"])
        policies = organisation.in_force(moments.day, *norms)
    shown = rows if structured(session) else [readable(row) for row in rows]
    columns = worth_their_width(GUIDE, shown, session)
    session.show(Result("guide", columns, shown, {**told(moments), "policies": policies}, title=marked("Guide")))
    if policies:
        by_policies(session, policies)
    lacking = sum(1 for row in rows if row["part"] == "missing")
    if session.output == "table" and rows and rows[0]["part"] == "stands":
        line = marked("It stands at {stage}; missing: {count}.")
        session.say(filled(line, {"stage": rows[0]["stage"], "count": lacking}))


def readable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as a reader takes it in: what is done in words, and of a step the fields that it needs."""
    what = _(row["what"]) if row["what"] and row["action"] else row["what"]
    named = row["fields"] if row["part"] == "missing" else row["required"]
    who = [_("everybody")] if set(row["who"]) == set(RECORDERS) else row["who"]
    return {**row, "what": what, "who": who or None, "fields": named or None, "part": _(row["part"])}


PARTS: Final = (marked("stands"), marked("missing"), marked("step"), marked("practice"))
