"""An erasure by hand: what goes is said before, it is confirmed, and where copies may be is said after."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.store.open import create_store
from tests.faults.running import BOSS, sales
from tests.given import lead, line
from tests.terminal import on_terminal

ERASE = ("customer", "erase-contact", "甲公司", "--reason", "本人来函")


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Return the address of a store with a customer of two contacts."""
    url = f"sqlite:///{tmp_path}/a.db"
    create_store(url, first_actor=BOSS)[0].close()
    lines = [
        lead("a", "甲公司", by=BOSS, contact="王经理", phone="13800000000", need="替换旧产线"),
        line("customer.add-contact", "a", by=BOSS, contact="李总", phone="13900000000"),
        line("follow-up.log", "a", by=BOSS, channel="call", contact="李总", feedback="再考虑"),
        line("opportunity.open", by=BOSS, key="p", customer="a", amount="300000"),
        line("opportunity.lose", "p", by=BOSS, reason="价格", competitor="对手"),
    ]
    given = "\n".join(json.dumps(each) for each in lines).encode()
    assert sales("apply", "-", store=url, given=given).status == 0
    return url


def shown(store: str) -> str:
    return sales("audit", store=store).out


def test_without_a_confirmation_nothing_goes(store: str) -> None:
    done = sales(*ERASE, store=store)
    assert (done.status, done.code) == (2, "erase.unconfirmed")
    assert "13800000000" in shown(store)
    assert "customer.contact_erased" not in shown(store)


def test_a_terminal_is_asked_and_a_no_leaves_everything(store: str) -> None:
    refused = on_terminal(list(ERASE), [("Erase this for good? [y/N] ", "n\n")], store=store)
    assert refused.status == 2
    assert "This is erased for good; nothing brings it back:" in refused.lines
    assert "13800000000" in shown(store)
    agreed = on_terminal(list(ERASE), [("Erase this for good? [y/N] ", "y\n")], store=store)
    assert agreed.status == 0
    assert "13800000000" not in shown(store)


def test_what_goes_is_said_with_names_and_numbers(store: str) -> None:
    done = sales(*ERASE, "--dry-run", store=store)
    assert done.status == 0
    assert "甲公司 (cus_" in done.err
    assert "8 values in 4 events: contact, phone, need, feedback, competitor" in done.err
    assert "exported tables, report pages, workbooks" in done.err
    assert "13800000000" in shown(store)
    alone = sales(*ERASE, "--contact", "李总", "--dry-run", "--json", store=store)
    body = json.loads(alone.out)
    assert body["status"] == "dry-run"
    assert body["erases"] == {"contact": "c1", "values": 4, "events": 2, "fields": ["contact", "phone", "feedback"]}
    assert "the contact c1 李总 alone" in alone.err
    assert "no single contact stay" in alone.err


def test_the_answer_says_where_copies_may_be(store: str) -> None:
    done = sales(*ERASE, "--yes", "--item", "c1", store=store)
    assert done.status == 0
    assert "recorded customer.contact_erased" in done.out
    assert "backups of the keys" in done.err
    assert "13900000000" not in shown(store)
    assert "13800000000" in shown(store)
    again = sales(*ERASE, "--yes", "--json", store=store)
    assert json.loads(again.out)["erases"]["values"] == 4


def test_the_same_under_its_key_asks_nothing_and_is_repeated(store: str) -> None:
    assert sales(*ERASE, "--yes", "--key", "e", store=store).status == 0
    again = sales(*ERASE, "--key", "e", "--json", store=store)
    assert (again.status, json.loads(again.out)["status"]) == (0, "repeated")


def test_a_line_of_a_file_needs_no_question(store: str) -> None:
    said = json.dumps(line("customer.erase-contact", "a", by=BOSS, reason="本人来函")).encode()
    assert sales("apply", "-", store=store, given=said).status == 0
    assert "13800000000" not in shown(store)


def test_it_is_asked_in_chinese_too(store: str) -> None:
    done = sales(*ERASE, "--dry-run", "--lang", "zh", store=store)
    assert "8 个值" in done.err
    assert "以后无法恢复" in done.err
