"""An auditor's copy on a medium that can't be written: verified, asked, proved, exported and doctored as it stands."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.db.connect import open_database
from infra.db.errors import StoreUnreachable
from infra.store.open import open_store
from tests.faults.running import BOSS, ROOT, Done, environment, jsonl, sales
from tests.given import lead

MOUNT = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
"""What a shell of its own does with a folder before it runs a command: nobody else sees the mount."""

CHILD = """
import json, sys
from tests.faults.running import sales
store, each = json.loads(sys.argv[1])
print(json.dumps([sales(*words, store=store) for words in each]))
"""
"""Several commands in one process, which answers with what each of them left behind."""

Asked = Callable[..., Done]


def mounts() -> bool:
    """Say whether this user may mount a folder read-only for one process."""
    if os.name != "posix" or not shutil.which("unshare"):
        return False
    tried = subprocess.run(
        ["unshare", "-m", "sh", "-c", MOUNT, "sh", "/tmp", "true"], capture_output=True, check=False, timeout=60
    )
    return tried.returncode == 0


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder of a store with sealed data, a checkpoint, and tables in step, all before it is made read-only."""
    for name in ("DATA", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    folder = tmp_path / "disk"
    folder.mkdir()
    store = f"sqlite:///{folder}/a.db"
    lines = (lead(f"l{n}", f"公司{n}", by=BOSS, contact="老周", phone=f"1390000{n:04}") for n in range(6))
    assert sales("apply", jsonl(tmp_path / "a.jsonl", *lines), store=store).status == 0
    assert sales("checkpoint", "--out", str(tmp_path / "note"), store=store).status == 0
    assert sales("tracking", store=store).status == 0
    yield folder
    folder.chmod(0o700)


@pytest.fixture
def each_asked(disk: Path) -> Callable[[list[list[str]]], list[Done]]:
    """Run commands to which the disk is read-only, and see that nothing on it is another afterwards."""
    mounted = mounts()
    if not mounted and not os.geteuid():
        pytest.skip("root may write anything here, and may not mount")

    def go(each: list[list[str]]) -> list[Done]:
        before = content(disk)
        done = on_a_mount(disk, each) if mounted else on_rights(disk, each)
        assert content(disk) == before
        return done

    return go


@pytest.fixture
def asked(each_asked: Callable[[list[list[str]]], list[Done]]) -> Asked:
    """Run one command to which the disk is read-only."""
    return lambda *words: each_asked([list(words)])[0]


def on_a_mount(disk: Path, each: list[list[str]]) -> list[Done]:
    store = f"sqlite:///{disk}/a.db"
    ran = subprocess.run(
        ["unshare", "-m", "sh", "-c", MOUNT, "sh", str(disk), sys.executable, "-c", CHILD, json.dumps([store, each])],
        env=environment(store, {"PYTHONPATH": str(ROOT)}), cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode()
    return [Done(*said) for said in json.loads(ran.stdout)]


def on_rights(disk: Path, each: list[list[str]]) -> list[Done]:
    for file in disk.iterdir():
        file.chmod(0o400)
    disk.chmod(0o500)
    try:
        return [sales(*words, store=f"sqlite:///{disk}/a.db") for words in each]
    finally:
        disk.chmod(0o700)
        for file in disk.iterdir():
            file.chmod(0o600)


def content(disk: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in disk.iterdir()}


def left_with_a_journal(disk: Path, *, index: bool) -> None:
    """Put the store back as a copy of its files while somebody had it open: the last event stands in the journal alone."""
    aside = disk.parent / "aside"
    reader = sqlite3.connect(disk / "a.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM log").fetchall()
    assert sales("lead", "capture", "最后一家", "--channel", "online", store=f"sqlite:///{disk}/a.db").status == 0
    ends = ("db", "db-wal", "keys", *(["db-shm"] if index else []))
    aside.mkdir()
    for end in ends:
        shutil.copy(disk / f"a.{end}", aside / f"a.{end}")
    reader.close()
    for file in disk.iterdir():
        file.unlink()
    for end in ends:
        shutil.move(aside / f"a.{end}", disk / f"a.{end}")


ALL = ("verify", "verify --thorough", "verify --checkpoint NOTE", "tracking", "show l1", "progress --period 2024Q1", "audit l1", "log",
       "status", "doctor", "export --out FILE", "prove 3 --out FILE", "backup FILE", "keys show", "keys backup FILE",
       "report 2024Q1 --html FILE", "duplicates")  # fmt: skip


@pytest.mark.parametrize("state", ["as it was", "behind", "journal", "journal and index"])
def test_a_copy_on_a_read_only_disk_answers_as_the_store_does(
    disk: Path, each_asked: Callable[[list[list[str]]], list[Done]], tmp_path: Path, state: str
) -> None:
    if state == "behind":
        line = jsonl(tmp_path / "b.jsonl", lead("l9", "最后一家", by=BOSS))
        assert sales("apply", line, store=f"sqlite:///{disk}/a.db").status == 0
    elif state != "as it was":
        left_with_a_journal(disk, index=state == "journal and index")
    typed = (
        words.replace("FILE", f"{tmp_path}/out{n}").replace("NOTE", f"{tmp_path}/note") for n, words in enumerate(ALL)
    )
    *dones, table = each_asked([*(words.split() for words in typed), ["tracking", "--json"]])
    for words, done in zip(ALL, dones, strict=True):
        assert done.status == 0, (words, done.err)
        assert ("read with the journal beside it" in done.err) == (state == "journal"), (words, done.err)
    rows = json.loads(table.out)["rows"]
    assert [row["company"] for row in rows][-1] == ("公司5" if state == "as it was" else "最后一家")
    assert {row["contact"] for row in rows} <= {"老周", None}
    assert sales("verify-proof", f"{tmp_path}/out{ALL.index('prove 3 --out FILE')}", store="sqlite:///x").status == 0


def test_doctor_says_what_can_not_be_done_there(asked: Asked) -> None:
    found = {row["check"]: row for row in json.loads(asked("doctor", "--json").out)["rows"]}
    assert found["file"]["state"] == "warning"
    assert "can't be written" in found["file"]["detail"]
    assert "journal-mode" not in found


WRITING = ("lead capture 乙 --channel online", "lead capture 乙 --channel online --contact x", "checkpoint", "rebuild",
           "rebuild --constraints", "undo -y", "calendar load CALENDAR")  # fmt: skip


@pytest.mark.parametrize("journal", [False, True])
def test_what_would_write_is_refused_and_never_lost_in_a_passing_copy(
    disk: Path, each_asked: Callable[[list[list[str]]], list[Done]], tmp_path: Path, journal: bool
) -> None:
    if journal:
        left_with_a_journal(disk, index=False)
    (tmp_path / "c.csv").write_text("2030-01-01,off\n", "utf-8")
    dones = each_asked([words.replace("CALENDAR", f"{tmp_path}/c.csv").split() for words in WRITING])
    for words, done in zip(WRITING, dones, strict=True):
        assert (done.status, done.code) == (7, "store.unreachable"), (words, done.err)


def test_an_erasure_that_the_keys_of_a_copy_do_not_know_hides_all_the_same_and_leaves_the_keys_of_others(
    disk: Path, asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = f"sqlite:///{disk}/a.db"
    opened = open_store(store)
    customer = opened.subject("l1")
    opened.close()
    with monkeypatch.context() as copied_in_between:
        copied_in_between.setattr("infra.crypto.keyring.Keyring.erase", lambda ring, erased: 0)
        assert sales("customer", "erase-contact", customer, "--reason", "要求删除", "-y", store=store).status == 0
    db = open_database(store, create=False)
    db.run("UPDATE projections SET version = 0")  # they are folded again by whoever asks
    db.close()
    wrapping = tmp_path / "CONFIG/salestrail/wrapping-keys"
    before = wrapping.read_bytes()
    told = {row["id"]: row["contact"] for row in json.loads(asked("tracking", "--json").out)["rows"]}
    assert (told.pop(customer) == "老周", list(told.values())) == (False, ["老周"] * 5)
    assert wrapping.read_bytes() == before


def test_a_database_on_rights_alone_is_fixed_and_takes_no_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from infra.event_store.factory import open_log
    from infra.event_store.stored_event import AppendBatch
    from infra.store.open import create_store

    url = f"sqlite:///{tmp_path}/a.db"
    create_store(url, first_actor=BOSS)[0].close()
    monkeypatch.setattr("infra.db.sqlite.os.access", lambda path, mode: mode != os.W_OK)
    log = open_log(url)
    with pytest.raises(StoreUnreachable):
        log.append(AppendBatch([], "2024-03-29T12:00:00.000000Z"))
    log.close()
    db = open_database(url, create=False)
    assert db.fixed
    db.step_aside()
    db.run("CREATE TABLE passing (x)")
    db.close()
    again = sqlite3.connect(tmp_path / "a.db")
    assert again.execute("SELECT count(*) FROM sqlite_master WHERE name = 'passing'").fetchone() == (0,)
    again.close()
