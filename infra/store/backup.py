"""A store as one file: all that is not folded from the log, row for row, in a SQLite store that opens by itself."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from infra.db.connect import open_database
from infra.db.database import Database
from infra.db.errors import StoreFault
from infra.db.sqlite_read_only import files_of
from infra.errors.problem import Problem
from infra.event_store.migrations import check_store, init_store
from infra.event_store.stored_event import Claim, Record
from infra.files.writer import plain_file
from infra.store import derived_tables
from infra.store.overwrite_guard import Held, backup_in, event_at, log_of, must_keep

COPIED: Final = {
    "store": ("name", "value"),
    "log": Record._fields,
    "head": ("one", "position", "recorded"),
    "claims": Claim._fields,
    "keys": ("key", "digest", "position", "stream", "count"),
    "mentions": ("subject", "position"),
}
PROOF: Final = {"tiles": ("level", "number", "hashes"), "checkpoints": ("size", "made", "note")}
ORDERS: Final = {
    "log": "position",
    "mentions": "position, subject",
    "tiles": "level, number",
    "claims": "kind, value, n",
}
BEGUN: Final = ("head", "store")
"""What a new store has rows of already."""

Told = Callable[[int, int], None]


class Copied(NamedTuple):
    """What a backup holds or a restore brought: the last position, its recorded time and event, and what was checked.

    `checkpoint` is the size of the last checkpoint that the rows were found to agree with, None if there is none.
    """

    position: int
    recorded: str
    event_id: str | None
    store_id: str
    checkpoint: int | None


def backup(db: Database, out: Path, told: Told = lambda done, of: None, *, replace: bool = False) -> Copied:
    """Write the store into `out`, a file for its owner only, which replaces what was there when it is whole and checked.

    Every row is read back and compared. Raises Problem, also where `out` is a backup of more, or of another log, unless
    it is to `replace` that.
    """
    out = plain_file(out)
    if not replace:
        must_keep(out, log_of(db) or Held("", 0), backup_in, partial(event_at, db))
    part = out.with_name(f".{out.name}.part")
    try:
        cleared(part)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with db.snapshot():
            with closing(open_database(f"sqlite:///{part}", create=True)) as copy:
                init_store(copy)
                with copy.transaction():
                    copied(db, copy, told)
            _alone(part)
            with closing(_readonly(part)) as copy:
                same(db, copy)
                done = sound(copy)
        _settled(part, out)
    except OSError as wrong:
        raise Problem("file.unwritable", file=str(out), why=wrong.strerror or str(wrong)) from None
    finally:
        with suppress(OSError):
            cleared(part)
    return done


def cleared(part: Path) -> None:
    """Remove a file that was begun, and what SQLite had beside it. Raises OSError."""
    for file in files_of(str(part)):
        Path(file).unlink(missing_ok=True)


def restore(source: Path, db: Database, told: Told = lambda done, of: None) -> Copied:
    """Fill the empty store `db` with a backup, in one transaction, and compare every row. Raises Problem.

    The tables are folded afterwards, by whoever asks them first.
    """
    with opened(source) as copy:
        with db.transaction():
            if db.dialect == "postgres":
                db.run("SELECT position FROM head FOR UPDATE")
            row = db.one("SELECT count(*) FROM log")
            if row is None or row[0]:
                raise Problem("store.has_events", count=row[0] if row else 0)
            copied(copy, db, told)
            same(copy, db)
            done = sound(db)
        derived_tables.register(db)
        return done


@contextmanager
def opened(source: Path) -> Iterator[Database]:
    """Give a backup as a store, of which a copy is opened so that an older one can be brought up to date. Raises Problem."""
    with tempfile.TemporaryDirectory(prefix="salestrail-") as folder:
        work = Path(folder) / "backup.db"
        try:
            if not source.is_file():
                raise Problem("file.unreadable", file=str(source), why="no such file")
            shutil.copyfile(source, work)
            work.chmod(0o600)
        except OSError as wrong:
            raise Problem("file.unreadable", file=str(source), why=wrong.strerror or str(wrong)) from None
        try:
            with closing(open_database(f"sqlite:///{work}", create=False)) as db:
                whole(db)
                check_store(db)
                sound(db)
                with db.snapshot():
                    yield db
        except StoreFault as wrong:
            if wrong.facts.get("store") != str(work):
                raise
            raise Problem("backup.bad", file=str(source), why=wrong.facts.get("why") or str(wrong)) from None
        except Problem as wrong:
            if wrong.facts.get("file") != str(work):
                raise
            raise Problem("backup.bad", file=str(source), why=wrong.facts["why"]) from None


def whole(db: Database) -> None:
    """See that a SQLite file is whole. Raises Problem."""
    row = db.one("PRAGMA integrity_check")
    if row is None or row[0] != "ok":
        raise Problem("backup.bad", file=db.where, why=str(row[0] if row else "it holds nothing"))


def copied(source: Database, target: Database, told: Told) -> None:
    """Copy every row that is not folded from the log, in the transactions that are open."""
    from infra.transparency import tile_store

    proved = tile_store.made(source)
    if proved and not tile_store.made(target):
        tile_store.register(target)
    row = source.one("SELECT position FROM head")
    end = row[0] if row else 0
    for table in BEGUN:
        target.run(f"DELETE FROM {table}")
    for table, columns in {**COPIED, **(PROOF if proved else {})}.items():
        rows = every(source, table, columns)
        target.insert(table, columns, _counted(rows, told, end) if table == "log" else rows)


def _counted(rows: Iterator[Any], told: Told, end: int) -> Iterator[Any]:
    for done, row in enumerate(rows, 1):
        yield row
        told(done, end)


def every(db: Database, table: str, columns: tuple[str, ...]) -> Iterator[Any]:
    """Yield the rows of a table in an order of their own."""
    return db.rows(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {ORDERS.get(table, columns[0])}")


def same(one: Database, other: Database) -> None:
    """See that two stores hold the same rows. Raises Problem."""
    from infra.transparency import tile_store

    for table, columns in {**COPIED, **(PROOF if tile_store.made(one) else {})}.items():
        pairs = _pairs(every(one, table, columns), every(other, table, columns))
        wrong = next((n for n, (a, b) in enumerate(pairs, 1) if a != b), None)
        if wrong is not None:
            facts = {"row": wrong, "table": table}
            raise Problem("backup.bad", file=other.where, why="row {row} of {table} differs", why_facts=facts)


def sound(db: Database) -> Copied:
    """See that a log ends at its head, has no gap, and agrees with its last checkpoint. Raises Problem."""
    identity = db.one("SELECT value FROM store WHERE name = 'store_id'") or ("",)
    head = db.one("SELECT position, recorded FROM head") or (0, "")
    last = db.one("SELECT position, recorded, event_id FROM log ORDER BY position DESC LIMIT 1") or (0, "", None)
    count = db.one("SELECT count(*) FROM log") or (0,)
    if not head[0] == last[0] == count[0] or head[1] != last[1]:
        facts = {"head": head[0], "count": count[0]}
        raise Problem("backup.bad", file=db.where, why="its head is {head}, and it has {count} events", why_facts=facts)
    position, recorded, event_id = last
    return Copied(position, recorded, event_id, identity[0], agreed(db))


def _pairs(one: Iterator[Any], other: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
    while True:
        a, b = next(one, None), next(other, None)
        if a is None and b is None:
            return
        yield a, b


def agreed(db: Database) -> int | None:
    """Return the size of the last checkpoint of a store whose events agree with it, None if it has none. Raises Problem."""
    from infra.transparency import checkpoint_store
    from infra.transparency.leaf import leaves
    from infra.transparency.merkle_tree import MerkleFrontier, bagged

    kept = checkpoint_store.last(db)
    if kept is None:
        return None
    held = checkpoint_store.parsed(kept)
    tree = MerkleFrontier()
    for rows in _blocks(db, held.size):
        tree.add((0, leaf) for leaf in leaves(rows))
    if tree.size != held.size or bagged(tree.peaks) != held.root:
        why = "its events are not those of its checkpoint of {size}"
        raise Problem("backup.bad", file=db.where, why=why, why_facts={"size": held.size})
    return held.size


def _blocks(db: Database, size: int, block: int = 5_000) -> Iterator[list[Any]]:
    for after in range(0, size, block):
        sql = f"SELECT {', '.join(Record._fields)} FROM log WHERE position > ? AND position <= ? ORDER BY position"
        yield db.all(sql, (after, min(after + block, size)))


def _alone(part: Path) -> None:
    """Leave one file that needs no other beside it."""
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _readonly(part: Path) -> Database:
    db = open_database(f"sqlite:///{part}", create=False, readonly=True)
    whole(db)
    return db


def _settled(part: Path, out: Path) -> None:
    """Put the finished file in its place, so that it is there after a power cut, too."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(out)
    if os.name == "posix":
        folder = os.open(out.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
