"""Damaged pages of a SQLite file: doctor names what is hit, goes on with the rest, and says what to do."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from infra.db.connect import open_database
from infra.store.sqlite_damage import MOST, damages
from tests.faults.running import BOSS, jsonl, sales
from tests.given import lead

PAGE = 4_096


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of a store of a few hundred pages whose tables are in step."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    store = f"sqlite:///{tmp_path}/a.db"
    lines = (lead(f"l{n}", f"公司{n}", by=BOSS, need="很多需求" * 30) for n in range(300))
    assert sales("apply", jsonl(tmp_path / "a.jsonl", *lines), store=store).status == 0
    assert sales("tracking", "-q", store=store).status == 0
    with sqlite3.connect(tmp_path / "a.db") as settled:
        settled.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    settled.close()
    return tmp_path / "a.db"


def begins_at(file: Path, name: str) -> int:
    """Return the first page of a table or an index."""
    connection = sqlite3.connect(file)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    connection.close()
    return int(page)


def spoil(file: Path, page: int, raw: bytes = b"\xff" * 200) -> None:
    with file.open("r+b") as opened:
        opened.seek((page - 1) * PAGE)
        opened.write(raw)


def doctored(file: Path) -> tuple[int, list[dict[str, Any]]]:
    done = sales("doctor", "--json", store=f"sqlite:///{file}")
    return done.status, [row for row in json.loads(done.out)["rows"] if row["check"] != "sqlite"]


@pytest.mark.parametrize(
    ("name", "said", "remedy"),
    [
        ("log", "log: ", "sales restore FILE"),
        ("log", "log: ", "sales export --out FILE"),
        ("log_recorded", "log: ", "sales backup FILE"),
        ("mentions", "mentions: ", "sales import log FILE"),
        ("tracking_1", "tracking_1: ", "sales rebuild"),
    ],
)
def test_what_is_hit_is_named_with_what_to_do(file: Path, name: str, said: str, remedy: str) -> None:
    spoil(file, begins_at(file, name))
    status, rows = doctored(file)
    (damage, *_) = [row for row in rows if row["check"] == "integrity"]
    assert (status, damage["state"]) == (9, "problem")
    assert damage["detail"].startswith(said)
    assert remedy in damage["remedy"]
    assert "sales doctor" not in " ".join(row["remedy"] or "" for row in rows)
    assert {"python", "disk", "store"} <= {row["check"] for row in rows}


def test_what_is_folded_is_there_again_after_a_rebuild(file: Path) -> None:
    store = f"sqlite:///{file}"
    spoil(file, begins_at(file, "tracking_1"))
    assert sales("rebuild", store=store).status == 0
    assert len(json.loads(sales("tracking", "--json", store=store).out)["rows"]) == 300
    fresh = f"sqlite:///{file.parent}/b.db"
    assert sales("backup", f"{file.parent}/b.backup", store=store).status == 0
    assert sales("restore", f"{file.parent}/b.backup", store=fresh).status == 0
    assert doctored(file.parent / "b.db")[0] == 0


def test_what_follows_from_the_log_is_there_again_in_an_imported_one(file: Path) -> None:
    store, fresh, out = f"sqlite:///{file}", f"sqlite:///{file.parent}/b.db", f"{file.parent}/log.jsonl"
    spoil(file, begins_at(file, "claims"))
    assert sales("export", "--out", out, store=store).status == 0
    assert sales("import", "log", out, store=fresh).status == 0
    assert doctored(file.parent / "b.db")[0] == 0


@pytest.mark.parametrize("seed", range(12))
def test_doctor_of_any_damage_ends_with_its_own_status(file: Path, seed: int) -> None:
    chance = random.Random(seed)
    pages = file.stat().st_size // PAGE
    for _ in range(chance.choice((1, 3))):
        spoil(file, chance.randrange(1, pages) + 1, chance.randbytes(chance.choice((8, 200, 3_000))))
    status, rows = doctored(file)
    assert status in (0, 9)
    assert all(row["remedy"] for row in rows if row["state"] == "problem")


def test_no_more_than_a_few_damages_are_named(file: Path) -> None:
    for name in (
        "log",
        "log_recorded",
        "claims",
        "keys",
        "mentions",
        "tracking_1",
        "facts_1",
        "audit_entries_1",
        "targets_1",
        "files_1",
    ):
        spoil(file, begins_at(file, name))
    db = open_database(f"sqlite:///{file}", create=False)
    assert 4 < len(damages(db)) <= MOST
    db.close()
