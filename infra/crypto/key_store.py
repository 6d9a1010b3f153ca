"""The store of the data keys, apart from the log's store: a SQLite file beside it, or a schema of the same Postgres."""

from __future__ import annotations

import copy
import datetime as dt
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from infra.db.connect import open_database
from infra.db.database import Database
from infra.db.errors import StoreMissing

if TYPE_CHECKING:
    from infra.db.postgres import PostgresDatabase

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
    """A subject's data key, wrapped; `wrapped` is None once it is destroyed. `version` counts the subject's erasures.

    In a store whose keys are wrapped for each group, that is for the company, and `shared` for the `team`.
    """

    id: str
    subject: str
    version: int
    wrap: str
    wrapped: bytes | None
    made: str
    destroyed: str | None
    team: str | None = None
    share: str = ""
    shared: bytes | None = None


class Team(NamedTuple):
    """The public key of those who have their wrappings of keys in common."""

    team: str
    fingerprint: str
    public: str


PLAIN: Final = DataKey._fields[:7]
"""What a key store has of a key where no group has a wrapping of its own."""
COLUMNS: Final = ", ".join(PLAIN)
DIGEST_ID: Final = "digest000000"
"""The key under which requests are digested."""
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
    from infra.db.postgres import PostgresDatabase

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
        grouped = db.one("SELECT to_regclass('teams') IS NOT NULL") if db.dialect == "postgres" else None
        self.grouped = bool(grouped and grouped[0])
        self._fields = DataKey._fields if self.grouped else PLAIN

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
        return [DataKey(*row) for row in self.db.all(f"SELECT {', '.join(self._fields)} FROM data_keys ORDER BY id")]

    def add(self, keys: Sequence[DataKey], *, known: bool = True) -> None:
        """Keep more keys, in the transaction that is open; one that may be `known` already stays as it is."""
        count, again = len(self._fields), " ON CONFLICT (id) DO NOTHING" if known else ""
        sql = f"INSERT INTO data_keys ({', '.join(self._fields)}) VALUES ({', '.join('?' * count)}){again}"
        self.db.many(sql, [key[:count] for key in keys])

    def destroy(self, subject: str, before: int) -> int:
        """Destroy the keys of a subject, and of its parts, made before its erasure number `before`; returns how many."""
        # "0" is what comes after "/", with which the name of a part goes on.
        among = "(subject = ? OR (subject > ? AND subject < ?)) AND version < ? AND wrapped IS NOT NULL"
        meant = (subject, f"{subject}/", f"{subject}0", before)
        row = self.db.one(f"SELECT count(*) FROM data_keys WHERE {among}", meant)
        both = "wrapped = NULL, wrap = ''" + (", shared = NULL, share = ''" if self.grouped else "")
        sql = f"UPDATE data_keys SET {both}, destroyed = ? WHERE {among}"
        self.db.run(sql, (utc_now(), *meant))
        return row[0] if row else 0

    def rewrap(self, keys: Iterable[DataKey]) -> None:
        """Put newly wrapped keys in the place of the old."""
        if self.grouped:
            sql = "UPDATE data_keys SET wrap = ?, wrapped = ?, share = ?, shared = ? WHERE id = ?"
            self.db.many(sql, [(k.wrap, k.wrapped, k.share, k.shared, k.id) for k in keys])
            return
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
            sql = f"SELECT {', '.join(self._fields)} FROM data_keys WHERE {column} IN ({', '.join('?' * len(some))}){rest}"
            found += (DataKey(*row) for row in self.db.all(sql, some))
        return found

    # For whom keys are wrapped, in a store whose groups have wrapping keys of their own.

    def teams(self) -> list[Team]:
        """Return the public key of each team; none before there are groups."""
        rows = self.db.all("SELECT team, fingerprint, public FROM teams") if self.grouped else []
        return [Team(*row) for row in rows]

    def keep_team(self, team: Team) -> None:
        """Make a key pair a team's."""
        sql = "INSERT INTO teams VALUES (?, ?, ?) ON CONFLICT (team) DO UPDATE SET fingerprint = ?, public = ?"
        self.db.run(sql, (*team, *team[1:]))

    def hand_on(self, sealed: Iterable[tuple[str, str, bytes]]) -> None:
        """Keep private keys, each by its fingerprint and sealed to the fingerprint of whom it is for."""
        self.db.many("INSERT INTO team_keys VALUES (?, ?, ?) ON CONFLICT DO NOTHING", list(sealed))

    def take_back(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take private keys from whom they are for no more."""
        self.db.many("DELETE FROM team_keys WHERE fingerprint = ? AND holder = ?", list(pairs))

    def handed_on(self) -> list[tuple[str, str]]:
        """Return which private keys are there, by fingerprint, and for whom."""
        return [
            (fingerprint, holder) for fingerprint, holder in self.db.all("SELECT fingerprint, holder FROM team_keys")
        ]

    def held_by(self, holders: Iterable[str]) -> list[tuple[str, str, bytes]]:
        """Return the private keys that are sealed to these."""
        sql = "SELECT fingerprint, holder, sealed FROM team_keys WHERE holder = ANY(?)"
        return [
            (fingerprint, holder, bytes(sealed)) for fingerprint, holder, sealed in self.db.all(sql, (list(holders),))
        ]

    def live_among(self, subjects: Iterable[str] | None, wrap: str) -> list[tuple[DataKey, bool]]:
        """Return the live keys of these subjects (None: of all), those not settled yet, and those wrapped with another key.

        With each it is said whether it is settled.
        """
        sql, among = f"SELECT settled, {', '.join(self._fields)} FROM data_keys WHERE wrapped IS NOT NULL", ""
        if subjects is not None:
            among = " AND (NOT settled OR wrap <> ? OR split_part(subject, '/', 1) = ANY(?))"
        params = (wrap, list(subjects)) if subjects is not None else ()
        return [(DataKey(*row), settled) for settled, *row in self.db.all(sql + among, params)]

    def unsettled(self) -> bool:
        """Say whether there are keys of which it is still open whose they are."""
        return self.db.one("SELECT 1 FROM data_keys WHERE wrapped IS NOT NULL AND NOT settled LIMIT 1") is not None

    def before(self) -> str:
        """Return the fingerprint of the one wrapping key of before there were groups, "" once no key is wrapped with it."""
        row = self.db.one("SELECT value FROM meta WHERE name = 'before'")
        return row[0] if row else ""

    def note_before(self, fingerprint: str) -> None:
        """Note the wrapping key with which keys are still wrapped; "" for none."""
        sql = "INSERT INTO meta VALUES ('before', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        self.db.run(sql, (fingerprint,))

    def settle_all(self, keys: Iterable[tuple[DataKey, str, bool]]) -> None:
        """Put keys that were wrapped anew in the place of those that had that wrapping before; say which are settled."""
        sql = (
            "UPDATE data_keys SET wrap = ?, wrapped = ?, team = ?, share = ?, shared = ?, settled = ?"
            " WHERE id = ? AND wrap = ? AND wrapped IS NOT NULL"
        )
        rows = [(k.wrap, k.wrapped, k.team, k.share, k.shared, known, k.id, before) for k, before, known in keys]
        self.db.many(sql, rows)

    def settled(self) -> tuple[str, int]:
        """Return the day and the position up to which it is settled whose each key is."""
        row = self.db.one("SELECT value FROM meta WHERE name = 'settled'")
        day, _, position = (row[0] if row else "").partition(" ")
        return day, int(position or 0)

    def note_settled(self, day: str, position: int) -> None:
        """Note up to which day and position that is settled."""
        value = f"{day} {position}"
        sql = "INSERT INTO meta VALUES ('settled', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        self.db.run(sql, (value,))
