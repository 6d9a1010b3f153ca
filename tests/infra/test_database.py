"""What a store lies in: how it is made and migrated, when it is missing, busy or full, its transactions and snapshots."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from infra.db.connect import open_database
from infra.db.database import Database
from infra.db.errors import (
    StoreBusy,
    StoreFault,
    StoreFull,
    StoreMissing,
    StoreTooNew,
    StoreUncertain,
    StoreUnreachable,
)
from infra.event_store.event_store import EventStore
from infra.event_store.factory import open_log
from infra.event_store.migrations import Migrations, check_store, init_store, read_settings
from tests.infra.appending import batch, event, positions


def test_a_store_is_made_once_and_keeps_its_settings(store_url: str) -> None:
    db = open_database(store_url, create=True)
    assert init_store(db, {"zone": "Europe/Berlin"})
    settings = read_settings(db)
    assert not init_store(db, {"zone": "UTC"})
    assert read_settings(db) == settings
    assert settings["zone"] == "Europe/Berlin"
    assert (settings["schema_version"], settings["fiscal_month"], settings["currency"]) == ("1", "1", "CNY")
    assert set(settings) == {"schema_version", "store_id", "zone", "fiscal_month", "currency", "calendar", "created"}
    db.close()


def test_a_newer_store_is_refused_and_left_as_it_is(log: EventStore, store_url: str) -> None:
    log.db.run("UPDATE store SET value = '99' WHERE name = 'schema_version'")
    before = read_settings(log.db)
    with pytest.raises(StoreTooNew) as refused:
        open_log(store_url)
    assert refused.value.facts["version"] == 99
    db = open_database(store_url, create=True)
    with pytest.raises(StoreTooNew):
        init_store(db)
    db.close()
    assert read_settings(log.db) == before


def test_an_older_store_is_migrated_in_one_transaction(log: EventStore) -> None:
    step = "CREATE TABLE extra (n integer)"
    broken: Migrations = {2: {log.db.dialect: [step, "INSERT INTO nowhere VALUES (1)"]}}
    with pytest.raises(StoreFault):
        check_store(log.db, broken, newest=2)
    assert read_settings(log.db)["schema_version"] == "1"
    check_store(log.db, {2: {log.db.dialect: [step]}}, newest=2)
    assert read_settings(log.db)["schema_version"] == "2"
    check_store(log.db, {}, newest=2)
    assert log.db.all("SELECT n FROM extra") == []


def test_where_there_is_no_store_it_is_missing(store_url: str) -> None:
    with pytest.raises(StoreMissing):
        open_log(store_url)


def test_two_stores_in_one_database_stay_apart(postgres_server: str) -> None:
    logs = []
    for name in (f"north_{uuid4().hex}", f"south_{uuid4().hex}"):
        url = f"{postgres_server}&schema={name}"
        db = open_database(url, create=True)
        init_store(db)
        db.close()
        logs.append(open_log(url))
    north, south = logs
    for log in (*logs, *logs):
        log.append(batch(event("a", log.head()[0] + 1)))
    north.append(batch(event("b")))
    assert (north.head()[0], south.head()[0]) == (3, 2)
    assert positions(north) == [1, 2, 3]
    assert north.db.all("SELECT count(*) FROM store WHERE name = 'store_id'") == [(1,)]
    for log in logs:
        log.close()


def test_an_address_of_neither_kind_is_unreachable() -> None:
    with pytest.raises(StoreUnreachable, match="sqlite:///"):
        open_log("mysql://me:secret@host/db")


def test_a_password_is_in_no_message() -> None:
    with pytest.raises(StoreUnreachable) as unreachable:
        open_database("postgresql://me:secret@localhost:1/db?connect_timeout=1", create=False)
    assert "secret" not in str(unreachable.value)


def test_a_file_of_garbage_is_unreachable(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.write_bytes(b"this is no database " * 500)
    with pytest.raises(StoreUnreachable, match="not a database"):
        open_log(f"sqlite:///{file}")


def test_a_new_sqlite_file_is_its_owners_alone_and_durable(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "store.db"
    db = open_database(f"sqlite:///{file}", create=True)
    init_store(db)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.with_name("store.db-wal").stat().st_mode & 0o777 == 0o600
    pragmas = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
    assert [db.all(f"PRAGMA {name}")[0][0] for name in pragmas] == ["wal", 2, 1, 1, 5000]
    db.close()


def test_a_store_that_somebody_else_holds_is_busy(log: EventStore, store_url: str) -> None:
    log.db.run("PRAGMA busy_timeout = 20" if log.db.dialect == "sqlite" else "SET lock_timeout = 20")
    other = open_database(store_url, create=False)
    with other.transaction():
        other.run("UPDATE head SET position = position")
        with pytest.raises(StoreBusy):
            log.append(batch(event("a")))
    other.close()
    assert log.append(batch(event("a"))).first == 1


def test_a_full_disk_is_said_and_the_log_goes_on_when_there_is_room(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    db = open_database(url, create=True)
    init_store(db)
    db.close()
    log = open_log(url)
    pages = log.db.all("PRAGMA page_count")[0][0]
    log.db.run(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreFull):
        log.append(batch(*[event(f"c{n}", data=b"x" * 4000) for n in range(50)]))
    log.db.run("PRAGMA max_page_count = 100000")
    assert log.append(batch(event("a"))).first == 1
    log.close()


def test_a_lost_connection_makes_an_append_uncertain_and_the_next_one_connects_again(postgres_url: str) -> None:
    db = open_database(postgres_url, create=True)
    init_store(db)
    log = open_log(postgres_url)
    (pid,) = log.db.all("SELECT pg_backend_pid()")[0]
    db.run("SELECT pg_terminate_backend(?)", (pid,))
    with pytest.raises(StoreUncertain):
        log.append(batch(event("a"), keys=[("k", b"", 0, 1)]))
    assert log.keyed(["k"]) == {}
    assert log.append(batch(event("a"), keys=[("k", b"", 0, 1)])).first == 1
    log.close()
    db.close()


def test_statements_are_the_same_on_both(log: EventStore) -> None:
    db = log.db
    db.script(["CREATE TABLE t (a integer PRIMARY KEY, b text, c integer)"])
    db.insert("t", ("a", "b"), ((n, f"row\t{n}\\") for n in range(25_000)))
    db.many("UPDATE t SET c = ? WHERE a = ?", [(n, n) for n in range(3)])
    assert db.one("SELECT a, b, c FROM t WHERE a = ?", (2,)) == (2, "row\t2\\", 2)
    assert db.one("SELECT a FROM t WHERE a = ?", (-1,)) is None
    outer = db.rows("SELECT a FROM t ORDER BY a")
    assert [next(outer) for _ in range(3)] == [(0,), (1,), (2,)]
    assert db.all("SELECT count(*) FROM t") == [(25_000,)]
    assert sum(1 for _ in outer) == 24_997


def one_of_two(db: Database) -> None:
    with db.transaction():
        db.run("INSERT INTO t VALUES (1)")
        db.run("INSERT INTO nowhere VALUES (1)")


def test_a_transaction_is_whole_or_nothing_and_does_not_nest(log: EventStore) -> None:
    db = log.db
    db.run("CREATE TABLE t (a integer)")
    with pytest.raises(StoreFault):
        one_of_two(db)
    with db.transaction():
        db.run("INSERT INTO t VALUES (2)")
        with pytest.raises(RuntimeError, match="nest"), db.transaction():
            pass
    assert db.all("SELECT a FROM t") == [(2,)]


def test_a_snapshot_sees_one_state(log: EventStore, store_url: str) -> None:
    reader = open_database(store_url, create=False, readonly=True)
    with reader.snapshot():
        assert reader.one("SELECT count(*) FROM log") == (0,)
        log.append(batch(event("a")))
        assert reader.one("SELECT count(*) FROM log") == (0,)
    assert reader.one("SELECT count(*) FROM log") == (1,)
    with pytest.raises(StoreFault):
        reader.run("DELETE FROM claims")
    reader.close()


def test_reading_a_sqlite_log_imports_nothing_heavy(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    db = open_database(url, create=True)
    init_store(db)
    db.close()
    program = (
        "import sys\nfrom infra.db.connect import open_database\n"
        "from infra.event_store.reader import EventReader\nfrom infra.event_store.migrations import check_store\n"
        f"db = open_database({url!r}, create=False)\ncheck_store(db)\nprint(EventReader(db).head())\n"
        "heavy = {'eventsourcing', 'psycopg', 'pydantic', 'dataclasses', 'inspect', 'asyncio', 'uuid', 'json'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("(0, '')", "")


def test_a_server_that_is_not_there_is_told_in_one_line() -> None:
    from infra.db.errors import StoreUnreachable

    with pytest.raises(StoreUnreachable) as wrong:
        open_database("postgresql://127.0.0.1:1/none", create=False)
    assert "Is the server running" in str(wrong.value)
    assert str(wrong.value).isprintable()
