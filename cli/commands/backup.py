"""`sales backup` and `sales restore`: a store as one file, checked row by row."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING, Any

from cli.core.command import command
from cli.core.options import argument, replacing
from cli.core.progress import Meter
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.backup import Copied

_ = translate.translate


@command(
    argument("file", help=marked("The file to write; it is readable by you only.")),
    replacing(),
    example="sales backup sales-2024-03-31.backup",
    shows="none",
)
def backup(session: Session, file: str, replace: bool | None) -> None:
    """Write the store into one file, read back and compared row by row; the same file from SQLite and from Postgres."""
    from infra.db.errors import as_problems
    from infra.store import backup as copying

    out = Path(file)
    store = session.store()
    store.must_see_all(marked("The whole log"))
    there = looked_at(file, "file.unwritable")
    if there is not None and S_ISDIR(there.st_mode):
        raise Problem("file.unwritable", file=file, why="it is a folder")
    if there is not None and store.url.startswith("sqlite:") and out.samefile(store.url.removeprefix("sqlite:///")):
        raise Problem("file.unwritable", file=file, why="it is the store itself")
    over = replace or there is None
    if not over and not session.confirm(filled(marked("{file} exists: write over it?"), {"file": file})):
        raise Problem("file.exists", file=file)
    session.remember(store, copying=str(out.absolute().parent))
    meter = Meter(_("events"), quiet=session.quiet)
    try:
        with as_problems(store.shown_url):
            done = copying.backup(store.db, out, meter.at, replace=bool(replace))
    finally:
        meter.done()
    remember(session, done)
    session.remember(store, backup=str(out.absolute()))
    shorter(session, done)
    if store.reader.ring.rows() is not None:
        session.say(_("Personal data in it is sealed; its keys are copied apart: sales keys backup FILE"))
    told(session, marked("{file} holds the store up to event {position}, recorded {recorded}."), file, done)


@command(
    argument("file", help=marked("A file made by sales backup.")),
    example="sales restore sales-2024-03-31.backup --store sqlite:///restored.db",
    shows="none",
)
def restore(session: Session, file: str) -> None:
    """Fill an empty store with a backup: positions, stored bytes, times and keys are the same; tables are folded again."""
    from infra.db.errors import as_problems
    from infra.store import backup as copying

    there = looked_at(file, "file.unreadable")
    if there is None or not S_ISREG(there.st_mode):
        raise Problem("file.unreadable", file=file, why="no such file")
    with copying.opened(Path(file)):
        pass  # what is no backup makes no store
    store = session.empty_store(anew=True)
    meter = Meter(_("events"), quiet=session.quiet)
    try:
        with as_problems(store.shown_url):
            done = copying.restore(Path(file), store.db, meter.at)
        session.reopen()
        session.store().catch_up(meter.at)
    finally:
        meter.done()
    if done.position and session.store().reader.ring.rows() is None:
        session.say(_("Personal data stays sealed until its keys are put back: sales keys restore FILE, sales rebuild"))
    shorter(session, done)
    told(session, marked("The store holds {file} up to event {position}, recorded {recorded}."), file, done)


def looked_at(file: str, code: str) -> os.stat_result | None:
    """Return what stands under a name that was typed, None where nothing does. Raises Problem for what is no name."""
    try:
        return Path(file).stat()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as wrong:
        raise Problem(code, file=file[:80], why=getattr(wrong, "strerror", None) or str(wrong)) from None


def told(session: Session, line: str, file: str, done: Copied) -> None:
    """Say what was copied: as JSON, or in words with what it was checked against."""
    if session.json:
        said: dict[str, Any] = {"file": file, "position": done.position, "recorded": done.recorded or None}
        session.answer({"schema": 1, "ok": True, **said, "checkpoint": done.checkpoint})
        return
    print(filled(line, {"file": file, "position": done.position, "recorded": done.recorded or "—"}))
    if done.checkpoint is not None:
        print(filled(marked("It agrees with the checkpoint of {size} events."), {"size": done.checkpoint}))


def shorter(session: Session, done: Copied) -> None:
    """Say where a checkpoint that is known here, outside of the store, covers more than what was copied."""
    from cli.commands.proof.files import key_folder
    from infra.transparency.checkpoint_store import origin_of
    from infra.transparency.signed_note import parse

    size = 0
    with suppress(Problem, ValueError):
        note = key_folder(session).last(origin_of(session.store().db))
        size = parse(note).size if note else 0
    if size > done.position:
        line = marked("It ends at event {position}, and a checkpoint of {size} events is known here: sales verify")
        session.say(filled(line, {"position": done.position, "size": size}))


def remember(session: Session, done: Copied) -> None:
    """Note the last event outside of the store, so that sales doctor notices when an older state is put back."""
    from infra.store import rollback_guard

    if done.event_id is None:
        return
    try:
        rollback_guard.note(
            Path(session.notes), done.store_id, rollback_guard.LastHead(done.position, done.event_id, done.recorded)
        )
    except OSError:
        session.say(_("The machine's note of what was backed up could not be written."))
