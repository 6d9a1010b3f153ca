"""One log, whatever keeps it: what an append records, refuses and leaves alone, and what can be asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from infra.database import Database, open_database
from infra.log import Log, open_log
from infra.record import (
    Batch,
    Claim,
    Conflict,
    Fresh,
    Keyed,
    RecordedTooEarly,
    StoreBusy,
    StoreFault,
    StoreFull,
    StoreMissing,
    StoreRefused,
    StoreTooNew,
    StoreUncertain,
    StoreUnreachable,
)
from infra.schema import Migrations, check_store, init_store, read_settings

MORNING = "2025-03-03T01:00:00.000000Z"
NOON = "2025-03-03T04:00:00.000000Z"
EVENING = "2025-03-03T12:00:00.000000Z"


def event(stream: str, version: int = 1, **envelope: Any) -> Fresh:
    plain: dict[str, Any] = {
        "name": "customer.lead_captured",
        "schema": 1,
        "occurred": "2025-03-03",
        "recorded": None,
        "actor": "wang",
        "recorder": "li",
        "source": "cli",
        "key": None,
        "event_id": str(uuid4()),
        "correlation": None,
        "causation": None,
        "reason": None,
        "migrated": 0,
        "data": b'{"company":"\xe4\xb8\x8a\xe6\xb5\xb7"}',
    }
    return Fresh(stream=stream, version=version, **{**plain, **envelope})


def batch(*records: Fresh, now: str = MORNING, **more: Any) -> Batch:
    return Batch(records=records, now=now, **more)


def positions(log: Log) -> list[int]:
    return [record.position for record in log.read(0, 1000)]


def test_an_append_records_every_value_as_it_was_given(log: Log) -> None:
    given = event("customer-1", key="crm:7", correlation="c", causation="d", reason="late", migrated=0)
    appended = log.append(batch(given))
    assert appended == (1, 1, MORNING)
    (stored,) = log.read(0, 10)
    assert stored == (1, *given._replace(recorded=MORNING))
    assert isinstance(stored.data, bytes)


def test_positions_follow_one_another_over_batches_and_streams(log: Log) -> None:
    log.append(batch(event("a", 1), event("b", 1), event("a", 2), expected={"a": 0, "b": 0}))
    assert log.append(batch(event("b", 2), expected={"b": 1})) == (4, 4, MORNING)
    assert positions(log) == [1, 2, 3, 4]
    assert log.head() == (4, MORNING)


def test_a_batch_of_a_thousand_is_one_append(log: Log) -> None:
    many = [event(f"customer-{n}") for n in range(1000)]
    seen = {record.stream: 0 for record in many}
    keys = [(f"import:{n}", b"digest", n, 1) for n in range(1000)]
    assert log.append(batch(*many, expected=seen, keys=keys)).last == 1000
    assert log.keyed(["import:999"]) == {"import:999": Keyed("import:999", b"digest", 1000, "customer-999", 1)}


def test_an_empty_log_has_position_zero(log: Log) -> None:
    assert log.head() == (0, "")
    assert log.read(0, 10) == []
    assert log.position_at(EVENING) == 0


def test_recorded_time_never_goes_back_when_the_clock_does(log: Log) -> None:
    log.append(batch(event("a"), now=NOON))
    assert log.append(batch(event("b"), now=MORNING)).recorded == NOON
    assert log.append(batch(event("c"), now=EVENING)).recorded == EVENING


def test_recorded_times_may_be_given_in_order(log: Log) -> None:
    given = [event("a", 1, recorded=MORNING, migrated=1), event("a", 2, recorded=NOON, migrated=1)]
    assert log.append(batch(*given, now=EVENING)) == (1, 2, NOON)
    assert [record.recorded for record in log.read(0, 10)] == [MORNING, NOON]


@pytest.mark.parametrize("times", [(MORNING,), (EVENING, NOON)], ids=["before the last", "falling"])
def test_a_given_recorded_time_before_the_last_is_refused(log: Log, times: tuple[str, ...]) -> None:
    log.append(batch(event("a"), now=NOON))
    given = [event("b", n, recorded=time, migrated=1) for n, time in enumerate(times, 1)]
    with pytest.raises(RecordedTooEarly) as refused:
        log.append(batch(*given, now=EVENING))
    assert refused.value.facts == {"recorded": times[-1], "last": (NOON, *times)[-2]}
    assert log.head() == (1, NOON)


def test_a_stream_that_has_grown_meanwhile_conflicts(log: Log) -> None:
    log.append(batch(event("a", 1), expected={"a": 0}))
    with pytest.raises(Conflict) as conflict:
        log.append(batch(event("x", 1), event("a", 1), expected={"x": 0, "a": 0}))
    assert (conflict.value.what, conflict.value.detail) == ("version", "a")
    assert positions(log) == [1]


def test_a_stream_that_was_only_read_conflicts_too(log: Log) -> None:
    log.append(batch(event("policy", 1)))
    with pytest.raises(Conflict, match="version: policy"):
        log.append(batch(event("a", 1), expected={"a": 0, "policy": 0}))


def test_a_version_taken_in_a_stream_nobody_expected_conflicts(log: Log) -> None:
    log.append(batch(event("a, b", 1)))
    with pytest.raises(Conflict, match="version: a, b"):
        log.append(batch(event("a, b", 1)))


def test_a_key_used_twice_conflicts_and_still_says_what_it_recorded(log: Log) -> None:
    log.append(batch(event("a", 1), event("a", 2), keys=[("crm:1", b"one", 0, 2)]))
    with pytest.raises(Conflict) as conflict:
        log.append(batch(event("b"), event("c"), keys=[("crm:0", b"nil", 0, 1), ("crm:1", b"two", 1, 1)]))
    assert (conflict.value.what, conflict.value.detail) == ("key", "crm:1")
    assert log.keyed(["crm:0", "crm:1"]) == {"crm:1": Keyed("crm:1", b"one", 1, "a", 2)}


def test_an_event_id_used_twice_conflicts(log: Log) -> None:
    first = event("a")
    log.append(batch(first))
    with pytest.raises(Conflict, match=f"key: {first.event_id}"):
        log.append(batch(event("b", event_id=first.event_id)))


def test_a_claim_taken_conflicts_until_it_is_given_back(log: Log) -> None:
    log.append(batch(event("a", 1), claims=[Claim("credit_code", "91, 31", 0, "a")]))
    with pytest.raises(Conflict) as conflict:
        log.append(batch(event("b", 1), claims=[Claim("phone", "1", 0, "b"), Claim("credit_code", "91, 31", 0, "b")]))
    assert (conflict.value.what, conflict.value.detail) == ("claim", "credit_code 91, 31")
    assert log.holders("phone", ["1"]) == {}
    log.append(
        batch(event("a", 2), unclaim=[("credit_code", "91, 31", 0)], claims=[Claim("credit_code", "92", 0, "a")])
    )
    log.append(batch(event("b", 1), claims=[Claim("credit_code", "91, 31", 0, "b")]))
    assert log.holders("credit_code", ["91, 31", "92", "93"]) == {"91, 31": ["b"], "92": ["a"]}


def test_several_may_hold_a_value_that_need_not_be_unique(log: Log) -> None:
    log.append(batch(event("a"), claims=[Claim("name", "上海", 0, "a")]))
    log.append(batch(event("b"), claims=[Claim("name", "上海", 1, "b")]))
    assert log.holders("name", ["上海"]) == {"上海": ["a", "b"]}
    assert [claim.n for claim in log.claims("name", ["上海"])["上海"]] == [0, 1]
    with pytest.raises(Conflict, match="claim: name 上海"):
        log.append(batch(event("c"), claims=[Claim("name", "上海", 1, "c")]))


def test_a_refused_append_leaves_no_gap_and_no_trace(log: Log) -> None:
    log.append(batch(event("a"), keys=[("k", b"", 0, 1)]))
    with pytest.raises(Conflict):
        log.append(batch(event("b"), claims=[Claim("name", "x", 0, "b")], keys=[("k", b"", 0, 1)], mentions=[("m", 0)]))
    assert log.append(batch(event("c"))).first == 2
    assert positions(log) == [1, 2]
    assert log.holders("name", ["x"]) == {}
    assert log.about("m") == []


def test_a_batch_that_leaves_out_a_version_is_a_mistake_of_the_caller(log: Log) -> None:
    with pytest.raises(ValueError, match="does not follow"):
        log.append(batch(event("a", 2), expected={"a": 0}))
    with pytest.raises(ValueError, match="for all records"):
        log.append(batch(event("a", 1, recorded=NOON), event("a", 2)))


def test_streams_come_in_the_order_of_positions(log: Log) -> None:
    names = [f"s{n}" for n in range(600)]
    log.append(batch(*[event(name) for name in reversed(names)]))
    log.append(batch(event("s5", 2)))
    assert [record.version for record in log.stream("s5")] == [1, 2]
    assert [record.version for record in log.stream("s5", after_version=1)] == [2]
    found = log.streams([*names, "nobody"])
    assert [record.position for record in found] == list(range(1, 602))


def test_streams_are_listed_by_the_beginning_of_their_names(log: Log) -> None:
    log.append(
        batch(event("per_b"), event("per_a", 1), event("per_a", 2), event("pers"), event("per"), event("per_李"))
    )
    assert log.streams_like("per_") == ["per_a", "per_b", "per_李"]


def test_texts_come_back_as_they_were_whatever_they_hold(log: Log) -> None:
    odd = ["", "NULL", '"', "\\", '{a,"b"}', "a\nb\t", "上海 😀", "'; DROP TABLE log", "$1 %s ?"]
    log.append(batch(*[event(text or "empty", reason=text, data=text.encode()) for text in odd], event("none")))
    stored = log.read(0, 100)
    assert [record.reason for record in stored] == [*odd, None]
    assert [record.data for record in stored[:-1]] == [text.encode() for text in odd]


def test_a_subject_is_about_its_own_stream_and_where_it_is_mentioned(log: Log) -> None:
    log.append(batch(event("a", 1), event("contract", 1), event("b", 1), mentions=[("a", 1), ("a", 1), ("a", 0)]))
    log.append(batch(event("a", 2)))
    assert [record.position for record in log.about("a")] == [1, 2, 4]
    assert [record.position for record in log.about("a", upto=2)] == [1, 2]


def test_a_moment_has_a_position(log: Log) -> None:
    log.append(batch(event("a"), event("b"), now=MORNING))
    log.append(batch(event("c"), now=EVENING))
    assert [log.position_at(moment) for moment in ("2025-03-01", MORNING, NOON, EVENING)] == [0, 2, 2, 3]


def test_a_record_is_found_by_position_and_by_event_id(log: Log) -> None:
    known = event("a")
    log.append(batch(known))
    found = log.by_event_id(known.event_id)
    assert found is not None
    assert found == log.record(1)
    assert log.record(2) is None
    assert log.by_event_id("none") is None


def test_what_is_derived_can_be_made_again_while_reading_the_log(log: Log) -> None:
    log.append(batch(event("a"), event("b"), claims=[Claim("name", "x", 0, "a")], keys=[("k", b"", 0, 1)]))
    claims = (Claim("name", row[0], 0, row[0]) for row in log.db.rows("SELECT stream FROM log ORDER BY position"))
    log.rebuild_derived(claims, [Keyed("k2", b"d", 2, "b", 1)], [("a", 2)])
    assert log.holders("name", ["a", "b", "x"]) == {"a": ["a"], "b": ["b"]}
    assert list(log.keyed(["k", "k2"])) == ["k2"]
    assert [record.position for record in log.about("a")] == [1, 2]


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE log SET actor = 'eve'",
        "UPDATE log SET actor = 'eve' WHERE position = 99 OR position = 1",
        "DELETE FROM log",
        "DELETE FROM log WHERE position = 1",
    ],
)
def test_the_log_refuses_to_be_changed(log: Log, act: str) -> None:
    log.append(batch(event("a")))
    before = log.read(0, 10)
    with pytest.raises(StoreRefused):
        log.db.run(act)
    assert log.read(0, 10) == before


def test_postgres_refuses_to_truncate_the_log(postgres_url: str) -> None:
    db = open_database(postgres_url, create=True)
    init_store(db)
    with pytest.raises(StoreRefused, match="never changed"):
        db.run("TRUNCATE log")
    db.close()


@pytest.mark.parametrize("taken", ["position", "version", "event_id"])
def test_sqlite_refuses_to_replace_a_record(tmp_path: Path, taken: str) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    db = open_database(url, create=True)
    init_store(db)
    log = open_log(url)
    log.append(batch(event("a", 1, event_id="e1")))
    row: list[Any] = [2, *event("b", 1, event_id="e2", recorded=NOON)]
    row[{"position": 0, "version": 1, "event_id": 11}[taken]] = {"position": 1, "version": "a", "event_id": "e1"}[taken]
    with pytest.raises(StoreRefused):
        db.run(f"INSERT OR REPLACE INTO log VALUES ({','.join('?' * 17)})", row)
    assert [record.stream for record in log.read(0, 10)] == ["a"]
    log.close()
    db.close()


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


def test_a_newer_store_is_refused_and_left_as_it_is(log: Log, store_url: str) -> None:
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


def test_an_older_store_is_migrated_in_one_transaction(log: Log) -> None:
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


def test_a_store_that_somebody_else_holds_is_busy(log: Log, store_url: str) -> None:
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


def test_statements_are_the_same_on_both(log: Log) -> None:
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


def test_a_transaction_is_whole_or_nothing_and_does_not_nest(log: Log) -> None:
    db = log.db
    db.run("CREATE TABLE t (a integer)")
    with pytest.raises(StoreFault):
        one_of_two(db)
    with db.transaction():
        db.run("INSERT INTO t VALUES (2)")
        with pytest.raises(RuntimeError, match="nest"), db.transaction():
            pass
    assert db.all("SELECT a FROM t") == [(2,)]


def test_a_snapshot_sees_one_state(log: Log, store_url: str) -> None:
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
        "import sys\nfrom infra.database import open_database\n"
        "from infra.reading import LogReader\nfrom infra.schema import check_store\n"
        f"db = open_database({url!r}, create=False)\ncheck_store(db)\nprint(LogReader(db).head())\n"
        "heavy = {'eventsourcing', 'psycopg', 'pydantic', 'dataclasses', 'inspect', 'asyncio', 'uuid', 'json'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("(0, '')", "")
