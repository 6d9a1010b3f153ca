"""A2: what is erased is nowhere: in no file, no journal, no table, no key store, no export; the log is as it was."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.errors.problem import Problem
from infra.read_models import tables
from infra.store.open import open_store
from tests.faults.running import sales
from tests.given import DIRECTOR, Given, company, line
from tests.infra.test_projector import poison
from tests.personal.canaries import canaries, found, traces

CANARY = "CANARY-"
REASON = "本人要求删除"


@pytest.fixture
def given(place: Path, store_url: str) -> Iterator[Given]:
    fresh = Given(store_url)
    fresh.happened(*company(), *canaries(), line("lead.capture", by="li.si", key="b", company="别家", channel="online",
                                                 contact="别人", phone="13900000000"))  # fmt: skip
    yield fresh
    fresh.close()


def erase(given: Given, key: str = "k") -> Problem | object:
    return given.live(line("customer.erase-contact", key, reason=REASON))


def test_every_canary_is_shown_before_and_none_lies_in_the_log_in_the_clear(given: Given) -> None:
    shown = json.dumps([given.audit(key) for key in ("k", "p", "x", "r")], ensure_ascii=False, default=str)
    names = {part.split('"')[0] for part in shown.split(CANARY)[1:]}
    assert len(names) == 33
    for record in given.store.reader.read(0, 1000):
        assert CANARY.encode() not in record.data


def test_before_an_erasure_only_the_tables_that_show_it_hold_a_canary(
    given: Given, store_url: str, place: Path
) -> None:
    given.tracking()
    given.store.catch_up()
    assert sales("export", "--out", str(place / "log.jsonl"), store=store_url).status == 0
    assert not traces(CANARY, place / "log.jsonl")
    if store_url.startswith("postgres"):
        holding = {name.rpartition(".")[2].rstrip("0123456789_") for name in found(CANARY, store_url, place)}
        assert holding == {"tracking", "tracking_once", "objections", "records"}


def test_after_it_no_file_no_table_and_no_export_holds_a_canary(given: Given, store_url: str, place: Path) -> None:
    given.tracking()
    before = place / "before.jsonl"
    assert sales("export", "--out", str(before), store=store_url).status == 0
    assert not isinstance(erase(given), Problem)
    given.store.catch_up()
    for n, more in enumerate(((), ("--personal", "none"))):
        assert sales("export", *more, "--out", str(place / f"after{n}.jsonl"), store=store_url).status == 0
    for n, words in enumerate(("tracking", "objections", "audit")):
        for form in ("csv", "html", "json", "xlsx"):
            done = sales(words, "-o", form, "--out", str(place / f"{n}.{form}"), store=store_url)
            assert done.status == 0, done.err
    assert found(CANARY, store_url, place) == []
    if os.name == "posix":
        modes = {file.name: file.stat().st_mode & 0o077 for file in place.iterdir() if file.name.startswith("store.")}
        assert not any(modes.values()), modes


def test_verify_passes_the_log_is_what_it_was_and_counts_are_unchanged(given: Given, store_url: str) -> None:
    rows, figures = given.tracking(), given.progress()
    records = given.store.reader.read(0, 1000)
    erase(given)
    assert given.store.reader.read(0, len(records)) == records
    assert sales("verify", store=store_url).status == 0
    after = given.tracking()
    assert len(after) == len(rows)
    told = ("id", "stage", "completeness", "open_objections", "next_due", "signed", "expected", "last_contact")
    for old, new in zip(rows, after, strict=True):
        assert [old[name] for name in told] == [new[name] for name in told]
    assert [row["actual"] for row in given.progress()] == [row["actual"] for row in figures]


def test_what_was_erased_says_so_and_other_customers_keep_theirs(given: Given) -> None:
    erase(given)
    mine, other = given.customer("k"), given.customer("b")
    assert (mine["contact"], mine["pain_points"], mine["next_action"]) == ("[erased]", ["[erased]"], "[erased]")
    assert other["contact"] == "别人"
    changes = {(c["field"], c["to"]) for row in given.audit("b") for c in row["changes"]}
    assert ("phone", "13900000000") in changes
    *_, last = given.audit("k")
    assert (last["name"], last["reason"]) == ("customer.contact_erased", REASON)


def test_another_process_and_a_rebuild_see_it_erased_too(given: Given) -> None:
    erase(given)
    given.reopened()
    assert given.customer("k")["contact"] == "[erased]"
    given.store.projector.rebuild(("tracking", "audit", "objections"))
    assert given.customer("k")["contact"] == "[erased]"
    assert given.customer("b")["contact"] == "别人"


def test_what_is_recorded_afterwards_has_another_key_and_can_be_erased_again(given: Given) -> None:
    erase(given)
    given.live(line("customer.add-contact", "k", contact="新人"))
    assert given.customer("k")["contact"] == "新人"
    given.reopened()
    given.store.projector.rebuild(("tracking", "audit"))
    assert given.customer("k")["contact"] == "新人"
    erase(given)
    assert given.customer("k")["contact"] == "[erased]"


def test_within_one_batch_what_comes_after_the_erasure_stays(given: Given) -> None:
    given.happened(
        line("customer.add-contact", "b", by="li.si", contact="先来"),
        line("customer.erase-contact", "b", by=DIRECTOR, reason=REASON),
        line("customer.add-contact", "b", by="li.si", contact="后来"),
    )
    assert given.customer("b")["contact"] == "后来"
    told = [c["to"] for row in given.audit("b") for c in row["changes"] if c["field"] == "contact"]
    assert told == ["[erased]", "[erased]", "后来"]


def test_a_lead_that_was_merged_is_erased_with_what_it_was_merged_into(given: Given) -> None:
    given.happened(line("lead.merge", "b", by=DIRECTOR, duplicate="k"))
    erase(given, "b")
    shown = json.dumps([given.tracking(), given.audit()], ensure_ascii=False, default=str)
    assert CANARY not in shown
    assert "13900000000" not in shown


def test_an_erasure_that_was_broken_off_is_finished_by_whoever_asks_next(
    given: Given, store_url: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given.tracking()
    with monkeypatch.context() as broken:
        broken.setattr(given.store.ledger(DIRECTOR).__class__, "recorded", lambda self, batch: None)
        erase(given)
    assert found(CANARY, store_url, place) != []
    given.close()
    other = open_store(store_url)
    other.catch_up()
    other.close()
    assert found(CANARY, store_url, place) == []


def test_an_export_made_before_opens_nothing_of_it_any_more(given: Given, store_url: str, place: Path) -> None:
    file = place / "before.jsonl"
    assert sales("export", "--out", str(file), store=store_url).status == 0
    erase(given)
    again = f"sqlite:///{place}/again.db"
    done = sales("import", "log", str(file), store=again)
    assert done.status == 0
    assert "can't be opened here" in done.err
    assert "[sealed]" in sales("tracking", "--json", store=again).out
    assert found(CANARY, again, place) == []


def test_an_old_copy_of_the_key_store_opens_nothing_of_it_any_more(given: Given, store_url: str, place: Path) -> None:
    copy = place / "keys-copy.db"
    assert sales("keys", "backup", str(copy), store=store_url).status == 0
    erase(given)
    target = f"sqlite:///{place}/other.db"
    assert sales("export", "--personal", "none", "--out", str(place / "l.jsonl"), store=store_url).status == 0
    assert sales("import", "log", str(place / "l.jsonl"), store=target).status == 0
    done = sales("keys", "restore", str(copy), store=target)
    assert (done.status, done.code) == (9, "keys.closed")


@pytest.mark.parametrize("role", ["rep", "auditor", "marketing"])
def test_only_managers_and_directors_erase(given: Given, role: str) -> None:
    given.happened(line("person.register", by=DIRECTOR, login="somebody", name="某人", role=role))
    answer = given.live(line("customer.erase-contact", "k", reason=REASON), "somebody")
    assert isinstance(answer, Problem)
    assert (answer.code, answer.exit_status) == ("right.role", 6)
    assert CANARY in str(given.customer("k")["contact"])


def test_an_erasure_is_neither_corrected_nor_voided(given: Given) -> None:
    erase(given)
    head = str(given.store.reader.head()[0])
    for act in (line("event.void", head, reason="x"), line("event.correct", head, reason="x", values={"item": "e9"})):
        answer = given.live(act)
        assert isinstance(answer, Problem)
        assert answer.code == "event.not_correctable"


@pytest.mark.parametrize("name", ["customer.abducted", "customer.graded"])
def test_a_table_that_an_event_has_stopped_is_cleared_too(given: Given, store_url: str, place: Path, name: str) -> None:
    given.tracking()
    poison(given.store, name, b"{}")
    given.store.catch_up()
    assert tables.standings(given.store.db)["tracking"].stopped is not None
    erase(given)
    given.close()
    assert found(CANARY, store_url, place) == []


def test_a_rebuild_in_the_midst_of_an_erasure_shows_nothing_of_it(
    given: Given, store_url: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given.tracking()
    with monkeypatch.context() as broken:
        broken.setattr(given.store.ledger(DIRECTOR).__class__, "recorded", lambda self, batch: None)
        erase(given)
    given.reopened()
    given.store.projector.rebuild(("tracking", "objections"), batch=10)
    given.store.catch_up()
    given.close()
    assert found(CANARY, store_url, place) == []
