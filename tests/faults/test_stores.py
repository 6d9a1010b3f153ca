"""Stores that are full, held by others, gone or not there: a clear word, exit 7, and nothing lost."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from infra.db import sqlite
from infra.db.connect import open_database
from infra.db.database import Database
from infra.db.errors import StoreFault, StoreUnreachable
from infra.errors.problem import Problem
from infra.jobs.projection_daemon import ProjectionDaemon
from infra.store.open import create_store, open_store
from tests.faults.running import BOSS, jsonl, sales
from tests.given import lead, line


@pytest.fixture
def store(store_url: str) -> str:
    """Return the address of a store that knows its director."""
    create_store(store_url, first_actor=BOSS)[0].close()
    return store_url


def count(store: str) -> int:
    opened = open_store(store)
    head = opened.reader.head()[0]
    opened.close()
    return head


@pytest.mark.parametrize(
    "words",
    ["tracking", "lead capture x --channel online", "log", "status", "export", "rebuild", "apply -", "doctor"],
)
def test_a_server_that_is_not_there_is_unreachable_for_every_command(words: str) -> None:
    done = sales(*words.split(), store="postgresql://me:secret@localhost:1/sales?connect_timeout=1")
    assert "secret" not in done.out + done.err
    if words != "doctor":
        assert (done.status, done.code) == (7, "store.unreachable")


@pytest.mark.parametrize("words", ["tracking", "lead capture x --channel online"])
@pytest.mark.parametrize("place", ["/dev/null/a.db", "/etc", "/"])
def test_a_place_that_takes_no_store_is_unreachable(words: str, place: str) -> None:
    done = sales(*words.split(), store=f"sqlite:///{place}")
    assert (done.status, done.code) == (7, "store.unreachable")
    assert "can't be opened" in done.err


def test_a_store_that_is_no_store_is_told_in_json_too(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("no database " * 100)
    done = sales("tracking", "--json", store=f"sqlite:///{tmp_path}/a.db")
    said = json.loads(done.out)
    assert (done.status, done.err, said["ok"]) == (7, "", False)
    assert (said["error"]["code"], said["error"]["retry"]) == ("store.unreachable", True)


def limited(monkeypatch: pytest.MonkeyPatch, more: int) -> None:
    """Leave SQLite room for so many further pages."""
    connect = sqlite.connect

    def small(path: str, **options: Any) -> sqlite3.Connection:
        connection = connect(path, **options)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + more}")
        return connection

    monkeypatch.setattr(sqlite, "connect", small)


def test_a_full_disk_stops_a_batch_with_its_answered_lines_kept_and_it_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = f"sqlite:///{tmp_path}/a.db"
    path = jsonl(tmp_path / "a.jsonl", *(lead(f"l{n}", by=BOSS, need="很多需求" * 40) for n in range(3_000)))
    create_store(store, first_actor=BOSS)[0].close()
    with monkeypatch.context() as full:
        limited(full, 400)
        done = sales("apply", path, store=store)
    assert (done.status, done.code) == (7, "store.full")
    assert "There is no room left for the store" in done.err
    assert count(store) == 1 + len(done.lines)
    again = sales("apply", path, store=store)
    assert (again.status, count(store)) == (0, 3_001)
    assert again.codes[: len(done.lines)] == ["repeated"] * len(done.lines)


def test_a_full_disk_refuses_a_single_action_and_a_view_without_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = f"sqlite:///{tmp_path}/a.db"
    path = jsonl(tmp_path / "a.jsonl", *(lead(f"l{n}", by=BOSS) for n in range(400)))
    sales("apply", path, store=store)
    with monkeypatch.context() as full:
        limited(full, 3)
        assert sales("tracking", store=store).code == "store.full"
    done = sales("tracking", "--json", store=store)
    assert len(json.loads(done.out)["rows"]) == 400


def test_a_store_that_somebody_holds_is_busy(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    other = open_database(store, create=False)
    if other.dialect == "sqlite":
        opened = sqlite3.connect
        monkeypatch.setattr(sqlite3, "connect", lambda *given, **more: opened(*given, **{**more, "timeout": 0.05}))
    else:
        import psycopg

        connect: Any = psycopg.connect
        quick = "-c lock_timeout=50"
        monkeypatch.setattr(psycopg, "connect", lambda **p: connect(**{**p, "options": f"{p['options']} {quick}"}))
    with other.transaction():
        other.run("UPDATE head SET position = position")
        done = sales("lead", "capture", "x", "--channel", "online", store=store)
    assert (done.status, done.code) == (7, "store.busy")
    other.close()
    assert sales("lead", "capture", "x", "--channel", "online", store=store).status == 0


def test_a_server_that_drops_the_connection_is_connected_to_again(postgres_url: str) -> None:
    store, _ = create_store(postgres_url, first_actor=BOSS)
    other = open_database(postgres_url, create=False)
    for connection in (store.log.db, store.db):
        (pid,) = connection.all("SELECT pg_backend_pid()")[0]
        other.run("SELECT pg_terminate_backend(?)", (pid,))
    other.close()
    ledger = store.ledger(BOSS)
    for ask in (ledger.knows, store.reader.keyed, lambda _login: store.catch_up()):
        with suppress(StoreFault, Problem):
            ask(BOSS)
    assert ledger.knows(BOSS)
    store.catch_up()
    store.close()


def test_the_daemon_outlives_a_lost_connection(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    create_store(postgres_url, first_actor=BOSS)[0].close()
    turns = [0]
    opened = open_database

    def restarting(url: str, **options: bool) -> Database:
        if turns[0] == 2:
            raise StoreUnreachable(store="here", why="the database system is starting up")
        return opened(url, **options)

    def between(_daemon: ProjectionDaemon, _seconds: float) -> None:
        turns[0] += 1
        if turns[0] == 4:
            raise KeyboardInterrupt
        other = open_database(postgres_url, create=False)
        other.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        other.close()

    monkeypatch.setattr(ProjectionDaemon, "rest", between)
    monkeypatch.setattr("infra.store.open.open_database", restarting)
    done = sales("work", store=postgres_url)
    assert (done.status, done.code, turns) == (130, "interrupted", [4]), done.err


def test_each_kind_of_end_has_its_exit_status(store: str, tmp_path: Path) -> None:
    def ends(*words: str) -> tuple[int, str]:
        done = sales(*words, store=store)
        return done.status, done.code if done.status else ""

    capture = ("lead", "capture", "甲", "--channel", "online", "--key", "k")
    assert ends(*capture) == (0, "")
    assert ends(*capture) == (0, "")
    assert ends("lead", "capture", "甲") == (2, "usage.missing_field")
    assert ends("lead", "capture", "甲", "--channel", "referral") == (3, "lead.untraceable")
    assert ends("lead", "validate", "乙") == (4, "subject.unknown")
    assert ends("lead", "capture", "乙", "--channel", "online", "--key", "k") == (5, "key.conflict")
    sales("apply", jsonl(tmp_path / "p.jsonl", line("person.register", login="li.si", name="李四")), store=store)
    sales("target", "set", "--metric", "sales", "--value", "1", "--period", "2024Q1", "--owner", "company",
          "--rationale", "r", "--key", "t", store=store)  # fmt: skip
    sales("target", "submit", "t", store=store)
    assert ends("target", "approve", "t", "--actor", "li.si") == (6, "right.role")
    assert ends("tracking", "--store", "sqlite:////dev/null/x") == (7, "store.unreachable")
    assert sales("apply", jsonl(tmp_path / "b.jsonl", {"action": "x"}), store=store).status == 8
