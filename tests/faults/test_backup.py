"""Backups: the same rows, for their owner only, whole or not there; a restored old one is noticed."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from infra.db.connect import open_database
from infra.store.open import open_store
from tests.faults.running import BOSS, jsonl
from tests.faults.running import sales as run
from tests.given import lead


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> str:
    """Return the address of a store with a few leads."""
    from infra.store.open import create_store

    create_store(store_url, first_actor=BOSS)[0].close()
    applied(store_url, tmp_path, 0, 20)
    return store_url


@pytest.fixture
def sales(tmp_path: Path) -> Any:
    """Run a command on a machine whose notes lie in the test's folder."""
    return lambda *words, **more: run(*words, XDG_DATA_HOME=str(tmp_path / "data"), **more)


def applied(store: str, folder: Path, first: int, end: int) -> None:
    lines = jsonl(folder / "a.jsonl", *(lead(f"l{n}", f"公司{n}", by=BOSS) for n in range(first, end)))
    assert run("apply", lines, store=store).status == 0


def test_a_backup_says_position_and_time_and_is_for_its_owner_only(store: str, tmp_path: Path, sales: Any) -> None:
    file = tmp_path / "a.backup"
    done = sales("backup", str(file), "--json", store=store)
    opened = open_store(store)
    head = opened.reader.head()
    opened.close()
    said = json.loads(done.out)
    assert (said["ok"], said["position"], said["recorded"], said["file"]) == (True, *head, str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if "backup" in path.name) == ["a.backup"]
    assert "20" in sales("backup", str(tmp_path / "b.backup"), store=store).out


def test_a_backup_holds_no_table_that_is_folded_from_the_log(store: str, tmp_path: Path, sales: Any) -> None:
    sales("tracking", store=store)
    sales("backup", str(tmp_path / "a.backup"), store=store)
    with sqlite3.connect(tmp_path / "a.backup") as file:
        names = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert not [name for name in names if name.startswith(("tracking", "audit", "facts"))]


def test_what_is_there_is_written_over_only_when_asked(store: str, tmp_path: Path, sales: Any) -> None:
    file = tmp_path / "a.backup"
    file.write_text("mine")
    done = sales("backup", str(file), store=store)
    assert (done.status, done.code, file.read_text()) == (2, "file.exists", "mine")
    assert sales("backup", str(file), "--yes", store=store).status == 0
    assert file.read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize("place", ["/proc/nowhere/x", "/dev/null/x", "/", "/dev/full/x", "a" * 5_000, "a\x00b"])
def test_a_backup_that_cannot_be_written_leaves_nothing(store: str, sales: Any, place: str) -> None:
    done = sales("backup", place, store=store)
    assert (done.status, done.code) in ((2, "file.unwritable"), (7, "store.unreachable"))


def test_a_store_is_never_backed_up_into_itself(tmp_path: Path, sales: Any) -> None:
    store = f"sqlite:///{tmp_path}/a.db"
    applied(store, tmp_path, 0, 2)
    assert sales("backup", str(tmp_path / "a.db"), "--yes", store=store).code == "file.unwritable"
    assert sales("log", store=store).status == 0


def test_a_restore_fills_only_an_empty_store(store: str, tmp_path: Path, sales: Any) -> None:
    sales("backup", str(tmp_path / "a.backup"), store=store)
    done = sales("restore", str(tmp_path / "a.backup"), store=store)
    assert (done.status, done.code) == (3, "store.has_events")


@pytest.mark.parametrize("kind", ["text", "half", "another database", "a row changed", "a row gone", "nothing"])
def test_what_is_no_whole_backup_makes_no_store(tmp_path: Path, sales: Any, kind: str) -> None:
    store, file = f"sqlite:///{tmp_path}/a.db", tmp_path / "a.backup"
    applied(store, tmp_path, 0, 300)
    sales("backup", str(file), store=store)
    broken(file, kind)
    target = tmp_path / "b.db"
    done = sales("restore", str(file), store=f"sqlite:///{target}")
    assert (done.status, done.code) in ((9, "backup.bad"), (2, "file.unreadable")), (done.status, done.err)
    if target.exists():
        assert open_database(f"sqlite:///{target}", create=False).one("SELECT count(*) FROM log") == (0,)


