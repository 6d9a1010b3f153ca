"""What makes a database a store: its tables, its settings, and how an older store is brought up to date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from infra.db.errors import StoreFault, StoreMissing, StoreTooNew

if TYPE_CHECKING:
    from infra.db.database import Database

SCHEMA_VERSION: Final = 1
DEFAULTS: Final = {"zone": "Asia/Shanghai", "fiscal_month": "1", "currency": "CNY", "calendar": "cn"}

# By the version they lead to, the statements for each dialect; run in order, in one transaction.
Migrations = Mapping[int, Mapping[str, Sequence[str]]]
MIGRATIONS: Final[Migrations] = {}


def init_store(db: Database, settings: Mapping[str, str] | None = None) -> bool:
    """Make `db` a store with these settings (zone, fiscal_month, currency, calendar) and return True, or False if it is one.

    Raises StoreTooNew as check_store does; the settings of an existing store stay as they are.
    """
    with db.transaction():
        if db.dialect == "postgres":
            _make_schema(db)
        if _has_store(db):
            created = False
        else:
            db.script(_tables(db))
            rows = {
                **DEFAULTS,
                **(settings or {}),
                "schema_version": str(SCHEMA_VERSION),
                "store_id": _new_id(),
                "created": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            }
            db.insert("store", ("name", "value"), list(rows.items()))
            created = True
    if not created:
        check_store(db)
    return created


def check_store(db: Database, migrations: Migrations = MIGRATIONS, newest: int = SCHEMA_VERSION) -> None:
    """See that `db` is a store that this program can use; an older one is migrated, in one transaction.

    Raises StoreMissing, or StoreTooNew and leaves the store as it is.
    """
    if _version(db, newest) == newest:
        return
    with db.transaction():
        if db.dialect == "postgres":
            db.run("LOCK TABLE store IN EXCLUSIVE MODE")
        # Another process may have migrated while we waited.
        for step in range(_version(db, newest) + 1, newest + 1):
            db.script(migrations[step][db.dialect])
        db.run("UPDATE store SET value = ? WHERE name = 'schema_version'", (str(newest),))


def read_settings(db: Database) -> dict[str, str]:
    """Return the store's settings: schema_version, store_id, zone, fiscal_month, currency, calendar, created."""
    return dict(db.all("SELECT name, value FROM store"))


def market(settings: Mapping[str, str]) -> str:
    """Return the name of the calendar that ships for a store's market; stores made before there was a choice have China's."""
    return settings.get("calendar", "cn")


def _version(db: Database, newest: int) -> int:
    try:
        row = db.one("SELECT value FROM store WHERE name = 'schema_version'")
    except StoreMissing:
        raise
    except StoreFault as fault:
        if "no such column" in str(fault) or "does not exist" in str(fault):
            raise StoreMissing(store=db.where, why="its table `store` is not ours") from fault
        raise
    if row is None or not str(row[0]).isdigit():
        raise StoreMissing(store=db.where, why="it names no schema version")
    if int(row[0]) > newest:
        raise StoreTooNew(store=db.where, version=int(row[0]), newest=newest)
    return int(row[0])


def _has_store(db: Database) -> bool:
    if db.dialect == "sqlite":
        return db.one("SELECT 1 FROM sqlite_master WHERE name = 'store'") is not None
    row = db.one("SELECT to_regclass(current_schema() || '.store') IS NOT NULL")
    return row is not None and bool(row[0])


def _tables(db: Database) -> Sequence[str]:
    if db.dialect == "sqlite":
        from infra.event_store.sqlite_schema import TABLES

        return TABLES
    from infra.event_store.postgres_schema import tables

    return tables(_schema_name(db))


def _make_schema(db: Database) -> None:
    name = _schema_name(db)
    # Two who make the same store at once: the second waits, and finds it made.
    db.one("SELECT pg_advisory_xact_lock(hashtext(?))", (f"salestrail:{name}",))
    # Not IF NOT EXISTS: that asks for the right to create even where nothing is to be created.
    if db.one("SELECT 1 FROM pg_namespace WHERE nspname = ?", (name,)) is None:
        db.run(f"CREATE SCHEMA {name}")


def _schema_name(db: Database) -> str:
    row = db.one("SELECT split_part(current_setting('search_path'), ',', 1)")
    assert row is not None
    return str(row[0]).strip(' "')


def _new_id() -> str:
    from uuid import uuid4

    return str(uuid4())
