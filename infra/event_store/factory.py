"""Opens the log of a store, whatever keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.access.session_role import decide_on
from infra.db.connect import open_database
from infra.event_store.migrations import check_store

if TYPE_CHECKING:
    from infra.db.database import Database
    from infra.event_store.event_store import EventStore


def open_log(url: str, *, brief: bool = False) -> EventStore:
    """Open the log of the store at `url`, for reading and appending: as a recorder of the event sourcing library.

    A command that records one action and ends opens it `brief`, the same log without the library. Raises StoreMissing if
    there is no store yet, or another StoreFault.
    """
    db = open_database(url, create=False)
    try:
        check_store(db)
        if db.dialect == "sqlite":
            return _in_a_file(db, brief=brief)
        decide_on(db)
        return _on_a_server(db, brief=brief)
    except BaseException:
        db.close()
        raise


def _in_a_file(db: Database, *, brief: bool) -> EventStore:
    if brief:
        from infra.event_store.sqlite_log import SQLiteLog

        return SQLiteLog(db)
    from infra.event_store.sqlite_recorder import SQLiteRecorder

    return SQLiteRecorder(db)


def _on_a_server(db: Database, *, brief: bool) -> EventStore:
    if brief:
        from infra.event_store.postgres_store import PostgresLog

        return PostgresLog(db)
    from infra.event_store.postgres_recorder import PostgresRecorder

    return PostgresRecorder(db)
