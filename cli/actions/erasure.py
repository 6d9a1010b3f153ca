"""`sales customer erase-contact` as a person meets it: what goes is said first, and it is done only once that is confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.actions.command import tried
from cli.actions.outcome import told
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.terminal_text import clean
from infra.i18n.translate import filled, marked
from projections.engine.sealed import shown

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.commands.erasure import Value
    from infra.commands.handler import CommandHandler
    from infra.commands.unit_of_work import CommandResult

_ = translate.translate

EVENT: Final = "customer.contact_erased"
COPIES: Final = marked(
    "Copies made before may still hold it, and are yours to find: exported tables, report pages, workbooks,"
    " backups of the whole store, backups of the keys together with an old wrapping key."
)
STAYS: Final = marked(
    "  Notes that name no single contact stay: pain points, objections, what is to be done; erase all to be rid of them."
)


class Going(NamedTuple):
    """What an erasure takes: of whom, which contact (None: all), and the values."""

    customer: str
    company: str
    contact: str | None
    called: str
    values: list[Value]

    @property
    def events(self) -> int:
        """How many events hold them."""
        return len({each.position for each in self.values})

    @property
    def fields(self) -> list[str]:
        """The names of the fields that go, each once."""
        return list(dict.fromkeys(each.field for each in self.values))


def erase(session: Session, request: Any) -> None:
    """Say what goes, have it confirmed, record the erasure, and say where copies may be. Raises Problem."""
    request, would = tried(session, request, dry_run=True)
    going = going_of(session, would) if would.status == "recorded" else None
    for line in preview(going) if going else ():
        session.say(line)
    answer = would
    if going and not session.dry_run:
        if not session.confirm(_("Erase this for good?")):
            raise Problem("erase.unconfirmed")
        _request, answer = tried(session, request, dry_run=False)
    told(session, request, answer, as_erased(going) if going else {})
    session.say(filled(COPIES, {}))


def going_of(session: Session, would: CommandResult) -> Going:
    """Return what the erasure that would be recorded takes."""
    from infra.commands.erasure import taken

    ledger = session.store().ledger(session.actor)
    contact = next(made.which for made in would.events if made.NAME == EVENT)  # type: ignore[attr-defined]
    state = ledger.world.subject(would.subject).state
    called = str(shown(state.contacts.get(contact, {}).get("contact") or "")) if contact else ""
    values: list[Value] = []
    for customer in [would.subject, *([] if contact else state.merged)]:
        for stream in streams_of(ledger, customer, contact):
            values += taken(ledger.reader.ring, ledger.history(stream), customer, contact)
    return Going(would.subject, state.company, contact, called, values)


def streams_of(ledger: CommandHandler, customer: str, contact: str | None) -> list[str]:
    """Return the streams whose events may hold what goes: a contact's data stands in its customer's alone."""
    named = [] if contact else ledger.reader.streams_naming(customer, "")
    return list(dict.fromkeys([customer, *(stream for stream in named if not stream.startswith("cus_"))]))


def preview(going: Going) -> Iterator[str]:
    """Yield what is going to be erased."""
    yield _("This is erased for good; nothing brings it back:")
    facts: dict[str, Any] = {"company": clean(going.company), "customer": going.customer, "contact": going.contact}
    facts |= {"called": clean(going.called), "count": len(going.values), "events": going.events}
    if going.contact:
        yield filled(marked("  {company} ({customer}), the contact {contact} {called} alone"), facts)
    else:
        yield filled(marked("  {company} ({customer}), all that is recorded of its people"), facts)
    fields = {**facts, "fields": ", ".join(going.fields) or "-"}
    yield filled(marked("  {count} values in {events} events: {fields}"), fields)
    if going.contact:
        yield filled(STAYS, {})


def as_erased(going: Going) -> dict[str, Any]:
    """Return what goes, as JSON."""
    counts: dict[str, Any] = {"values": len(going.values), "events": going.events, "fields": going.fields}
    return {"erases": {"contact": going.contact, **counts}}
