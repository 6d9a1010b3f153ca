"""The matrix of a SQLite file: every act, through our own connection and through anybody's."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path
from typing import Final

import pytest

from infra.db.sqlite import PRAGMAS, SQLiteDatabase
from infra.event_store.factory import open_log
from infra.event_store.sqlite_recorder import SQLiteRecorder
from tests.given import Given, company, lead

ROW: Final = (
    "INSERT{more} INTO log SELECT {position}, {stream}, {version}, name, schema, occurred, recorded, actor, recorder,"
)
REST: Final = " source, key, {event_id}, correlation, causation, reason, migrated, data FROM log WHERE position = 1"


def inserted(more: str = "", position: str = "", stream: str = "'x'", version: str = "1", event_id: str = "'e'") -> str:
    """Return an insertion of a row made of the first one."""
    position = position or "(SELECT max(position) + 1 FROM log)"
    parts = {"more": more, "position": position, "stream": stream, "version": version, "event_id": event_id}
    return (ROW + REST).format(**parts)


# ours: through our connection; plain: through anybody's who may write the file. Whoever owns the file can take the
# triggers off; what he does then is found by the checkpoints that somebody else keeps.
MATRIX: Final = """
act                              ours plain
read the log                     yes  yes
insert at the next position      yes  yes
insert at a later position       no   no
insert at a position taken       no   no
insert a version taken           no   no
insert an event id taken         no   no
replace a position               no   no
replace a version                no   no
replace an event id              no   no
insert a row of other types      no   no
update the log                   no   no
update no row of the log         no   yes
update or replace                no   no
delete from the log              no   no
delete no row of the log         no   yes
drop the log                     no   yes
alter the log                    no   yes
rename the log                   no   yes
drop its trigger                 no   yes
make a trigger on it             no   yes
make a passing trigger on it     no   yes
hide it behind another           no   yes
drop its index                   no   yes
write the schema's own table     no   no
allow to write that table        no   yes
attach another file              no   yes
load an extension                no   no
commit without waiting           no   yes
leave the write-ahead log        no   yes
keep what was deleted            no   yes
write the tables                 yes  yes
"""
ACTS: Final = {
    "read the log": "SELECT count(*) FROM log",
    "insert at the next position": inserted(),
    "insert at a later position": inserted(position="1000"),
    "insert at a position taken": inserted(position="1"),
    "insert a version taken": inserted(stream="stream", version="version"),
    "insert an event id taken": inserted(event_id="event_id"),
    "replace a position": inserted(" OR REPLACE", position="1"),
    "replace a version": inserted(" OR REPLACE", stream="stream", version="version"),
    "replace an event id": inserted(" OR REPLACE", event_id="event_id"),
    "insert a row of other types": inserted(version="'one'"),
    "update the log": "UPDATE log SET actor = 'eve' WHERE position = 1",
    "update no row of the log": "UPDATE log SET actor = 'eve' WHERE false",
    "update or replace": "UPDATE OR REPLACE log SET position = 2 WHERE position = 1",
    "delete from the log": "DELETE FROM log WHERE position = 1",
    "delete no row of the log": "DELETE FROM log WHERE false",
    "drop the log": "DROP TABLE log",
    "alter the log": "ALTER TABLE log ADD COLUMN more TEXT",
    "rename the log": "ALTER TABLE log RENAME TO old",
    "drop its trigger": "DROP TRIGGER log_keeps",
    "make a trigger on it": "CREATE TRIGGER swallow BEFORE INSERT ON log BEGIN SELECT RAISE(IGNORE); END",
    "make a passing trigger on it": "CREATE TEMP TRIGGER swallow BEFORE INSERT ON log BEGIN SELECT RAISE(IGNORE); END",
    "hide it behind another": "CREATE TEMP TABLE log (position INTEGER)",
    "drop its index": "DROP INDEX log_event_id",
    "write the schema's own table": "UPDATE sqlite_master SET sql = '' WHERE name = 'log_keeps'",
    "allow to write that table": "PRAGMA writable_schema = ON",
    "attach another file": "ATTACH '{folder}/other.db' AS other",
    "load an extension": "SELECT load_extension('x')",
    "commit without waiting": "PRAGMA synchronous = OFF",
    "leave the write-ahead log": "PRAGMA journal_mode = DELETE",
    "keep what was deleted": "PRAGMA secure_delete = OFF",
    "write the tables": "UPDATE head SET recorded = recorded",
}
HEADING, *ROWS = (line for line in MATRIX.splitlines() if line)
LISTED: Final = {
    (row[:33].strip(), who): said
    for row in ROWS
    for who, said in zip(HEADING.split()[1:], row[33:].split(), strict=True)
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    given = Given(f"sqlite:///{tmp_path}/store.db")
    given.happened(*company(), lead("a"))
    given.close()
    return tmp_path / "store.db"


def test_every_act_is_listed_once() -> None:
    assert [row[:33].strip() for row in ROWS] == list(ACTS)


@pytest.mark.parametrize("who", ["ours", "plain"])
@pytest.mark.parametrize("act", list(ACTS))
def test_an_act_is_as_listed(path: Path, act: str, who: str) -> None:
    if who == "ours":
        connection = SQLiteDatabase(str(path), create=False).connection
    else:
        connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(ACTS[act].replace("{folder}", str(path.parent))).fetchall()
        said = "yes"
    except sqlite3.Error:
        said = "no"
    finally:
        connection.close()
    assert said == LISTED[act, who]


def test_the_file_and_those_beside_it_are_its_owners_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        log = open_log(f"sqlite:///{path}")
        log.db.run("UPDATE head SET recorded = recorded")
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir() if each.is_file()}
        log.close()
    finally:
        os.umask(before)
    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}


def test_a_library_s_connection_is_guarded_too(path: Path) -> None:
    recorder = open_log(f"sqlite:///{path}")
    assert isinstance(recorder, SQLiteRecorder)
    with recorder.datastore.transaction(commit=False) as cursor, pytest.raises(sqlite3.Error, match="not authorized"):
        cursor.execute("DELETE FROM log")
    recorder.close()


def test_every_commit_waits_for_the_disk(path: Path) -> None:
    assert "PRAGMA synchronous = FULL" in PRAGMAS
    db = SQLiteDatabase(str(path), create=False)
    found = {name: db.one(f"PRAGMA {name}") for name in ("synchronous", "secure_delete", "journal_mode")}
    assert found == {"synchronous": (2,), "secure_delete": (1,), "journal_mode": ("wal",)}
    db.close()


def test_free_room_is_still_given_back(path: Path) -> None:
    db = SQLiteDatabase(str(path), create=False)
    db.run("VACUUM")
    assert db.one("SELECT count(*) > 0 FROM log") == (1,)
    db.close()
