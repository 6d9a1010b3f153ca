"""What doctor names: each ailment with what to do about it, and exit 9 where it is a problem."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.commands import doctor, health
from infra.db.connect import open_database
from infra.read_models import tables
from infra.store.open import create_store
from tests.faults.running import BOSS, sales
from tests.given import lead
from tests.infra.recording import hold


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of a store that has nothing, on a machine whose notes lie in the test's folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    url = f"sqlite:///{tmp_path}/a.db"
    made, _ = create_store(url, first_actor=BOSS)
    hold(made, lead("l1", by=BOSS), lead("l2", by=BOSS))
    made.catch_up()
    made.close()
    return url


def found(store: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """Return the exit status and, by check, the worst of what was found."""
    done = sales("doctor", "--json", store=store)
    worst: dict[str, dict[str, Any]] = {}
    rank = ("ok", "warning", "problem")
    for row in json.loads(done.out)["rows"]:
        before = worst.get(row["check"])
        if before is None or rank.index(row["state"]) > rank.index(before["state"]):
            worst[row["check"]] = row
    return done.status, worst


def state_of(store: str, check: str) -> tuple[int, str]:
    status, worst = found(store)
    assert worst[check]["state"] == "ok" or worst[check]["remedy"]
    return status, worst[check]["state"]


def test_a_sound_store_has_no_problem(store: str) -> None:
    status, worst = found(store)
    assert status == 0
    assert not [row for row in worst.values() if row["state"] == "problem"]
    assert all(row["remedy"] for row in worst.values() if row["state"] != "ok")


@pytest.mark.parametrize(
    ("version", "affected"),
    [((3, 7, 0), True), ((3, 40, 1), True), ((3, 44, 5), True), ((3, 44, 6), False), ((3, 45, 0), True),
     ((3, 50, 6), True), ((3, 50, 7), False), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 54, 0), False)],
)  # fmt: skip
def test_versions_of_sqlite_with_the_fault_are_known(version: tuple[int, ...], affected: bool) -> None:
    assert doctor.affected(version) == affected


def test_an_affected_sqlite_is_named(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for version, state in (((3, 40, 1), "warning"), ((3, 51, 3), "ok")):
        monkeypatch.setattr("sqlite3.sqlite_version_info", version)
        assert state_of(store, "sqlite") == (0, state)


@pytest.mark.parametrize(
    ("kind", "bad"),
    [("nfs", True), ("nfs4", True), ("cifs", True), ("smb3", True), ("fuse.sshfs", True), ("fuse.s3fs", True), ("9p", True),
     ("ext4", False), ("tmpfs", False), ("fuseblk", False), ("overlay", False), ("fuse.gocryptfs", False)],
)  # fmt: skip
def test_kinds_of_network_file_systems_are_known(kind: str, bad: bool) -> None:
    assert doctor.remote(kind) == bad


def test_a_network_file_system_is_named(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "file_system", lambda _place: "nfs4")
    assert state_of(store, "file") == (9, "problem")


def test_the_innermost_mount_counts_and_its_name_may_hold_a_space(monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = "d / ext4 rw 0 0\nd /mnt/my\\040disk nfs4 rw 0 0\nd /mnt/my\\040disk/local xfs rw 0 0\n"
    monkeypatch.setattr(Path, "read_text", lambda *_: mounts)
    places = ("/home/a", "/mnt/my disk/a", "/mnt/my disk/local/a", "/mnt/my diskette")
    assert [doctor.file_system(Path(place)) for place in places] == ["ext4", "nfs4", "xfs", "ext4"]


@pytest.mark.parametrize("mode", [0o640, 0o606])
def test_a_file_that_others_can_read_is_named(store: str, tmp_path: Path, mode: int) -> None:
    (tmp_path / "a.db").chmod(mode)
    assert state_of(store, "file") == (9, "problem")


def test_a_bad_setting_is_named(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from infra.db import sqlite

    monkeypatch.setattr(sqlite, "PRAGMAS", [*sqlite.PRAGMAS, "PRAGMA synchronous = NORMAL"])
    assert state_of(store, "synchronous") == (9, "problem")


def test_a_server_that_answers_too_early_is_named(postgres_url: str) -> None:
    create_store(postgres_url, first_actor=BOSS)[0].close()
    assert state_of(postgres_url, "synchronous-commit") == (0, "ok")
    early = f"{postgres_url}&options=-c%20synchronous_commit%3Doff"
    assert state_of(early, "synchronous-commit") == (9, "problem")


def test_a_stopped_and_a_lagging_table_are_named(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = create_store(store_url, first_actor=BOSS)
    hold(made, lead("l1", by=BOSS))
    made.catch_up()
    made.db.run("UPDATE projections SET position = 0 WHERE name = 'audit'")
    monkeypatch.setattr(health, "LAGS", 1)
    lagging = state_of(store_url, "audit")
    assert lagging == ((0, "warning") if store_url.startswith("sqlite") else (9, "problem"))
    made.db.run("UPDATE projections SET stopped = 2, event = 'x', why = 'y' WHERE name = 'audit'")
    assert state_of(store_url, "audit") == (9, "problem")
    assert tables.standings(made.db)["audit"].stopped == 2
    made.close()


def test_a_clock_behind_the_log_is_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/c.db"
    create_store(url, first_actor=BOSS, clock=lambda: datetime.now(UTC) + timedelta(hours=3))[0].close()
    assert state_of(url, "clock") == (9, "problem")


def test_a_disk_that_is_nearly_full_is_named(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from shutil import _ntuple_diskusage

    for free, expected in ((10 << 20, "problem"), (1 << 30, "warning"), (40 << 30, "ok")):
        monkeypatch.setattr("shutil.disk_usage", lambda _where, free=free: _ntuple_diskusage(100 << 30, 0, free))
        assert state_of(store, "disk")[1] == expected


def test_a_calendar_that_ends_is_named(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert state_of(store, "calendar")[1] == "warning"
    year = datetime.now(UTC).astimezone().year
    for each in (year, year + 1):
        sales("calendar", "publish", str(each), "--holidays", f"{each}-01-01", store=store)
    assert state_of(store, "calendar") == (0, "ok")


def test_a_stale_checkpoint_and_one_longer_than_the_log_are_named(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from infra.transparency import checkpoint_store

    assert state_of(store, "checkpoint") == (0, "warning")
    kept: dict[str, Any] = {}
    monkeypatch.setattr(checkpoint_store, "last", lambda _db: kept["last"])
    kept["last"] = checkpoint_store.Kept(3, "2024-01-01T00:00:00.000000Z", "")
    assert state_of(store, "checkpoint") == (0, "ok")
    kept["last"] = checkpoint_store.Kept(1, "2024-01-01T00:00:00.000000Z", "")
    assert state_of(store, "checkpoint") == (0, "ok")
    monkeypatch.setattr(health, "STALE_HOURS", -1)
    assert state_of(store, "checkpoint") == (9, "problem")
    kept["last"] = checkpoint_store.Kept(5, "2024-01-01T00:00:00.000000Z", "")
    assert state_of(store, "checkpoint") == (9, "problem")


def test_a_broken_file_is_named(store: str, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    db = open_database(store, create=False)
    db.run("PRAGMA wal_checkpoint(TRUNCATE)")
    (root,) = db.one("SELECT rootpage FROM sqlite_master WHERE name = 'log_recorded'") or (0,)
    (size,) = db.one("PRAGMA page_size") or (0,)
    db.close()
    raw = bytearray(path.read_bytes())
    raw[(root - 1) * size : root * size] = bytes(size)
    path.write_bytes(bytes(raw))
    status, worst = found(store)
    assert status == 9
    assert "problem" in {worst.get("integrity", {}).get("state"), worst.get("store", {}).get("state")}


def test_an_address_that_names_no_file_is_named() -> None:
    assert state_of("sqlite:///", "store") == (9, "problem")


def test_every_finding_that_is_not_ok_says_what_to_do() -> None:
    """Read from the code, so that one that no test brings about has its remedy too."""
    import ast

    for module in (doctor, health):
        tree = ast.parse(Path(module.__file__ or "").read_text("utf-8"))
        calls = [
            node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Found"
        ]
        bad = [
            ast.unparse(call)
            for call in calls
            if len(call.args) < 4
            and not any(isinstance(arg, ast.Starred) for arg in call.args)
            and not (isinstance(call.args[1], ast.Constant) and call.args[1].value == "ok")
        ]
        assert bad == []