def broken(file: Path, kind: str) -> None:
    """Break a backup in one way."""
    raw = file.read_bytes()
    if kind == "nothing":
        file.unlink()
    elif kind == "text":
        file.write_text("no backup")
    elif kind == "half":
        file.write_bytes(raw[: len(raw) // 2])
    elif kind == "another database":
        file.unlink()
        with sqlite3.connect(file) as other:
            other.execute("CREATE TABLE x (y)")
    else:
        with sqlite3.connect(file) as other:
            for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                other.execute(f"DROP TRIGGER {name}")
            other.execute(
                "DELETE FROM log WHERE position = 7" if kind == "a row gone" else "UPDATE head SET position = 9"
            )


def test_an_old_backup_put_back_is_noticed_by_doctor(store: str, tmp_path: Path, sales: Any, postgres_url: str) -> None:
    old, new = tmp_path / "old.backup", tmp_path / "new.backup"
    sales("backup", str(old), store=store)
    applied(store, tmp_path, 20, 30)
    sales("backup", str(new), store=store)
    restored = f"sqlite:///{tmp_path}/restored.db"
    assert sales("restore", str(old), store=restored).status == 0
    found = {row["check"]: row for row in json.loads(sales("doctor", "--json", store=restored).out)["rows"]}
    assert found["history"]["state"] == "problem"
    assert "seen before, is gone" in found["history"]["detail"]
    again = f"sqlite:///{tmp_path}/again.db"
    assert sales("restore", str(new), store=again).status == 0
    found = {row["check"]: row for row in json.loads(sales("doctor", "--json", store=again).out)["rows"]}
    assert found["history"]["state"] == "ok"


def test_a_backup_agrees_with_the_last_checkpoint_and_a_shorter_log_than_one_known_here_is_told(
    store: str, tmp_path: Path, sales: Any
) -> None:
    keys = {"SALES_PROOF_KEYS": str(tmp_path / "keys")}
    old, new = tmp_path / "old.backup", tmp_path / "new.backup"
    sales("backup", str(old), store=store, **keys)
    applied(store, tmp_path, 20, 30)
    assert sales("checkpoint", store=store, **keys).status == 0
    assert json.loads(sales("backup", str(new), "--json", store=store, **keys).out)["checkpoint"] == 31
    fresh = f"sqlite:///{tmp_path}/fresh.db"
    assert json.loads(sales("restore", str(new), "--json", store=fresh, **keys).out)["checkpoint"] == 31
    assert sales("verify", store=fresh, **keys).status == 0
    older = f"sqlite:///{tmp_path}/older.db"
    done = sales("restore", str(old), store=older, **keys)
    assert "a checkpoint of 31 events is known here" in done.err
    found = {row["check"]: row for row in json.loads(sales("doctor", "--json", store=older, **keys).out)["rows"]}
    assert found["checkpoint"]["state"] == "problem"
    assert sales("verify", store=older, **keys).status == 9


def test_a_backup_whose_event_was_changed_does_not_agree_with_its_checkpoint(tmp_path: Path, sales: Any) -> None:
    keys = {"SALES_PROOF_KEYS": str(tmp_path / "keys")}
    store, file = f"sqlite:///{tmp_path}/a.db", tmp_path / "a.backup"
    applied(store, tmp_path, 0, 20)
    sales("checkpoint", store=store, **keys)
    sales("backup", str(file), store=store, **keys)
    with sqlite3.connect(file) as other:
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            other.execute(f"DROP TRIGGER {name}")
        other.execute("UPDATE log SET actor = 'somebody' WHERE position = 7")
    done = sales("restore", str(file), store=f"sqlite:///{tmp_path}/b.db", **keys)
    assert (done.status, done.code) == (9, "backup.bad")
    assert "its checkpoint of" in done.err
