"""The tree as the store keeps it: tiles of 256 hashes, written apart from the log by whoever seals it.

Tile (0, n) holds the leaves 256n + 1 to 256n + 256; an entry of level L + 1 is the root of a whole tile of level L.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from infra.access.session_role import projecting
from infra.db.database import Database
from infra.db.errors import StoreBroken
from infra.errors.problem import Problem
from infra.event_store.reader import SELECT
from infra.transparency.leaf import NO_LEAF, leaves
from infra.transparency.merkle_tree import SIZE, levels, root_of

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
TABLES: Final = {
    "sqlite": (
        """CREATE TABLE IF NOT EXISTS tiles (level INTEGER, number INTEGER, hashes BLOB NOT NULL,
        PRIMARY KEY (level, number)) STRICT""",
        """CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER, made TEXT, note TEXT NOT NULL,
        PRIMARY KEY (size, made)) STRICT""",
    ),
    "postgres": (
        """CREATE TABLE IF NOT EXISTS tiles (level bigint, number bigint, hashes bytea NOT NULL,
        PRIMARY KEY (level, number))""",
        """CREATE TABLE IF NOT EXISTS checkpoints (size bigint, made text COLLATE "C", note text NOT NULL,
        PRIMARY KEY (size, made))""",
    ),
}
BATCH: Final = 16 * WIDTH

KEEP: Final = """INSERT INTO tiles (level, number, hashes) VALUES (?, ?, ?)
ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes"""


def register(db: Database) -> None:
    """Make the tables of the tree if there are none, in the transaction that is open."""
    for statement in TABLES[db.dialect]:
        db.run(statement)


def made(db: Database) -> bool:
    """Say whether the store has the tables of the tree."""
    if db.dialect == "sqlite":
        return db.one("SELECT 1 FROM sqlite_master WHERE name = 'checkpoints'") is not None
    row = db.one("SELECT to_regclass(current_schema() || '.checkpoints') IS NOT NULL")
    return row is not None and bool(row[0])


def sealed(db: Database) -> int:
    """Return how many events are in the tiles; they are always the first ones."""
    row = db.one("SELECT number, hashes FROM tiles WHERE level = 0 ORDER BY number DESC LIMIT 1")
    return row[0] * WIDTH + len(row[1]) // SIZE if row else 0


class Tiles:
    """The tree of a store, read from its tiles. Raises Problem where a tile is missing or too short."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.tile = lru_cache(maxsize=64)(self._tile)

    def _tile(self, level: int, number: int) -> list[bytes]:
        row = self.db.one("SELECT hashes FROM tiles WHERE level = ? AND number = ?", (level, number))
        return cut(row[0]) if row else []

    def subtree(self, height: int, index: int) -> bytes:
        """Return the root of a whole subtree of 2 ** height leaves, the `index`-th from the left."""
        level, up = divmod(height, HEIGHT)
        first = index << up
        within = first % WIDTH
        found = self.tile(level, first // WIDTH)[within : within + (1 << up)]
        if len(found) != 1 << up:
            raise Problem("proof.tiles", size=(index + 1) << height)
        return root_of(found)


def upper_sound(db: Database, roots: Sequence[bytes]) -> bool:
    """Say whether the tiles above the leaves hold what they must; `roots` are those of the whole tiles of leaves."""
    level, above = 1, list(roots)
    while above:
        rows = db.all("SELECT hashes FROM tiles WHERE level = ? ORDER BY number", (level,))
        if b"".join(row[0] for row in rows) != b"".join(above):
            return False
        whole = [above[n : n + WIDTH] for n in range(0, len(above) - WIDTH + 1, WIDTH)]
        level, above = level + 1, [root_of(tile) for tile in whole]
    return db.one("SELECT 1 FROM tiles WHERE level >= ? LIMIT 1", (level,)) is None


def cut(hashes: bytes) -> list[bytes]:
    return [hashes[n : n + SIZE] for n in range(0, len(hashes), SIZE)]


def seal(db: Database, upto: int, limit: int | None = None) -> int:
    """Append the leaves of the events up to position `upto` (at most `limit` of them); return how many are sealed.

    Raises Problem if an event is missing or no row of the log. Events are read and hashed before the short transaction
    that writes; whoever seals at the same time makes this one begin anew, or finds nothing left to do.
    """
    with projecting(db):
        return _sealed_to(db, upto, limit)


def _sealed_to(db: Database, upto: int, limit: int | None) -> int:
    if not made(db):
        with db.transaction():
            if db.dialect == "postgres":
                db.one("SELECT pg_advisory_xact_lock(hashtext('salestrail.' || current_schema()))")
            register(db)
    size = sealed(db)
    last = upto if limit is None else min(upto, size + limit)
    while size < last:
        rows = read(db, size, min(BATCH - size % BATCH, last - size))
        fresh = checked(rows, size)
        with db.transaction():
            if db.dialect == "postgres":
                db.run("LOCK TABLE tiles IN SHARE ROW EXCLUSIVE MODE")
            if sealed(db) == size:
                db.many(KEEP, list(_grown(db, size, fresh)))
        size = sealed(db)
    return size


def read(db: Database, after: int, limit: int) -> list[Sequence[Any]]:
    """Return the rows of the log that follow position `after`, as they are stored."""
    try:
        return list(db.all(f"{SELECT} WHERE position > ? ORDER BY position LIMIT ?", (after, limit)))
    except UnicodeDecodeError as wrong:  # of sqlite3's own message, where it quotes bytes that are no text
        raise StoreBroken(store=db.where, why=str(wrong)) from wrong


def checked(rows: Sequence[Sequence[Any]], after: int) -> list[bytes]:
    """Return the leaves of rows that must follow position `after` without a gap. Raises Problem."""
    if not rows:
        raise Problem("proof.missing", position=after + 1)
    for position, row in enumerate(rows, after + 1):
        if row[0] != position:
            raise Problem("proof.missing", position=position)
    fresh = leaves(rows)
    if NO_LEAF in fresh:
        raise Problem("proof.unreadable", position=after + 1 + fresh.index(NO_LEAF), why="a value of another type")
    return fresh


def _grown(db: Database, size: int, fresh: Sequence[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Yield the tiles that change when these leaves follow the `size` ones that are there."""
    more, level = list(fresh), 0
    while more:
        number, within = divmod(size, WIDTH)
        begun = db.one("SELECT hashes FROM tiles WHERE level = ? AND number = ?", (level, number)) if within else None
        if within and (begun is None or len(begun[0]) != within * SIZE):
            raise Problem("proof.tiles", size=size << level * HEIGHT)
        held = [*(cut(begun[0]) if begun else ()), *more]
        tiles = [held[n : n + WIDTH] for n in range(0, len(held), WIDTH)]
        for n, tile in enumerate(tiles, number):
            yield level, n, b"".join(tile)
        more = [levels(tile)[-1][0] for tile in tiles if len(tile) == WIDTH]
        size, level = number, level + 1
