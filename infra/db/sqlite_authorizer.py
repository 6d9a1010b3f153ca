"""What our own connections to SQLite refuse to do, whatever SQL they are given: asked once a statement, not once a row."""

from __future__ import annotations

import sqlite3
from typing import Final

KEPT: Final = "log"
"""The table that is neither changed, deleted from, altered nor dropped."""

LASTING: Final = frozenset((KEPT, "head", "store", "keys", "claims", "mentions", "stored_events"))
"""What nothing of the same name may stand before."""

GUARDS: Final = frozenset(("log_appends", "log_keeps", "log_holds"))
"""The triggers that say the same to whoever opens the file without us."""

SETTINGS: Final = {"journal_mode": ("wal",), "synchronous": ("full", "extra", "2", "3"), "secure_delete": ("on", "1")}
"""Settings that may be set to nothing else."""

FORBIDDEN: Final = frozenset(
    ("writable_schema", "ignore_check_constraints", "legacy_alter_table", "recursive_triggers")
)
"""Settings that may not be set at all."""

USUAL: Final = frozenset(
    (sqlite3.SQLITE_READ, sqlite3.SQLITE_SELECT, sqlite3.SQLITE_INSERT, sqlite3.SQLITE_TRANSACTION)
)
"""What a statement may always do."""


def authorize(code: int, first: str | None, second: str | None, database: str | None, source: str | None) -> int:
    """Say whether a statement may do one thing: SQLite's codes and names of what it would do, and to what."""
    if code in USUAL:  # each column that is read is asked about
        return 0
    match code:
        case sqlite3.SQLITE_UPDATE | sqlite3.SQLITE_DELETE | sqlite3.SQLITE_DROP_TABLE:
            denied = first == KEPT
        case sqlite3.SQLITE_DROP_VIEW:
            denied = first == "stored_events"
        case sqlite3.SQLITE_CREATE_TEMP_TABLE | sqlite3.SQLITE_CREATE_TEMP_VIEW:
            denied = first in LASTING  # it would stand before the real one
        case sqlite3.SQLITE_DROP_INDEX:
            denied = second == KEPT
        case sqlite3.SQLITE_ALTER_TABLE:  # the database stands first, then the table
            denied = second == KEPT
        case sqlite3.SQLITE_DROP_TRIGGER:
            denied = first in GUARDS
        case sqlite3.SQLITE_CREATE_TEMP_TRIGGER:
            denied = True
        case sqlite3.SQLITE_CREATE_TRIGGER:
            denied = second == KEPT and first not in GUARDS
        case sqlite3.SQLITE_ATTACH:
            denied = bool(first)  # VACUUM attaches a file without a name
        case sqlite3.SQLITE_FUNCTION:
            denied = second == "load_extension"
        case sqlite3.SQLITE_PRAGMA:
            denied = second is not None and not _harmless(first or "", second)
        case _:
            denied = False
    return sqlite3.SQLITE_DENY if denied else sqlite3.SQLITE_OK


def _harmless(name: str, value: str) -> bool:
    allowed = SETTINGS.get(name.lower())
    return value.lower() in allowed if allowed else name.lower() not in FORBIDDEN
