"""`sales checkpoint`: seal the log and sign its size and root."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cli.commands.proof.files import existing, given_out, key_folder
from cli.core.command import command
from cli.core.options import option, replacing
from cli.core.progress import Meter
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from infra.store.overwrite_guard import Held, must_keep, note_in

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate


@command(
    option(
        "--show-key", flag=True, help=marked("Print the public key that checkpoints are checked with, and no more.")
    ),
    replacing(),
    option("--new-key", flag=True, help=marked("Begin a new key; the old one is thrown away.")),
    example="sales checkpoint --out 2024-03-31.note",
    shows="none",
)
def checkpoint(session: Session, show_key: bool | None, replace: bool | None, new_key: bool | None) -> None:
    """Sign what the log holds now: a note of 200 bytes that, kept by somebody else, no change of the log survives."""
    from infra.transparency.checkpoint_store import checkpoint as made
    from infra.transparency.checkpoint_store import origin_of

    with existing(session) as store:
        keys, origin = key_folder(session), origin_of(store.db)
        if new_key:
            keys.renew(origin)
        if show_key:
            key = str(keys.signer(origin).key)
            if session.json:
                session.answer({"schema": 1, "ok": True, "key": key})
            else:
                print(key)
            return
        session.remember(store)
        if session.out and not replace:
            head, _recorded = store.reader.head()
            must_keep(Path(session.out), Held(origin, head), note_in, lambda _size: None)
        meter = Meter(_("events"), quiet=session.quiet)
        kept = made(store.db, keys, store.clock(), meter.at)
        meter.done()
    if session.json:
        body = {"schema": 1, "ok": True, "size": kept.size, "made": kept.made, "checkpoint": kept.note}
        if session.out:
            given_out(session, kept.note)
        session.answer(body)
        return
    given_out(session, kept.note)
    if session.out:
        facts = {"size": kept.size, "file": session.out}
        session.say(filled(marked("A checkpoint of {size} events is in {file}: give it to somebody else."), facts))
