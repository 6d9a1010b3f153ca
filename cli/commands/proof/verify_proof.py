"""`sales verify-proof`: a proof checked by itself, without any store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.commands.proof.files import bytes_of, keys_of, note_of, proof_of, signed
from cli.core.command import command
from cli.core.options import argument, option
from infra.errors.problem import Problem
from infra.i18n.terminal_text import clean
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.transparency.proof_file import EventProof, GrowthProof
    from infra.transparency.signed_note import Checkpoint


@command(
    argument("file", help=marked("The proof, as sales prove wrote it; - for stdin.")),
    option("--key", metavar="KEY", many=True, help=marked("The log's key (sales checkpoint --show-key).")),
    option("--checkpoint", metavar="FILE", help=marked("Your own copy of the checkpoint that the proof names.")),
    example="sales verify-proof 318.proof --key salestrail/0f8fad5bd9cb469f+02ab34cd+AV...",
    shows="none",
    name="verify-proof",
)
def verify_proof(session: Session, file: str, key: tuple[str, ...], checkpoint: str | None) -> None:
    """Check a proof by itself: no store is needed, only the log's key or a checkpoint of your own."""
    from infra.transparency.merkle_tree import BadProof
    from infra.transparency.proof_file import EVENT, check_event, check_growth, read_event, read_growth

    raw = bytes_of(file)
    try:
        if raw.startswith(f'{{"proof":"{EVENT}"'.encode()):
            event = proof_of(file, raw, read_event)
            check_event(event)
            trusted(session, file, [event.checkpoint], key, checkpoint)
            tell_event(session, event)
        else:
            growth = proof_of(file, raw, read_growth)
            check_growth(growth)
            trusted(session, file, [growth.earlier, growth.later], key, checkpoint)
            tell_growth(session, growth)
    except BadProof:
        raise Problem("proof.false", file=file) from None


def trusted(session: Session, file: str, points: Sequence[Checkpoint], given: tuple[str, ...], own: str | None) -> None:
    """See that each checkpoint of a proof is signed with a known key, or is the reader's own. Raises Problem."""
    held = note_of(own) if own else None
    if held and all(held.text != point.text for point in points):
        raise Problem("proof.other_checkpoint", file=file, own=own)
    for point in points:
        if held and held.text == point.text:
            continue
        keys = keys_of(session, point.origin, given)
        if not keys or not signed(point, keys, tuple(map(str, keys))):
            raise Problem("proof.no_key", origin=point.origin)


def tell_event(session: Session, proof: EventProof) -> None:
    """Say what the proof of an event shows."""
    record, point = proof.record, proof.checkpoint
    facts = {"position": record.position, "size": point.size, "origin": point.origin}
    fields = {**record._asdict(), "data": record.data.decode("utf-8", "backslashreplace")}
    if session.json:
        session.answer({"schema": 1, "ok": True, **facts, "record": fields})
        return
    print(filled(marked("The event at position {position} is one of the {size} that {origin} was signed with:"), facts))
    for name, value in fields.items():
        if value is not None:
            print(f"  {name:12} {clean(str(value))}")


def tell_growth(session: Session, proof: GrowthProof) -> None:
    """Say what a proof of growth shows."""
    facts = {"origin": proof.later.origin, "before": proof.earlier.size, "size": proof.later.size}
    if session.json:
        session.answer({"schema": 1, "ok": True, **facts})
        return
    print(filled(marked("The log {origin} grew from {before} to {size} events and kept all that it had."), facts))
