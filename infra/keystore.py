"""The store of the data keys, apart from the log's store: a SQLite file beside it, or a schema of the same Postgres."""

from __future__ import annotations

import copy
import datetime as dt
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from infra.database import Database, open_database
from infra.record import StoreMissing

if TYPE_CHECKING:
    from infra.postgres.database import PostgresDatabase

TABLES: Final = {
    "sqlite": (
        "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        """CREATE TABLE IF NOT EXISTS data_keys (id TEXT PRIMARY KEY, subject TEXT NOT NULL, version INTEGER NOT NULL,
        wrap TEXT NOT NULL, wrapped BLOB, made TEXT NOT NULL, destroyed TEXT) STRICT, WITHOUT ROWID""",
        "CREATE INDEX IF NOT EXISTS data_keys_subject ON data_keys (subject)",
    ),
    "postgres": (
        "CREATE TABLE IF NOT EXISTS meta (name text PRIMARY KEY, value text NOT NULL)",
        """CREATE TABLE IF NOT EXISTS data_keys (id text COLLATE "C" PRIMARY KEY, subject text COLLATE "C" NOT NULL,
        version bigint NOT NULL, wrap text NOT NULL, wrapped bytea, made text NOT NULL, destroyed text)""",
        "CREATE INDEX IF NOT EXISTS data_keys_subject ON data_keys (subject)",
    ),
}


class DataKey(NamedTuple):
    """A subject's data key, wrapped; `wrapped` is None once it is destroyed. `version` counts the subject's erasures."""

    id: str
    subject: str
    version: int
    wrap: str
    wrapped: bytes | None
    made: str
    destroyed: str | None


COLUMNS: Final = ", ".join(DataKey._fields)
LONGEST: Final = 63  # letters of a Postgres schema's name


def utc_now() -> str:
    """Return the present moment as texts of the log have it."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def place_of(db: Database) -> str:
    """Return where the keys of the store in `db` are: a file's path, or a schema's name."""
    if db.dialect == "sqlite":
        return f"{db.where.removesuffix('.db')}.keys"
    schema: str = getattr(db, "schema")  # noqa: B009  # Postgres's own
    return f"{schema[: LONGEST - len('_keys')]}_keys"


def open_keys(db: Database, url: str | None, *, create: bool) -> Database | None:
    """Open the key store of the store in `db`, at `url` if it has a place of its own; None where there is none yet.

    Raises StoreFault.
    """
    opened = _opened(db, url, create)
    if opened is None:
        return None
    try:
        if not create and not _made(opened):
            opened.close()
            return None
        if create and not _made(opened):
            _make(opened)
        return opened
    except BaseException:
        opened.close()
        raise


def _opened(db: Database, url: str | None, create: bool) -> Database | None:
    try:
        if url:
            return open_database(url, create=create)
        if db.dialect == "sqlite":
            return open_database(f"sqlite:///{place_of(db)}", create=create)
        return _beside(db, place_of(db))
    except StoreMissing:
        return None


def _beside(db: Any, schema: str) -> PostgresDatabase:
    from infra.postgres.database import PostgresDatabase

    address = copy.copy(db.address)
    options = address.params["options"].replace(f"search_path={db.schema},", f"search_path={schema},")
    address.schema, address.params = schema, {**address.params, "options": options}
    return PostgresDatabase(address)


def _made(db: Database) -> bool:
    if db.dialect == "sqlite":
        return db.one("SELECT 1 FROM sqlite_master WHERE name = 'data_keys'") is not None
    row = db.one("SELECT to_regclass(current_schema() || '.data_keys') IS NOT NULL")
    return row is not None and bool(row[0])


def _make(db: Database) -> None:
    """Make the tables, and the id by which the file of wrapping keys knows this key store."""
    with db.transaction():
        if db.dialect == "postgres":
            schema: str = getattr(db, "schema")  # noqa: B009
            db.one("SELECT pg_advisory_xact_lock(hashtext(?))", (f"salestrail:{schema}",))
            if db.one("SELECT 1 FROM pg_namespace WHERE nspname = ?", (schema,)) is None:
                db.run(f"CREATE SCHEMA {schema}")
        db.script(TABLES[db.dialect])
        db.run("INSERT INTO meta VALUES ('id', ?) ON CONFLICT DO NOTHING", (f"keys-{os.urandom(8).hex()}",))


class KeyRows:
    """The rows of a key store."""

    def __init__(self, db: Database) -> None:
        self.db = db
        row = db.one("SELECT value FROM meta WHERE name = 'id'")
        assert row is not None
        self.id: str = row[0]

    def wrapping(self, *, hold: bool = False) -> str | None:
        """Return the fingerprint of the wrapping key in use; `hold` keeps it so until the transaction ends."""
        lock = " FOR UPDATE" if hold and self.db.dialect == "postgres" else ""
        row = self.db.one(f"SELECT value FROM meta WHERE name = 'wrapping'{lock}")
        return row[0] if row else None

    def use_wrapping(self, fingerprint: str) -> None:
        """Make a wrapping key the one in use."""
        self.db.run(
            "INSERT INTO meta VALUES ('wrapping', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (fingerprint,),
        )

    def by_ids(self, ids: Iterable[str]) -> list[DataKey]:
        """Return the keys of these ids, destroyed ones included."""
        return self._among("id", ids, "")

    def live(self, subjects: Iterable[str]) -> list[DataKey]:
        """Return the keys of these subjects that are not destroyed, the oldest first."""
        return self._among("subject", subjects, " AND wrapped IS NOT NULL ORDER BY made, id")

    def every(self) -> list[DataKey]:
        """Return all keys, in the order of their ids."""
        return [DataKey._make(row) for row in self.db.all(f"SELECT {COLUMNS} FROM data_keys ORDER BY id")]

    def add(self, keys: Sequence[DataKey]) -> None:
        """Keep more keys, in the transaction that is open; one that is known already stays as it is."""
        marks = ", ".join("?" * len(DataKey._fields))
        self.db.many(f"INSERT INTO data_keys ({COLUMNS}) VALUES ({marks}) ON CONFLICT (id) DO NOTHING", keys)

    def destroy(self, subject: str, before: int) -> int:
        """Destroy the keys of a subject, and of its parts, made before its erasure number `before`; returns how many."""
        # "0" is what comes after "/", with which the name of a part goes on.
        among = "(subject = ? OR (subject > ? AND subject < ?)) AND version < ? AND wrapped IS NOT NULL"
        meant = (subject, f"{subject}/", f"{subject}0", before)
        row = self.db.one(f"SELECT count(*) FROM data_keys WHERE {among}", meant)
        sql = f"UPDATE data_keys SET wrapped = NULL, wrap = '', destroyed = ? WHERE {among}"
        self.db.run(sql, (utc_now(), *meant))
        return row[0] if row else 0

    def rewrap(self, keys: Iterable[DataKey]) -> None:
        """Put newly wrapped keys in the place of the old."""
        self.db.many(
            "UPDATE data_keys SET wrap = ?, wrapped = ? WHERE id = ?", [(k.wrap, k.wrapped, k.id) for k in keys]
        )

    def settle(self) -> None:
        """Leave nothing of a destroyed key in the journal of a SQLite file."""
        if self.db.dialect == "sqlite":
            self.db.all("PRAGMA wal_checkpoint(TRUNCATE)")

    def _among(self, column: str, values: Iterable[str], rest: str) -> list[DataKey]:
        several = list(dict.fromkeys(values))
        found: list[DataKey] = []
        for first in range(0, len(several), 500):
            some = several[first : first + 500]
            sql = f"SELECT {COLUMNS} FROM data_keys WHERE {column} IN ({', '.join('?' * len(some))}){rest}"
            found += map(DataKey._make, self.db.all(sql, some))
        return found
