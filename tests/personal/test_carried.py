"""Keys on their way with an exported log: to oneself, to nobody, to one recipient; the stored bytes never change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.running import Done, sales
from tests.given import Given, company
from tests.personal.canaries import canaries, traces

CANARY = "CANARY-contact"


@pytest.fixture
def given(tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Given]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    fresh = Given(store_url)
    fresh.happened(*company(), *canaries())
    yield fresh
    fresh.close()


def exported(given: Given, file: Path, *more: str) -> bytes:
    done = sales("export", *more, "--out", str(file), store=given.url)
    assert done.status == 0, done.err
    return file.read_bytes()


def imported(file: Path, store: str, *more: str, **around: Any) -> Done:
    return sales("import", "log", str(file), *more, store=store, **around)


def shown(store: str, **around: Any) -> str:
    return sales("audit", "--name", "customer.lead_captured", "--json", store=store, **around).out


def test_to_oneself_and_back_it_is_the_same_file_and_the_same_table(given: Given, tmp_path: Path) -> None:
    first = exported(given, tmp_path / "a.jsonl")
    assert CANARY.encode() not in first
    there = f"sqlite:///{tmp_path}/there.db"
    assert imported(tmp_path / "a.jsonl", there).status == 0
    assert CANARY in shown(there)
    for words in ("tracking", "objections", "audit"):
        assert rows(words, there) == rows(words, given.url)
    assert sales("export", "--out", str(tmp_path / "b.jsonl"), store=there).status == 0
    assert (tmp_path / "b.jsonl").read_bytes() == first


def rows(view: str, store: str) -> object:
    return json.loads(sales(view, "--json", store=store).out)["rows"]


def test_to_nobody_everything_but_the_values_arrives(given: Given, tmp_path: Path) -> None:
    exported(given, tmp_path / "a.jsonl", "--personal", "none")
    there = f"sqlite:///{tmp_path}/there.db"
    assert imported(tmp_path / "a.jsonl", there).status == 0
    assert CANARY not in shown(there)
    assert "[sealed]" in shown(there)
    assert sales("verify", store=there).status == 0
    assert not traces(CANARY, tmp_path / "there.db", tmp_path / "a.jsonl")


def test_to_a_recipient_only_they_open_it(given: Given, tmp_path: Path) -> None:
    hers, his = tmp_path / "hers", tmp_path / "his"
    recipient = sales("keys", "recipient", "--identity", str(hers), store=given.url).out.strip()
    assert sales("keys", "recipient", "--identity", str(hers), store=given.url).out.strip() == recipient
    sales("keys", "recipient", "--identity", str(his), store=given.url)
    exported(given, tmp_path / "a.jsonl", "--personal", "encrypt", "--to", recipient)
    elsewhere = {"SALES_WRAPPING_KEY_FILE": str(tmp_path / "elsewhere")}
    for n, (identity, opens) in enumerate(((hers, True), (his, False), (None, False))):
        there = f"sqlite:///{tmp_path}/{n}.db"
        more = ("--identity", str(identity)) if identity else ()
        done = imported(tmp_path / "a.jsonl", there, *more, **elsewhere)
        assert done.status == 0, done.err
        assert ("can't be opened here" in done.err) is not opens
        assert (CANARY in shown(there, **elsewhere)) is opens


def test_with_another_wrapping_file_the_keys_stay_closed(given: Given, tmp_path: Path) -> None:
    exported(given, tmp_path / "a.jsonl")
    there, elsewhere = f"sqlite:///{tmp_path}/there.db", {"SALES_WRAPPING_KEY_FILE": str(tmp_path / "elsewhere")}
    assert "can't be opened here" in imported(tmp_path / "a.jsonl", there, **elsewhere).err
    assert CANARY not in shown(there, **elsewhere)


@pytest.mark.parametrize(
    "change", [("cus_", "cus-"), ('"version":0', '"version":1'), ('"wrapped":"', '"wrapped":"AAAA')]
)
def test_a_changed_key_line_is_refused(given: Given, tmp_path: Path, change: tuple[str, str]) -> None:
    *lines, last = exported(given, tmp_path / "a.jsonl").decode().splitlines(keepends=True)
    place = next(n for n, said in enumerate(lines) if said.startswith('{"data_key"') and "cus_" in said) if (
        "cus_" not in last
    ) else len(lines)  # fmt: skip
    lines = [*lines, last]
    assert change[0] in lines[place]
    lines[place] = lines[place].replace(*change)
    (tmp_path / "b.jsonl").write_text("".join(lines))
    done = imported(tmp_path / "b.jsonl", f"sqlite:///{tmp_path}/there.db")
    assert (done.status, done.code) == (2, "migration.bad_export")


@pytest.mark.parametrize(
    "words", [("--personal", "encrypt"), ("--personal", "encrypt", "--to", "nobody"), ("--to", "x")]
)
def test_an_export_to_nobody_in_particular_is_refused(given: Given, words: tuple[str, ...]) -> None:
    assert sales("export", *words, store=given.url).status == 2


def test_a_destroyed_key_goes_along_as_destroyed(given: Given, tmp_path: Path) -> None:
    done = sales("customer", "erase-contact", "k", "--yes", "--reason", "本人要求", store=given.url)
    assert done.status == 0, done.err
    exported(given, tmp_path / "a.jsonl")
    there = f"sqlite:///{tmp_path}/there.db"
    assert imported(tmp_path / "a.jsonl", there).status == 0
    assert "[erased]" in shown(there)
    assert "[sealed]" not in shown(there)


def test_a_lost_key_store_is_put_back_from_its_copy(given: Given, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert sales("keys", "backup", str(copy), store=given.url).status == 0
    assert sales("keys", "backup", str(copy), store=given.url).code == "file.exists"
    assert copy.stat().st_mode & 0o077 == 0
    exported(given, tmp_path / "a.jsonl", "--personal", "none")
    there = f"sqlite:///{tmp_path}/there.db"
    assert imported(tmp_path / "a.jsonl", there).status == 0
    assert sales("keys", "restore", str(copy), store=there).status == 0
    assert sales("rebuild", store=there).status == 0
    assert CANARY in shown(there)
    assert CANARY in sales("tracking", "--json", store=there).out


def test_what_keys_there_are_is_shown_and_no_key(given: Given) -> None:
    told = json.loads(sales("keys", "show", "--json", store=given.url).out)["rows"]
    mine = next(row for row in told if row["subject"] == given.subject("k"))
    assert (mine["keys"], mine["destroyed"]) == (1, 0)
