"""`sales undo`: the act that takes back another one. Nothing is deleted: the audit shows both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cli.actions.outcome import as_json, headline, planned
from cli.core.command import command
from cli.core.options import argument
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.terminal_text import clean, cut
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.commands.handler import CommandHandler
    from infra.commands.undo import Undo
    from infra.commands.unit_of_work import Answer, CommandResult

_ = translate.translate

WIDE = 100


@command(
    argument(
        "what",
        required=False,
        help=marked(
            "The event (position, id or key), or the subject whose last act it is; your own last act unless given."
        ),
    ),
    example="sales undo",
    shows="action",
)
def undo(session: Session, what: str | None) -> None:
    """Take back the last act, or the one that is named, by an act of its own; again, it takes back the act before."""
    from infra.commands.undo import prepared

    store = session.store()
    actor, login = session.actor, session.login
    if session.key or session.at:
        why = marked("An undoing happens now, and has a key of its own: leave out --at and --key.")
        raise Problem("usage.options", why=why, command="undo")
    ledger = store.ledger(actor, recorder=login if login != actor else None)
    asked = prepared(store, ledger, what, session.reason)
    would = answered(ledger, asked, dry_run=True)
    for line in preview(asked, ledger):
        session.say(line)
    fresh = any(answer.status == "recorded" for answer in would)
    if fresh and not session.dry_run:
        if not session.confirm(_("Undo this?")):
            raise Problem("undo.unconfirmed")
        would = answered(ledger, asked, dry_run=False)
    told(session, would)


def answered(ledger: CommandHandler, asked: Undo, *, dry_run: bool) -> list[CommandResult]:
    """Record the requests, all or none, and return their answers. Raises Problem."""
    answers: Sequence[Answer] = ledger.record(asked.requests, atomic=True, dry_run=dry_run)
    refused = [answer for answer in answers if isinstance(answer, Problem)]
    if refused:
        raise next((problem for problem in refused if problem.code != "batch.held_back"), refused[0])
    return [answer for answer in answers if not isinstance(answer, Problem)]


def preview(asked: Undo, ledger: CommandHandler) -> Iterator[str]:
    """Yield what is going to be undone, and how."""
    from infra.event_store import codec
    from infra.formats.text_table import told as fields

    yield _("This is undone:")
    for told in asked.events:
        data = fields(codec.opened(told.data))
        line = f"{told.position}  {told.name}  {label(ledger, told.stream)}  {told.occurred[:16]}  {told.actor}  {data}"
        yield f"  {cut(clean(line), WIDE)}"
    yield filled(marked("by: {actions}"), {"actions": ", ".join(how(each) for each in asked.requests)})


def label(ledger: CommandHandler, stream: str) -> str:
    """Return what a person calls a subject: a company's name, a contract's number, else its id."""
    state = ledger.world.subject(stream).state
    return str(getattr(state, "company", "") or getattr(state, "number", "") or stream)


def how(request: Any) -> str:
    """Return an undoing request as one would type it."""
    return f"sales {request.action.NAME.replace('.', ' ')} {request.subject}"


def told(session: Session, answers: Sequence[CommandResult]) -> None:
    """Print what became of it, for a person or as JSON."""
    first = answers[0]
    names = tuple(name for answer in answers for name in answer.names)
    whole = first._replace(names=names, events=tuple(made for answer in answers for made in answer.events))
    status = "dry-run" if session.dry_run and whole.status == "recorded" else whole.status
    if session.json:
        session.answer(as_json(whole, status, []))
        return
    print(headline(whole, status))
    if status == "dry-run":
        for line in planned(whole):
            print(line)
