"""What is said after an action: what was recorded, what it means, and what one would do next."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cli import text
from cli.text import filled, marked
from cli.width import clean

if TYPE_CHECKING:
    from cli.session import Session
    from infra.gathered import Recorded
    from infra.request import Request

_ = text.translate

NEXT: Final = {
    "person.register": "sales person join {login} --group ...",
    "group.form": "sales person join LOGIN --group {code}",
    "person.join": "sales progress --level group",
    "calendar.publish": "sales progress",
    "policy.adopt": "sales policy show",
    "target.set": "sales target submit {subject}",
    "target.allocate": "sales progress",
    "target.revise": "sales target submit {subject}",
    "target.submit": "sales target approve {subject} --actor ...",
    "target.approve": "sales target file {subject}",
    "target.return": "sales target set --subject {subject} --value ...",
    "target.file": "sales progress",
    "lead.capture": "sales lead validate {subject}",
    "lead.validate": "sales lead grade {subject} --grade initial",
    "lead.assign": "sales follow-up log {subject} --channel call",
    "lead.grade": "sales follow-up log {subject} --channel call",
    "lead.merge": "sales audit {subject}",
    "customer.add-contact": "sales show {subject}",
    "customer.form-team": "sales lead grade {subject} --grade key",
    "follow-up.log": "sales next-action set {subject} --what ... --working-days 3",
    "next-action.set": "sales tracking",
    "next-action.complete": "sales follow-up log {subject} --channel call",
    "objection.log": "sales objection answer {subject} {item} --answer ...",
    "objection.answer": "sales objection resolve {subject} {item} --outcome ...",
    "signal.log": "sales opportunity open {subject} --amount ...",
    "opportunity.open": "sales contract draft NUMBER --customer ... --amount ...",
    "contract.draft": "sales contract submit {subject}",
    "contract.submit": "sales contract approve {subject} --actor ...",
    "contract.approve": "sales contract sign {subject}",
    "contract.return": "sales contract draft --subject {subject} ...",
    "contract.sign": "sales payment receive {subject} --amount ...",
    "payment.receive": "sales progress --metric sales",
    "collaboration.ask": "sales collaboration deliver {subject} {item}",
    "collaboration.deliver": "sales collaborations",
    "collaboration.decline": "sales collaborations",
    "after-sale.hand-over": "sales after-sale schedule-visit {subject} --due ...",
    "after-sale.schedule-visit": "sales after-sale visit {subject} {item} --score ...",
    "after-sale.visit": "sales after-sales",
    "after-sale.complain": "sales after-sale resolve {subject} {item} --outcome ...",
    "after-sale.resolve": "sales after-sales",
    "review.hold": "sales review find {subject} success --cause ... --evidence ...",
    "review.find": "sales review agree {subject} --what ... --owner ... --finding {item}",
    "review.agree": "sales review complete {subject} {item}",
    "review.complete": "sales reviews",
    "review.finish": "sales practice adopt script --review {subject} --text ...",
    "practice.adopt": "sales playbook",
    "practice.retire": "sales playbook",
    "period.close": "sales period show {period} --as-closed",
    "event.correct": "sales audit {subject}",
    "event.void": "sales audit {subject}",
}


def told(session: Session, request: Request, answer: Recorded) -> None:
    """Print what became of a request, for a person or as JSON."""
    warnings = list(warnings_of(answer))
    status = "dry-run" if session.dry_run and answer.status == "recorded" else answer.status
    if session.json:
        session.answer(as_json(answer, status, warnings))
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
        from cli.views.playbook import say_what_worked

        say_what_worked(session, answer)
    suggested = suggestion(request, answer)
    if status == "recorded" and suggested and sys.stderr.isatty():
        session.say(_("next: ") + suggested)


def as_json(answer: Recorded, status: str, warnings: list[dict[str, Any]]) -> dict[str, Any]:
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


def headline(answer: Recorded, status: str) -> str:
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
    from domain.form import plain

    return plain(made)


def planned(answer: Recorded) -> Iterator[str]:
    """Yield the events that would be recorded, with their data."""
    from infra import wire

    for made in answer.events:
        yield f"  {made.NAME}  {clean(wire.dumps(plainly(made)).decode())}"


def dates(session: Session, answer: Recorded) -> Iterator[str]:
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


def warnings_of(answer: Recorded) -> Iterator[dict[str, Any]]:
    """Yield what was recorded although somebody should look at it."""
    for made in answer.events:
        duplicates = getattr(made, "duplicates", ())
        if duplicates:
            facts = {"customers": ", ".join(duplicates)}
            yield warning("lead.duplicate", marked("Flagged as a duplicate of {customers}."), facts)
        over = getattr(made, "over", None)
        if isinstance(over, Decimal) and over > 0:
            line = marked("The children now have {over} more than the target itself.")
            yield warning("target.over_allocated", line, {"over": format(over, "f")})


def warning(code: str, message: str, facts: dict[str, str]) -> dict[str, Any]:
    """Return a warning with its code, its text and its facts."""
    return {"code": code, "message": filled(message, facts), "facts": facts}


def suggestion(request: Request, answer: Recorded) -> str:
    """Return the command that one would type next, or nothing."""
    facts = {name: str(value) for name, value in request.values.items()}
    for made in answer.events:
        if getattr(made, "item", None):
            facts["item"] = made.item  # type: ignore[attr-defined]
    facts["subject"] = request.subject or answer.subject
    quoted = {name: quote(value) for name, value in facts.items()}
    return clean(NEXT.get(request.action.NAME, "").format_map(_Known(quoted)))


def quote(word: str) -> str:
    """Return `word` as a shell takes it."""
    import shlex

    return word if word.isalnum() else shlex.quote(word)


class _Known(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "..."
