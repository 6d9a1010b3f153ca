"""The log in a SQLite file as a recorder of the event sourcing library."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from eventsourcing.persistence import OperationalError, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteTransaction,
)

from infra.db.database import Database
from infra.db.sqlite import SQLiteDatabase, connect
from infra.event_store.eventsourcing_adapter import as_batch
from infra.event_store.sqlite_log import SQLiteLog
from infra.event_store.sqlite_store import write


class Transaction(SQLiteTransaction):
    """The library's transaction, but one that is to write begins by keeping other writers out."""

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        try:
            cursor.execute("BEGIN IMMEDIATE" if self.commit else "BEGIN")
        except sqlite3.OperationalError as error:
            raise OperationalError(str(error)) from error
        return cursor


class Connection(SQLiteConnection):
    """The library's connection, with our transaction."""

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        with Transaction(self, commit=commit) as cursor, cursor:
            yield cursor


class Pool(SQLiteConnectionPool):
    """The library's pool, with our settings on every connection."""

    def _create_connection(self) -> SQLiteConnection:
        raw = connect(self.db_name, create=False, any_thread=True)
        raw.row_factory = sqlite3.Row
        return Connection(raw, max_age=self.max_age)


class Datastore(SQLiteDatastore):
    """The library's datastore, with our pool."""

    def __init__(self, path: str) -> None:
        super().__init__(path, originator_id_type="text")
        self.pool.close()
        self.pool = Pool(db_name=path)


class SQLiteRecorder(SQLiteLog, SQLiteApplicationRecorder):
    """The log in a SQLite file as the library writes and reads it.

    What the library selects comes from the view `stored_events`; what it inserts gets an envelope that says so.
    """

    def __init__(self, db: Database) -> None:
        assert isinstance(db, SQLiteDatabase)
        SQLiteLog.__init__(self, db)
        SQLiteApplicationRecorder.__init__(self, Datastore(db.path), "stored_events")

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:
        with self.datastore.transaction(commit=True) as cursor:
            first, last, _recorded = write(cursor, as_batch(stored_events))
        return list(range(first, last + 1))

    def close(self) -> None:
        self.datastore.close()
        super().close()
