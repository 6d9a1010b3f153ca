"""Whatever is done to a store's derived state is found and named, on both stores, and put right by what the hint names."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

from cli.commands.demo import QUARTER
from infra.commands import batch
from infra.crypto.keyrings import Places
from infra.db.connect import open_database
from infra.errors.problem import Problem
from infra.store.open import create_store, open_store
from infra.store.sample_check import sampled
from infra.store.thorough_check import derived_sound
from projections.read_models.registry import ON_DEMAND
from tests.faults.running import sales
from tests.given import lead, line
from tests.proof.forging import (
    APART,
    FOLDED,
    MENDED,
    SETTINGS,
    Forger,
    Words,
    a_foreign_trigger,
    a_persons_role,
    a_position_behind,
    a_zone,
    amounts,
    audit_rows,
    claims_deleted,
    forging,
    keys_deleted,
    mentions_deleted,
    positions_ahead,
    the_guards_dropped,
    the_logs_index,
)  # fmt: skip

SEEDS = int(os.environ.get("SALES_PLACES", "1"))
"""With how many seeds each act is done."""
PARTS = 4
TOGETHER = [MENDED[part::PARTS] for part in range(PARTS)]
ACTS = [*TOGETHER, *APART] if SEEDS < 2 else [*TOGETHER, *((act,) for act in (*MENDED, *chain(*APART)))]
"""What is done at once: several acts, or one alone."""


def played(url: str) -> None:
    """Fill a store with the first quarter of a made-up company."""
    store, _ = create_store(url, first_actor=None)
    ledger = store.ledger("lin.zong", source="batch", migrating=True)
    with QUARTER.open("rb") as lines:
        answers = [answer for _, answer in batch.apply(ledger, batch.read(lines))]
    assert not [answer for answer in answers if isinstance(answer, Problem)]
    store.catch_up(asked=ON_DEMAND)
    store.close()


SOUND: dict[str, str] = {}
"""By the database a store that the last test left sound: what is sound need not be played anew."""


@pytest.fixture(params=["sqlite", "postgres"])
def quarter(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a store with a quarter's history, its tables in step and its roles made."""
    if url := SOUND.pop(request.param, None):
        return url
    # A test's own folder, or its own schema, goes with the test.
    url = f"sqlite:///{tmp_path_factory.mktemp('quarter')}/store.db"
    if request.param == "postgres":
        url = f"{request.getfixturevalue('postgres_server')}&schema=quarter_{uuid4().hex}"
    played(url)
    assert sales("init", store=url).status == 0
    return url


def leave(url: str) -> None:
    """Let the next test have a store of which it was just seen that nothing is found any more."""
    SOUND["postgres" if url.startswith("postgres") else "sqlite"] = url


def found(url: str) -> list[Problem]:
    store = open_store(url)
    try:
        return list(derived_sound(store.db).problems)
    finally:
        store.close()


def texts(problems: list[Problem]) -> list[str]:
    return [" ".join([each.code, *map(str, each.facts.values())]) for each in problems]


@pytest.mark.parametrize("acts", ACTS, ids=lambda acts: "+".join(act.__name__ for act in acts)[:60])
def test_every_act_is_found_and_named_and_put_right(quarter: str, acts: Sequence[Callable[[Forger], Words]]) -> None:
    for seed in range(SEEDS):
        with forging(quarter, f"{len(acts)} {acts[0].__name__} {seed}") as forger:
            wanted = [(act.__name__, act(forger)) for act in acts]
        problems = found(quarter)
        said = texts(problems)
        for name, words in wanted:
            named = any(all(word in line for word in words) for line in said)
            assert named or FOLDED.get(words[0]) in forger.whole, (seed, name, words, said)
        assert {each.exit_status for each in problems} == {9}
        # A table that is folded a second time contradicts itself, which init can't bring in step.
        assert sales("init", store=quarter).status in ((0,) if a_position_behind not in acts else (0, 6))
        done = sales("rebuild", "--constraints", store=quarter)
        assert done.status == 0, done.err
        assert texts(found(quarter)) == []
    leave(quarter)


