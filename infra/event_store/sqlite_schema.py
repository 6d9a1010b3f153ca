"""The log's tables on SQLite."""

from __future__ import annotations

from typing import Final

LOG: Final = """
CREATE TABLE log (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    schema INTEGER NOT NULL,
    occurred TEXT NOT NULL,
    recorded TEXT NOT NULL,
    actor TEXT NOT NULL,
    recorder TEXT NOT NULL,
    source TEXT NOT NULL,
    key TEXT,
    event_id TEXT NOT NULL,
    correlation TEXT,
    causation TEXT,
    reason TEXT,
    migrated INTEGER NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (stream, version)
) STRICT
"""

# INSERT OR REPLACE deletes without firing a delete trigger, so whatever it could replace is refused before.
GUARD: Final = """
CREATE TRIGGER log_appends BEFORE INSERT ON log
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM log)
    OR EXISTS (SELECT 1 FROM log WHERE stream = NEW.stream AND version = NEW.version)
    OR EXISTS (SELECT 1 FROM log WHERE event_id = NEW.event_id)
BEGIN
    SELECT RAISE(ABORT, 'the log only takes the next position, with a version and an event id not taken');
END
"""

TABLES: Final = (
    "CREATE TABLE store (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    LOG,
    "CREATE UNIQUE INDEX log_event_id ON log (event_id)",
    "CREATE INDEX log_recorded ON log (recorded)",
    GUARD,
    "CREATE TRIGGER log_keeps BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END",
    "CREATE TRIGGER log_holds BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is never deleted from'); END",
    """CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL,
    recorded TEXT NOT NULL) STRICT""",
    "INSERT INTO head VALUES (1, 0, '')",
    """CREATE TABLE claims (kind TEXT, value TEXT, n INTEGER, stream TEXT NOT NULL,
    PRIMARY KEY (kind, value, n)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE keys (key TEXT PRIMARY KEY, digest BLOB NOT NULL, position INTEGER NOT NULL, stream TEXT NOT NULL,
    count INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE mentions (subject TEXT, position INTEGER, PRIMARY KEY (subject, position))
    STRICT, WITHOUT ROWID""",
    # The log as the eventsourcing library's recorders read it.
    """CREATE VIEW stored_events AS
    SELECT position AS rowid, stream AS originator_id, version AS originator_version, name AS topic, data AS state
    FROM log""",
)
