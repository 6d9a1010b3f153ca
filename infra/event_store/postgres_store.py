"""The log in a Postgres schema."""

from __future__ import annotations

import re
from threading import Lock
from typing import Any, Final

import psycopg

from infra.db.database import Database
from infra.db.errors import RecordedTooEarly, StoreFault, StoreUncertain
from infra.db.postgres import PostgresDatabase, fault
from infra.event_store.event_store import EventStore, check_batch
from infra.event_store.postgres_arrays import TYPES, arrays
from infra.event_store.postgres_schema import RECORDED_TOO_EARLY, VERSION_CONFLICT, WITHOUT_DETAIL
from infra.event_store.stored_event import AppendBatch, AppendResult, Conflict

APPEND: Final = f"SELECT * FROM append_events({', '.join(f'%s::{kind}[]' for kind in TYPES)}, %s, %s)"


class PostgresLog(EventStore):
    """The log in a Postgres schema."""

    def __init__(self, db: Database) -> None:
        assert isinstance(db, PostgresDatabase)
        super().__init__(db)
        self._appending = db
        self._busy = Lock()

    def append(self, batch: AppendBatch) -> AppendResult:
        check_batch(batch)
        with self._busy:
            connection = self._appending.connection
            try:
                # One statement is one transaction, and one round trip; it is never sent twice.
                row = connection.execute(APPEND, arrays(batch)).fetchone()
            except psycopg.Error as error:
                raise self._said(error, lost=connection.closed) from error
        return _appended(row, batch)

    def apart(self) -> bool:
        if self._appending is self.db:
            self._appending = self._appending.beside()
        return True

    def _said(self, error: psycopg.Error, *, lost: bool) -> Conflict | StoreFault:
        """Say in our words why an append was not answered with its position."""
        detail = error.diag.message_detail or ""
        if error.sqlstate in (VERSION_CONFLICT, WITHOUT_DETAIL):
            return Conflict("version", detail)
        if error.sqlstate == RECORDED_TOO_EARLY:
            return RecordedTooEarly(recorded=detail, last=error.diag.message_hint or "")
        if (taken := _taken(error.diag.constraint_name, detail)) is not None:
            return taken
        found = fault(error, self.db.where)
        return StoreUncertain(**found.facts) if lost else found

    def close(self) -> None:
        with self._busy:  # a connection must not go away under the thread that waits on it
            self._appending.close()
        super().close()


def _appended(row: tuple[Any, ...] | None, batch: AppendBatch) -> AppendResult:
    assert row is not None
    return AppendResult(row[0], row[0] + len(batch.records) - 1, row[1])


def _taken(constraint: str | None, detail: str) -> Conflict | None:
    """Read what was taken from Postgres' `Key (kind, value, n)=(phone, 138, 0) already exists.`"""
    found = re.search(r"\)=\((.*)\) already exists", detail, re.DOTALL)
    values = found[1] if found else ""
    match constraint:
        case "claims_taken":
            return Conflict("claim", values.rpartition(", ")[0].replace(", ", " ", 1))
        case "keys_taken" | "log_event_id":
            return Conflict("key", values)
        case "log_version":
            return Conflict("version", values.rpartition(", ")[0])
        case _:
            return None
