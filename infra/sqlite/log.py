"""The log in a SQLite file, as a recorder of the event sourcing library and with our own door."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
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

from infra.database import Database
from infra.library import as_batch
from infra.log import Log, check_batch
from infra.record import Appended, Batch, StoreRefused
from infra.sqlite.append import conflict, write
from infra.sqlite.database import SQLiteDatabase, connect, fault


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


class SQLiteLog(Log, SQLiteApplicationRecorder):
    """The log in a SQLite file.

    What the library selects comes from the view `stored_events`; what it inserts gets an envelope that says so.
    """

    def __init__(self, db: Database) -> None:
        assert isinstance(db, SQLiteDatabase)
        Log.__init__(self, db)
        SQLiteApplicationRecorder.__init__(self, Datastore(db.path), "stored_events")
        self._connection = db.connection

    def append(self, batch: Batch) -> Appended:
        check_batch(batch)
        # Closed by hand: a traceback may keep the cursor alive, and the garbage collector of another thread would then
        # wait for this connection while the one it belongs to waits for the interpreter.
        with closing(self._connection.cursor()) as cursor:
            try:
                with self.db.transaction():
                    return write(cursor, batch)
            except sqlite3.IntegrityError as error:
                raise (conflict(cursor, batch) or StoreRefused(store=self.db.where, why=str(error))) from error
            except sqlite3.Error as error:
                raise fault(error, self.db.where) from error

    def _insert_events(self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:
        first, last, _recorded = write(c, as_batch(stored_events))
        return list(range(first, last + 1))

    def close(self) -> None:
        self.datastore.close()
        super().close()
