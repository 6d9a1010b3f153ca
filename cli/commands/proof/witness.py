"""`sales witness`: on a machine of somebody else, countersign what only grows."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from cli.commands.proof.files import bytes_of, given_out, note_of, proof_of
from cli.core.command import command
from cli.core.options import argument, option
from infra.i18n.translate import filled, marked
from infra.transparency.signed_note import read_key

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.transparency.proof_file import GrowthProof
    from infra.transparency.signed_note import Checkpoint


@command(
    argument(
        "files",
        required=False,
        many=True,
        help=marked("Checkpoints, or proofs that one continues another (sales prove --from)."),
    ),
    option("--state", metavar="FOLDER", help=marked("Where the witness keeps its key and what it has seen.")),
    option("--key", metavar="KEY", many=True, help=marked("The key of a log that is to be witnessed; needed once.")),
    option("--name", metavar="NAME", help=marked("The witness's name in its signatures; witness unless given.")),
    option("--show-key", flag=True, help=marked("Print the witness's public key, and no more.")),
    example="sales witness --state seen growth.proof --out cosigned.note",
    shows="none",
)
def witness(
    session: Session,
    files: tuple[str, ...],
    state: str | None,
    key: tuple[str, ...],
    name: str | None,
    show_key: bool | None,
) -> None:
    """Countersign checkpoints that continue the last one seen, and refuse a log that has two histories; needs no store."""
    from infra.errors.problem import Problem
    from infra.transparency.witness import NAME, Witness

    if not state:
        raise Problem(
            "usage.missing_field",
            action="witness",
            field="--state",
            help="Where the witness keeps its key and what it has seen.",
        )
    seen = Witness(Path(state), name or NAME)
    for each in key:
        seen.keys.trust(read_key(each))
    if show_key or not files:
        print(seen.key)
        return
    notes = []
    for file in files:
        shown, growth = read(file)
        cosigned = seen.take(shown, growth, time.time)
        notes.append(cosigned.note)
        facts = {"origin": cosigned.origin, "size": cosigned.size}
        session.say(filled(marked("Signed: {origin} with {size} events."), facts))
    if session.json:
        session.answer({"schema": 1, "ok": True, "key": str(seen.key), "checkpoints": notes})
    if session.out or not session.json:
        given_out(session, notes[-1])


def read(file: str) -> tuple[Checkpoint, GrowthProof | None]:
    """Return the checkpoint that a file shows, with the proof that it continues another if there is one."""
    from infra.transparency.proof_file import read_growth

    raw = bytes_of(file)
    if raw.startswith(b"{"):
        growth = proof_of(file, raw, read_growth)
        return growth.later, growth
    return note_of(file), None
