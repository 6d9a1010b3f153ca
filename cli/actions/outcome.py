"""What is said after an action: what was recorded, what it means, and what one would do next."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from infra.i18n import translate
from infra.i18n.terminal_text import clean
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.commands.request import Request
    from infra.commands.unit_of_work import CommandResult

_ = translate.translate


NEAR: Final = 3
"""How many customers of a like name are named."""


def told(session: Session, request: Request, answer: CommandResult, more: Mapping[str, Any] | None = None) -> None:
    """Print what became of a request, for a person or as JSON, which has `more` members where an action says more."""
    warnings = [*warnings_of(answer), *near(session, answer), *taken(session, answer)]
    status = "dry-run" if session.dry_run and answer.status == "recorded" else answer.status
    if session.json:
        session.answer(as_json(answer, status, warnings) | dict(more or {}))
        return
    print(headline(answer, status))
    if status == "dry-run":
        for line in planned(answer):
            print(line)
    for line in dates(session, answer):
        print(line)
    for warning in warnings:
        session.say(_("warning: ") + warning["message"])
    if request.action.NAME == "objection.log":
        from cli.actions.practice_hints import say_what_worked

        say_what_worked(session, answer)
    if status == "recorded" and sys.stderr.isatty():
        from cli.actions.next_step import suggestion

        session.say(_("next: ") + suggestion(session.store().ledger(session.actor), request, answer))


def as_json(answer: CommandResult, status: str, warnings: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the JSON answer of an action."""
    body = {
        "schema": 1,
        "ok": True,
        "status": status,
        "subject": answer.subject,
        "events": list(answer.names),
        "position": answer.position,
        "warnings": warnings,
    }
    if status == "dry-run":
        body["planned"] = [{"name": made.NAME, "data": plainly(made)} for made in answer.events]
    return body


def headline(answer: CommandResult, status: str) -> str:
    """Return the line that says what was recorded, where."""
    facts = {"events": ", ".join(answer.names), "subject": clean(answer.subject), "position": answer.position}
    if status == "dry-run":
        return filled("would record {events} of {subject}", facts)
    if status == "repeated":
        if answer.position is None:
            return filled("already recorded: {events} of {subject}", facts)
        return filled("already recorded: {events} of {subject}, position {position}", facts)
    return filled("recorded {events} of {subject}, position {position}", facts)


def plainly(made: Any) -> dict[str, Any]:
    """Return an event's data as JSON."""
    from domain.kernel.json_form import plain

    return plain(made)


def planned(answer: CommandResult) -> Iterator[str]:
    """Yield the events that would be recorded, with their data."""
    from projections.engine import json

    for made in answer.events:
        yield f"  {made.NAME}  {clean(json.dumps(plainly(made)).decode())}"


def dates(session: Session, answer: CommandResult) -> Iterator[str]:
    """Yield the deadlines that were counted in working days, as dates."""
    for made in answer.events:
        since, days = getattr(made, "counted_from", None), getattr(made, "working_days", None)
        if not isinstance(since, date) or days is None:
            continue
        calendar = session.store().ledger(session.actor).world.calendar()
        due = calendar.deadline(since, days)
        line = marked("  due {due} ({days} working days after {since})")
        if calendar.provisional(due):
            line = marked("  due {due}, provisional: no calendar of {year} is published yet")
        yield filled(line, {"due": due, "days": days, "since": since, "year": due.year})


NAMED: Final = 10
MANY: Final = marked("Flagged as a duplicate of {count} customers: {customers}, ...")
OVERPAID: Final = marked(
    "More has come in than the contract is worth: {overpaid} are overpaid until they are refunded."
)
OVER: Final = marked("The children now have {over} more than the target itself.")


def warnings_of(answer: CommandResult) -> Iterator[dict[str, Any]]:
    """Yield what was recorded although somebody should look at it."""
    for made in answer.events:
        duplicates = getattr(made, "duplicates", ())
        if duplicates:
            count = getattr(made, "duplicate_count", None) or len(duplicates)
            facts = {"customers": ", ".join(duplicates[:NAMED]), "count": count}
            line = MANY if count > min(NAMED, len(duplicates)) else marked("Flagged as a duplicate of {customers}.")
            yield warning("lead.duplicate", line, facts)
        over = getattr(made, "over", None)
        if isinstance(over, Decimal) and over > 0:
            yield warning("target.over_allocated", OVER, {"over": format(over, "f")})
        overpaid = getattr(made, "overpaid", None)
        if isinstance(overpaid, Decimal):
            yield warning("contract.overpaid", OVERPAID, {"overpaid": format(overpaid, "f")})


def near(session: Session, answer: CommandResult) -> Iterator[dict[str, Any]]:
    """Yield a warning that a company just captured, or renamed, has a name like another's."""
    for made in answer.events if answer.status == "recorded" else ():
        company = getattr(made, "company", None)
        if not company or not answer.subject.startswith("cus_"):
            continue
        from infra.queries import similar_customers

        known = (answer.subject, *getattr(made, "duplicates", ()))
        like = similar_customers.near(session.store().db, company, known)[:NEAR]
        if like:
            named = ", ".join(f"{each.name} ({each.customer}, {each.likeness:.0%})" for each in like)
            yield warning("lead.near", marked("Its name is like {customers}: sales duplicates"), {"customers": named})


def taken(session: Session, answer: CommandResult) -> Iterator[dict[str, Any]]:
    """Yield a warning that with what others took by naming the target their parent, its children have too much.

    Where the shares that it gave are too much by themselves, the event says so.
    """
    given = [made for made in answer.events if made.NAME == "target.allocated"]
    if answer.status != "recorded" or not given or any(getattr(made, "over", None) for made in given):
        return
    from projections.queries.targets import Allocations, targets

    store = session.store()
    with store.view("progress") as ask:
        everything = targets(ask, store.moments())
    for target in everything:
        if target.target == answer.subject and target.value is not None:
            over = Allocations(everything).of(target) - target.value
            if over > 0:
                yield warning("target.over_allocated", OVER, {"over": format(over, "f")})


def warning(code: str, message: str, facts: Mapping[str, object]) -> dict[str, Any]:
    """Return a warning with its code, its text and its facts."""
    return {"code": code, "message": filled(message, facts), "facts": facts}
