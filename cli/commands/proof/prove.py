"""`sales prove`: what convinces somebody who does not have the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.commands.proof.files import existing, given_out, note_of
from cli.core.command import command
from cli.core.options import argument, option
from infra.errors.problem import Problem
from infra.i18n.translate import marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.db.database import Database
    from infra.event_store.reader import EventReader
    from infra.event_store.stored_event import Record
    from infra.transparency.signed_note import Checkpoint


@command(
    argument("event", required=False, help=marked("The event: its position, its id, or the key that recorded it.")),
    option(
        "--checkpoint",
        metavar="FILE",
        help=marked("The checkpoint to prove it for; the last one unless given."),
    ),
    option(
        "before", "--from", metavar="FILE", help=marked("An earlier checkpoint: prove that a later one continues it.")
    ),
    option("after", "--to", metavar="FILE", help=marked("The later checkpoint; the last one unless given.")),
    example="sales prove 318 --out 318.proof",
    shows="none",
)
def prove(session: Session, event: str | None, checkpoint: str | None, before: str | None, after: str | None) -> None:
    """Prove that an event is in the log, or that the log only grew since a checkpoint; a file of under 2 KB."""
    from infra.transparency.proof_file import prove_event, prove_growth, write_event, write_growth

    if bool(event) == bool(before):
        raise Problem(
            "usage.options", why=marked("Name an event, or an earlier checkpoint with --from."), command="prove"
        )
    with existing(session) as store:
        if before:
            later = note_of(after) if after else newest(store.db, 0)
            earlier = note_of(before)
            if earlier.size > later.size:
                raise Problem("proof.not_covered", position=earlier.size, size=later.size)
            raw = write_growth(prove_growth(store.db, earlier, later))
        else:
            record = found(store.reader, event or "")
            point = note_of(checkpoint) if checkpoint else newest(store.db, record.position)
            if point.size < record.position:
                raise Problem("proof.not_covered", position=record.position, size=point.size)
            raw = write_event(prove_event(store.db, record, point))
    given_out(session, raw.decode())


def newest(db: Database, covering: int) -> Checkpoint:
    """Return the store's last checkpoint, which must cover a position. Raises Problem."""
    from infra.transparency.checkpoint_store import last, parsed

    kept = last(db)
    if kept is None or kept.size < covering:
        raise Problem("proof.not_covered", position=covering, size=kept.size if kept else 0)
    return parsed(kept)


def found(reader: EventReader, event: str) -> Record:
    """Return the record that `event` names: a position, an event id, or a key. Raises Problem."""
    record = reader.record(int(event)) if event.isascii() and event.isdecimal() and len(event) < 18 else None
    record = record or reader.by_event_id(event)
    if record is None:
        keyed = reader.keyed([event]).get(event)
        record = reader.record(keyed.position) if keyed and keyed.count else None
    if record is None:
        raise Problem("subject.unknown", noun="event", subject=event[:80])
    return record