def test_nothing_that_the_log_gives_is_taken_for_forged(quarter: str) -> None:
    """Every event brought its rows, also where each is looked at by itself."""
    assert sampled_all(quarter) == []
    leave(quarter)


def sampled_all(url: str) -> list[Problem]:
    """Return what is wrong with the rows that any event brought."""
    store = open_store(url)
    try:
        return list(sampled(store.db, store.zone, Random(1), store.reader.head()[0]))
    finally:
        store.close()


def test_a_sample_finds_what_was_done_to_the_rows_of_its_events(quarter: str) -> None:
    """Each act is at rows of its own table."""
    acts = (amounts, audit_rows, keys_deleted, claims_deleted, mentions_deleted, a_persons_role)
    with forging(quarter, "sample") as forger:
        wanted = [act(forger) for act in acts]
    said = texts(sampled_all(quarter))
    for table, *row in wanted:
        words = (f" {table} ", *row) if table in FOLDED else (f" {table} ",)  # a sample names a key's values alone
        assert any(all(word in line for word in words) for line in said), (words, said)
    assert sales("rebuild", "--constraints", store=quarter).status == 0
    assert texts(found(quarter)) == []
    leave(quarter)


def test_doctor_names_what_is_missing_or_another(quarter: str) -> None:
    with forging(quarter, "doctor") as forger:
        wanted = [act(forger) for act in (a_foreign_trigger, the_guards_dropped, positions_ahead, the_logs_index)]
    done = sales("doctor", "--output", "json", store=quarter)
    assert done.status == 9
    said = [row["detail"] for row in json.loads(done.out)["rows"] if row["state"] == "problem"]
    for words in wanted:
        assert any(all(word in line for word in words) for line in said), (words, said)
    assert sales("init", store=quarter).status == 0
    assert sales("rebuild", store=quarter).status == 0
    assert texts(found(quarter)) == []
    leave(quarter)


def test_a_setting_that_was_changed_contradicts_a_checkpoint(quarter: str, tmp_path: Path) -> None:
    note, keys = str(tmp_path / "a.note"), str(tmp_path / "keys")

    def verified() -> tuple[int, str]:
        done = sales("verify", "--checkpoint", note, store=quarter, SALES_PROOF_KEYS=keys)
        return done.status, done.code

    assert sales("checkpoint", "--out", note, store=quarter, SALES_PROOF_KEYS=keys).status == 0
    for act in SETTINGS:
        assert verified()[0] == 0
        with forging(quarter, act.__name__) as forger:
            before = forger.run("SELECT value, name FROM store")
            act(forger)
            assert verified() == (9, "proof.settings"), act.__name__
            for row in before:
                forger.run("UPDATE store SET value = ? WHERE name = ?", *row)
    leave(quarter)


def test_a_zone_that_was_changed_contradicts_the_first_event(store_url: str) -> None:
    create_store(store_url, first_actor="lin.zong")[0].close()
    assert texts(found(store_url)) == []
    with forging(store_url, 1) as forger:
        a_zone(forger)
    problems = found(store_url)
    assert [(each.code, each.facts["name"]) for each in problems if each.code == "proof.setting"] == [
        ("proof.setting", "zone")
    ]


def test_a_number_that_two_hold_is_named_with_both_events_and_all_else_is_mended(quarter: str) -> None:
    with forging(quarter, 1) as forger:
        ((value, stream),) = forger.run(
            "SELECT value, stream FROM claims WHERE kind = 'contract-number' ORDER BY value LIMIT 1"
        )
        ((customer,),) = forger.run(
            "SELECT subject FROM mentions WHERE substr(subject, 1, 4) = 'cus_' ORDER BY subject LIMIT 1"
        )
        forger.run("DELETE FROM claims")
        forger.run("DELETE FROM mentions")
    draft = ("contract", "draft", value, "--customer", customer, "--amount", "1000")
    assert sales(*draft, store=quarter).status == 0
    done = sales("rebuild", "--constraints", store=quarter)
    assert (done.status, done.code) == (9, "proof.claimed_twice"), done.err
    assert value in done.err
    assert stream in done.err
    assert [each.code for each in found(quarter)] == ["proof.claimed_twice"]
    store = open_store(quarter)
    head, _ = store.reader.head()
    store.close()
    assert f"since event {head}" in done.err
    assert sales("event", "void", str(head), "--reason", "doubled", store=quarter).status == 0
    assert sales("rebuild", "--constraints", store=quarter).status == 0
    assert texts(found(quarter)) == []
    leave(quarter)


