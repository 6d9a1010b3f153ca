"""What copies that were killed have left: named and cleared by doctor, by the next copy, and nothing of anybody else."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.running import ROOT, environment, sales

AGO = 7_200
KILLED = """
import os, sys
from infra.store import backup; from infra.store import key_backup as keys_backup
def die(*given, **more):
    os._exit(9)
copied = backup.copied
backup.copied = lambda *given: (copied(*given), die())
keys_backup.os.fsync = die
from cli.main import run
run(sys.argv[1:])
"""
"""A run that ends as if it were killed in the middle of a copy."""


@pytest.fixture
def place(store: str, tmp_path: Path) -> Path:
    """Return a folder in which two copies were killed."""
    folder = tmp_path / "copies"
    folder.mkdir()
    sales("lead", "capture", "甲", "--channel", "online", "--contact", "老周", store=store)
    for words in (("backup", f"{folder}/x.backup"), ("keys", "backup", f"{folder}/k.kb")):
        ran = subprocess.run(
            [sys.executable, "-c", KILLED, *words], env=environment(store, {"PYTHONPATH": str(ROOT)}), check=False, timeout=60
        )  # fmt: skip
        assert ran.returncode == 9
    assert {".x.backup.part", ".x.backup.part-wal", ".k.kb.part"} <= {file.name for file in folder.iterdir()}
    return folder


def aged(folder: Path) -> None:
    """Let everything in a folder have been written two hours ago."""
    for file in folder.iterdir():
        os.utime(file, (time.time() - AGO, time.time() - AGO))


def leftovers(store: str, *words: str) -> dict[str, str]:
    """Return what doctor says of leftovers: by the file's name, the state."""
    rows = json.loads(sales("doctor", *words, "--json", store=store).out)["rows"]
    found = [row for row in rows if row["check"] == "leftover"]
    return {Path(row["detail"].split()[0]).name: row["state"] for row in found}


def test_doctor_names_what_is_left_and_clears_it_when_asked(store: str, place: Path) -> None:
    (place / ".mine.part").write_text("of somebody else")
    (place / ".notes.part").write_bytes(b"SQLite format 3\0" + b"x" * 100)
    (place / ".notes.part").chmod(0o644)
    aged(place)
    assert leftovers(store) == {".x.backup.part": "warning", ".k.kb.part": "warning"}
    assert leftovers(store) == leftovers(store)
    assert sales("doctor", "--clear", store=store).status == 0
    assert sorted(file.name for file in place.iterdir()) == [".mine.part", ".notes.part"]
    assert leftovers(store) == {}


def test_what_is_being_written_is_left_alone(store: str, place: Path) -> None:
    assert set(leftovers(store, "--clear").values()) == {"ok"}
    aged(place)
    held = sqlite3.connect(place / ".k.kb.part", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    aged(place)
    assert leftovers(store, "--clear") == {".k.kb.part": "warning", ".x.backup.part": "ok"}
    assert (place / ".k.kb.part").exists()
    held.close()


def test_the_next_copy_to_the_same_place_clears_its_own(store: str, place: Path) -> None:
    assert sales("backup", f"{place}/x.backup", store=store).status == 0
    assert sales("keys", "backup", f"{place}/k.kb", store=store).status == 0
    assert sorted(file.name for file in place.iterdir()) == ["k.kb", "x.backup"]


def test_a_store_whose_making_was_killed_is_not_there_and_is_cleared_away(tmp_path: Path, store: str) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    made = KILLED.replace(
        "copied = backup", "from infra.store import creation as beginning; beginning.os.link = die; copied = backup"
    )
    ran = subprocess.run(
        [sys.executable, "-c", made, "init"], check=False, timeout=60,
        env=environment(f"sqlite:///{folder}/b.db", {"PYTHONPATH": str(ROOT)}),
    )  # fmt: skip
    assert (ran.returncode, (folder / "b.db").exists()) == (9, False)
    assert sales("init", store=f"sqlite:///{folder}/b.db").status == 0
    aged(folder)
    assert set(leftovers(f"sqlite:///{folder}/b.db", "--clear").values()) == {"ok"}
    assert sorted(file.name for file in folder.iterdir() if file.suffix == ".part") == []
