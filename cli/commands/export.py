"""Moving a whole log from store to store: its events as they are stored, and the keys of its personal data."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from cli.commands.apply import lines, opened
from cli.core.command import command
from cli.core.options import option, replacing
from cli.core.progress import Meter
from infra.db.errors import as_problems
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.terminal_text import escaped
from infra.i18n.translate import filled, marked
from infra.store.overwrite_guard import Held, export_in, must_keep

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store

_ = translate.translate

LONGEST: Final = 16 << 20
"""Bytes of a line of an exported log."""


@command(
    option(
        "--personal",
        choices=("wrapped", "none", "encrypt"),
        help=marked("The keys of personal data: wrapped for your own stores, left out, or encrypted to a recipient."),
    ),
    replacing(),
    option("--to", metavar="RECIPIENT", help=marked("Who may read it, as their `sales keys recipient` prints it.")),
    example="sales export > log.jsonl",
    shows="none",
)
def export(session: Session, personal: str | None, replace: bool | None, to: str | None) -> None:
    """Write the whole log as JSON Lines: a line an event, with its stored bytes; import it with: sales import log."""
    from infra.store import export as transfer
    from projections.engine import json

    json.go_fast()
    store = session.store()
    store.must_see_all(marked("The whole log"))
    head, _time = store.reader.head()
    meter = Meter(_("events"), quiet=session.quiet)
    out = session.out
    if out and not replace:
        first = store.reader.read(0, 1)
        here = Held(first[0].event_id if first else "-", head)
        must_keep(Path(out), here, export_in, lambda _count: None)
    cover = covering(store, personal, to)
    to_file = bool(out) or not sys.stdout.isatty()

    def write(target: IO[bytes]) -> None:
        for done, line in enumerate(transfer.lines(store.reader, store.settings, cover)):
            target.write(line if to_file else escaped(line.decode()).encode())
            meter.at(min(done, head), head)
        target.flush()

    try:
        if out:
            into_file(out, write)
        else:
            write(sys.stdout.buffer)
    finally:
        meter.done()


def into_file(out: str, write: Callable[[IO[bytes]], None]) -> None:
    """Let a file be written. Raises Problem where it can't be."""
    try:
        with Path(out).open("wb") as target:
            write(target)
    except OSError as wrong:
        raise Problem("file.unwritable", file=out, why=wrong.strerror or str(wrong)) from None


def covering(store: Store, personal: str | None, to: str | None) -> Any:
    """Return how the data keys stand in an export, None where they are left out. Raises Problem."""
    from infra.crypto import key_export

    if personal == "encrypt" or (to and personal is None):
        if not to:
            raise Problem("usage.missing_field", action="export", field="to", help=_("Name the recipient with --to."))
        return key_export.for_recipient(to)
    with as_problems(store.shown_url):
        return (
            None
            if personal == "none" or store.reader.ring.rows() is None
            else key_export.for_oneself(store.reader.ring)
        )


def import_log(session: Session, file: str, identity: str | None = None) -> int:
    """Fill an empty store with an exported log: positions, times and stored bytes are kept."""
    from infra.crypto.key_export import Taking
    from infra.store import export as transfer
    from projections.engine import json

    json.go_fast()
    with opened(file) as raw:
        source = lines(raw, file, LONGEST)
        told = transfer.header_of(next(source, b""))
        store = session.empty_store(told.settings)
        head, _time = store.reader.head()
        if head:
            raise Problem("store.has_events", count=head)
        if session.dry_run and not session.trying:
            why = translate.marked("--dry-run of a whole log needs the address of a store that isn't there yet.")
            raise Problem("usage.options", why=why, command="import")
        meter = Meter(_("events"), quiet=session.quiet)
        done = 0
        keys = Taking(store.reader.ring, Path(identity) if identity else None)
        with as_problems(store.shown_url):
            for done in transfer.take(store.log, source, told.events, keys):
                meter.at(done)
        meter.done()
        if keys.count != told.keys:
            why, facts = "the file ends after {count} of {whole} data keys", {"count": keys.count, "whole": told.keys}
            raise Problem("migration.bad_export", line=done + keys.count + 2, why=why, why_facts=facts)
        if keys.closed:
            message = translate.marked("{count} data keys can't be opened here: what they seal is shown as [sealed].")
            session.say(_("warning: ") + filled(message, {"count": keys.closed}))
    line = translate.marked("{count} events imported.")
    session.say(
        filled(translate.marked("{count} events would be imported.") if session.trying else line, {"count": done})
    )
    return 0
