"""What a file holds that is about to be written over: a good copy is never replaced by one of less, or of something else."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from infra.db.connect import open_database
from infra.db.errors import StoreFault
from infra.errors.problem import Problem

if TYPE_CHECKING:
    from infra.db.database import Database

LINE = 16 << 20  # bytes of a line of an export that are read


class Held(NamedTuple):
    """What a copy is of, and how much of it: of `count` events or keys, `last` is the id of the last one."""

    of: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody wants of this
    last: str | None = None


def must_keep(out: Path, here: Held, read: Callable[[Path], Held | None], last_at: Callable[[int], str | None]) -> None:
    """Raise Problem where the file `out`, which `read` understands, holds what `here` has not.

    `last_at` returns the id of what is here at a count.
    """
    there = read(out) if out.is_file() else None
    if there is None:
        return
    if there.of != here.of:
        raise Problem("file.holds_other", file=str(out), other=there.of, ours=here.of)
    if there.count > here.count or (there.last and there.last != last_at(there.count)):
        raise Problem("file.holds_more", file=str(out), count=there.count, ours=here.count)


def backup_in(out: Path) -> Held | None:
    """Return what a backup, or any store in a file, holds; None for what is none that can be read."""

    return _in_sqlite(out, log_of)


def log_of(db: Database) -> Held | None:
    """Return what a store holds, None where it has no name."""
    row = db.one("SELECT value FROM store WHERE name = 'store_id'")
    last = db.one("SELECT position, event_id FROM log ORDER BY position DESC LIMIT 1")
    return Held(row[0], *(last or (0, None))) if row else None


def event_at(db: Database, position: int) -> str | None:
    """Return the id of the event at a position."""
    row = db.one("SELECT event_id FROM log WHERE position = ?", (position,))
    return row[0] if row else None


def keys_in(out: Path) -> Held | None:
    """Return what a copy of data keys holds; None for what is none that can be read."""

    def read(db: Database) -> Held | None:
        row = db.one("SELECT value FROM meta WHERE name = 'id'")
        count = db.one("SELECT count(*) FROM data_keys")
        return Held(row[0], count[0]) if row and count and count[0] else None

    return _in_sqlite(out, read)


def export_in(out: Path) -> Held | None:
    """Return what an exported log holds: it is known by its first event. None for what is none that can be read."""
    try:
        with out.open("rb") as file:
            said, first = json.loads(file.readline(LINE)), file.readline(LINE)
        count = int(said["events"]) if "salestrail" in said else 0
        return Held(str(json.loads(first)["event_id"]), count) if count else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def note_in(out: Path) -> Held | None:
    """Return what a checkpoint in a file covers; None for what is none that can be read."""
    from infra.transparency.signed_note import parse

    try:
        note = parse(out.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return Held(note.origin, note.size)


def _in_sqlite(out: Path, read: Callable[[Database], Held | None]) -> Held | None:
    try:
        with closing(open_database(f"sqlite:///{out}", create=False, readonly=True)) as db:
            return read(db)
    except StoreFault:
        return None
