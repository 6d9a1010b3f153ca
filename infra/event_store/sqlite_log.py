"""The log in a SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from infra.db.database import Database, must_last
from infra.db.errors import StoreRefused
from infra.db.sqlite import SQLiteDatabase, fault
from infra.event_store.event_store import EventStore, check_batch
from infra.event_store.sqlite_store import conflict, write
from infra.event_store.stored_event import AppendBatch, AppendResult


class SQLiteLog(EventStore):
    """The log in a SQLite file."""

    def __init__(self, db: Database) -> None:
        assert isinstance(db, SQLiteDatabase)
        super().__init__(db)
        self._connection = db.connection

    def append(self, batch: AppendBatch) -> AppendResult:
        check_batch(batch)
        must_last(self.db)
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
