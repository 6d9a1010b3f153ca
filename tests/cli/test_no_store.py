"""Where no store is: what makes one and what does not, one that is gone, and copies that are not written over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Sales

ASKING = (
    "tracking", "progress", "audit", "log", "status", "show 甲", "export", "verify", "verify --thorough", "rebuild",
    "checkpoint", "report 2024Q1 --html FILE", "replay 2024Q1", "undo", "work --once", "keys show", "customer sweep", "agenda --owner x",
)  # fmt: skip
CAPTURE = ("lead", "capture", "甲", "--channel", "online")


def everything(machine: Path) -> list[str]:
    """Return every file and folder of the machine."""
    return sorted(str(path.relative_to(machine)) for path in machine.rglob("*"))


@pytest.mark.parametrize(
    "words", [*ASKING, "backup FILE", "keys backup FILE", "export --out FILE", "checkpoint --out FILE"]
)
def test_who_asks_a_store_that_is_not_there_is_told_so_and_nothing_is_made(
    sales: Sales, machine: Path, words: str
) -> None:
    before = everything(machine)
    done = sales(*words.replace("FILE", str(machine / "out")).split())
    assert (done.status, everything(machine)) == (4, before), done.err
    assert "[store.missing]" in done.err
    assert all(way in done.err for way in ("sales lead capture", "sales init", "sales demo", "--store"))


def test_doctor_of_no_store_says_so_beside_the_rest_and_makes_nothing(sales: Sales, machine: Path) -> None:
    before = everything(machine)
    done = sales("doctor", "--json")
    found = {row["check"]: row for row in json.loads(done.out)["rows"]}
    assert (done.status, found["store"]["state"], everything(machine)) == (4, "problem", before)
    assert "No store here" in found["store"]["detail"]


def test_the_answer_is_there_in_chinese_and_as_json(sales: Sales) -> None:
    assert "这里没有数据库" in sales("tracking", "--lang", "zh").err
    said = json.loads(sales("tracking", "--json").out)["error"]
    assert (said["code"], said["retry"]) == ("store.missing", False)


def test_the_first_act_makes_the_store_and_says_where(sales: Sales, machine: Path) -> None:
    done = sales(*CAPTURE)
    assert done.status == 0
    file = machine / "home/.local/share/salestrail/salestrail.db"
    assert f"Made a new store at sqlite:///{file}; wang.fang is its director." in done.err
    assert file.is_file()
    assert "new store" not in sales(*CAPTURE).err


@pytest.mark.parametrize("words", [
    "lead capture 甲 --channel referral", "follow-up log 甲 --channel call", "lead capture 甲 --channel online --dry-run",
    "lead capture 甲 --channel online --at tomorrow-ish", "lead capture", "apply nowhere.jsonl", "import leads nowhere.csv",
    "apply a.jsonl --dry-run", "apply a.jsonl --dry-run --recorded-as-given", "calendar load nowhere.csv",
])  # fmt: skip
def test_an_act_that_is_refused_dry_or_unreadable_makes_none(sales: Sales, machine: Path, words: str) -> None:
    Path("a.jsonl").write_text('{"action": "lead.capture", "data": {"company": "甲", "channel": "online"}}\n', "utf-8")
    before = everything(machine)
    done = sales(*words.split())
    assert everything(machine) == before, done.err
    assert "fault" not in done.err
    assert "new store" not in done.err


def test_a_dry_first_act_shows_what_it_would_record(sales: Sales) -> None:
    done = sales(*CAPTURE, "--contact", "老周", "--phone", "13900000000", "--at", "yesterday", "--dry-run")
    assert done.status == 0
    assert "would record customer.lead_captured" in done.out


@pytest.mark.parametrize("words", ["apply a.jsonl", "import leads a.csv"])
def test_a_batch_and_an_import_make_one_too(sales: Sales, words: str) -> None:
    Path("a.jsonl").write_text('{"action": "lead.capture", "data": {"company": "甲", "channel": "online"}}\n', "utf-8")
    Path("a.csv").write_text("公司,渠道\n甲,online\n", "utf-8")
    done = sales(*words.split())
    assert (done.status, "Made a new store at" in done.err) == (0, True), done.err


def test_a_folder_is_made_for_the_default_store_alone(sales: Sales, machine: Path) -> None:
    typed = ("--store", f"sqlite:///{machine}/typo/a.db")
    done = sales(*CAPTURE, *typed)
    assert (done.status, (machine / "typo").exists()) == (4, False)
    assert "Its folder is not there" in done.err
    assert sales("init", *typed).status == 0
    assert sales(*CAPTURE, *typed).status == 0


def test_an_empty_file_is_no_store_and_is_left_as_it_is(sales: Sales, machine: Path) -> None:
    empty = machine / "a.db"
    empty.touch()
    for words in (("tracking",), CAPTURE, ("backup", str(machine / "b"))):
        done = sales(*words, "--store", f"sqlite:///{empty}")
        assert (done.status, "[store.missing]" in done.err, "sales init" in done.err) == (4, True, True)
    assert (empty.stat().st_size, (machine / "b").exists()) == (0, False)
    assert sales("init", "--store", f"sqlite:///{empty}").status == 0


def test_somebody_elses_database_is_no_store_either(sales: Sales, machine: Path) -> None:
    import sqlite3

    with sqlite3.connect(machine / "shop.db") as shop:
        shop.execute("CREATE TABLE goods (id INTEGER)")
    assert sales(*CAPTURE, "--store", f"sqlite:///{machine}/shop.db").status == 4
    with sqlite3.connect(machine / "shop.db") as shop:
        assert shop.execute("SELECT name FROM sqlite_master").fetchall() == [("goods",)]


def test_a_store_that_is_gone_is_missed_by_all_and_begun_anew_only_in_so_many_words(
    sales: Sales, machine: Path
) -> None:
    file, copy = machine / "home/.local/share/salestrail/salestrail.db", machine / "nightly.backup"
    for number in range(3):
        assert sales("lead", "capture", f"公司{number}", "--channel", "online").status == 0
    assert sales("backup", str(copy)).status == 0
    held, away = copy.read_bytes(), machine / "away.db"
    file.rename(away)
    before = everything(machine)
    for words in (
        CAPTURE,
        ("backup", str(copy), "-y"),
        ("init",),
        ("tracking",),
        ("export", "--out", str(copy)),
        ("verify",),
    ):
        done = sales(*words)
        assert (done.status, "[store.gone]" in done.err) == (4, True), done.err
        assert f"sales restore {copy}" in done.err
    assert (everything(machine), copy.read_bytes()) == (before, held)
    assert sales("restore", str(copy)).status == 0
    assert len(json.loads(sales("tracking", "--json").out)["rows"]) == 3
    file.unlink()
    assert sales("init", "--anew").status == 0
    assert sales("backup", str(copy), "-y").status == 3
    assert copy.read_bytes() == held


def test_a_store_that_is_back_is_taken_up_as_if_nothing_had_been(sales: Sales, machine: Path) -> None:
    file = machine / "home/.local/share/salestrail/salestrail.db"
    sales(*CAPTURE)
    file.rename(machine / "away.db")
    assert sales("tracking").status == 4
    (machine / "away.db").rename(file)
    assert len(json.loads(sales("tracking", "--json").out)["rows"]) == 1


COPIES = (("backup",), ("keys", "backup"), ("export", "--out"), ("checkpoint", "--out"))


@pytest.mark.parametrize("copy", COPIES, ids="-".join)
def test_a_copy_of_more_or_of_another_log_is_written_over_only_by_name(
    sales: Sales, machine: Path, copy: tuple[str, ...]
) -> None:
    import shutil

    home, out = machine / "home/.local/share/salestrail", machine / "copy"
    capture = (*CAPTURE, "--contact", "老周", "--phone", "13900000000")
    sales(*capture)
    older, other = (f"sqlite:///{machine}/{name}.db" for name in ("older", "other"))
    for end in ("db", "keys"):
        shutil.copy(home / f"salestrail.{end}", machine / f"older.{end}")
    sales(*capture)
    assert sales(*copy, str(out)).status == 0
    assert sales(*copy, str(out), "-y").status == 0
    held = out.read_bytes()
    sales(*capture, "--store", other)
    for store, code in ((older, "file.holds_more"), (other, "file.holds_other")):
        done = sales(*copy, str(out), "-y", "--store", store)
        assert (done.status, f"[{code}]" in done.err, out.read_bytes() == held) == (3, True, True), done.err
    assert sales(*copy, str(out), "--replace", "--store", other).status == 0
    assert out.read_bytes() != held


def test_a_backup_of_another_history_of_the_same_log_is_kept(sales: Sales, machine: Path) -> None:
    first, out = machine / "first.backup", machine / "b"
    sales(*CAPTURE)
    sales("backup", str(first))
    for _ in range(3):
        sales(*CAPTURE)
    sales("backup", str(out))
    again = ("--store", f"sqlite:///{machine}/again.db")
    sales("restore", str(first), *again)
    for _ in range(5):
        sales(*CAPTURE, *again)
    assert "[file.holds_more]" in sales("backup", str(out), "-y", *again).err
