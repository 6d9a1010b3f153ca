"""What is said after an objection: how such ones ended before, and what the team has adopted against them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from infra.errors.problem import Problem
from infra.i18n.terminal_text import clean
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.commands.unit_of_work import CommandResult

SAID: Final = 3
"""How many practices are named after an objection; the others are in the view."""


def say_what_worked(session: Session, answer: CommandResult) -> None:
    """Say after an objection which practices answered its kind before, and how such objections ended.

    It is talk beside what was recorded: where the tables can't be asked just now, nothing is said.
    """
    kind = next((made.kind for made in answer.events if made.NAME == "customer.objection_logged"), None)  # type: ignore[attr-defined]
    if kind is None or session.quiet or session.dry_run or answer.status != "recorded":
        return
    try:
        from projections.views import playbook as question

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