def test_a_store_that_can_only_be_read_is_looked_at_thoroughly(quarter: str) -> None:
    db = open_database(quarter, create=False, readonly=True)
    assert texts(list(derived_sound(db).problems)) == []
    db.close()
    leave(quarter)


def test_a_damaged_page_is_found_wherever_it_lies(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    played(url)
    with forging(url, 1) as forger:
        forger.run("PRAGMA wal_checkpoint(TRUNCATE)")
        ((page,),) = forger.run("SELECT rootpage FROM sqlite_master WHERE name = ?", forger.real("facts"))
        ((size,),) = forger.run("PRAGMA page_size")
    path = tmp_path / "store.db"
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * size : (page - 1) * size + 64] = b"\xff" * 64
    path.write_bytes(raw)
    done = sales("verify", "--thorough", store=url)
    assert (done.status, done.code) == (9, "proof.damaged")


def test_what_is_sealed_is_not_compared_where_its_keys_are_not(quarter: str, tmp_path: Path) -> None:
    store = open_store(quarter, places=Places(wrapping_key_file=str(tmp_path / "nothing")))
    look = derived_sound(store.db)
    assert texts(list(look.problems)) == []
    store.close()
    leave(quarter)


def test_a_period_is_closed_only_by_figures_that_the_log_gives(quarter: str) -> None:
    with forging(quarter, "close") as forger:
        amounts(forger)
    done = sales("period", "close", "2024Q1", store=quarter)
    assert (done.status, done.code) == (9, "period.not_as_folded"), done.err
    assert "progress" in done.err
    store = open_store(quarter)
    assert store.reader.stream("prd_2024Q1") == []
    store.close()
    assert sales("rebuild", store=quarter).status == 0
    assert sales("period", "close", "2024Q1", store=quarter).status == 0
    assert texts(found(quarter)) == []
    leave(quarter)


def test_sealed_words_that_were_corrected_raise_no_alarm_where_their_keys_are_not(quarter: str, tmp_path: Path) -> None:
    """Without their keys one text is as good as another, and a correction seems to change nothing."""
    told = [
        lead("l", "卯辰仪表公司", contact="王", phone="13800009999"),
        *(line("next-action.set", "l", key=f"n{n}", what=what, due="2024-04-05") for n, what in enumerate("打邮")),
        line("customer.note-pain-point", "l", key="p", words="交期太长"),
        line("objection.log", "l", key="o", kind="price", words="太贵"),
        *(line("event.correct", "p", reason="r", values={"words": words}) for words in ("交期长", "交期很长")),
        line("event.correct", "o", reason="r", values={"words": "贵"}),
        line("event.correct", "l", reason="r", values={"contact": "李"}),
    ]
    done = sales("apply", "-", store=quarter, given="".join(json.dumps(each) + "\n" for each in told).encode())
    assert done.status == 0, done.out
    store = open_store(quarter)
    store.catch_up(asked=ON_DEMAND)
    assert texts(list(derived_sound(store.db).problems)) == []
    store.close()
    store = open_store(quarter, places=Places(wrapping_key_file=str(tmp_path / "nothing")))
    assert texts(list(derived_sound(store.db).problems)) == []
    store.close()
    for forged, code in (("stage = 'lost'", "proof.differs"), ("known_from = known_from - 1", "proof.lacking")):
        with forging(quarter, 1) as forger:
            table = forger.real("tracking")
            forger.run(f"UPDATE {table} SET {forged} WHERE number = (SELECT min(number) FROM {table})")
        store = open_store(quarter, places=Places(wrapping_key_file=str(tmp_path / "nothing")))
        problems = list(derived_sound(store.db).problems)
        assert code in {each.code for each in problems}, (code, texts(problems))
        store.close()
