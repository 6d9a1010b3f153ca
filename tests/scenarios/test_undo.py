"""Undoing: after it the tables say what they said before the act, in whatever order acts were recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from infra.commands.undo import prepared
from infra.errors.problem import Problem
from projections.queries.organisation import Organisation
from projections.views import tracking
from tests.given import Given, line
from tests.story import DIRECTOR, REP, customers, deals, organisation


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    given = Given(f"sqlite:///{tmp_path_factory.mktemp('undo')}/store.db")
    given.happened(*organisation.LINES, *customers.LINES, *deals.LINES)
    yield given
    given.close()


def rows(given: Given, position: int | None = None) -> list[dict[str, Any]]:
    """Return the tracking table as it is known now, or at a position."""
    with given.store.view("tracking", "organisation") as ask:
        moments = given.store.moments()
        moments = moments if position is None else moments._replace(position=position)
        found = tracking.rows(ask, moments, Organisation(ask, moments.position), currency="CNY")
    return [{name: value for name, value in row.items() if name not in ("contact", "completeness")} for row in found]


def undo(given: Given, named: str | None, by: str = DIRECTOR) -> str:
    """Undo an act; return what did it, or the code of the refusal."""
    ledger = given.store.ledger(by)
    try:
        asked = prepared(given.store, ledger, named, None)
    except Problem as problem:
        return problem.code
    answers = ledger.record(asked.requests, atomic=True)
    refused = [answer.code for answer in answers if isinstance(answer, Problem)]
    return next((code for code in refused if code != "batch.held_back"), asked.requests[0].action.NAME)


def test_every_act_of_a_whole_history_is_undone_or_refused_with_what_to_do(played: Given) -> None:
    head, _ = played.store.reader.head()
    done = {record.name: undo(played, str(record.position)) for record in reversed(played.store.reader.read(0, head))}
    never = {
        "event.voided": "undo.of_undo",
        "event.corrected": "event.correct",
        "person.handover_completed": "undo.hand_over",
        "customer.contact_erased": "undo.erasure",
        "person.registered": "undo.registration",
        "group.formed": "undo.group",
        "period.closed": "undo.closing",
        "customer.leads_unmerged": "lead.merge",
        "customer.leads_merged": "lead.unmerge",
        "contract.signed": "event.followed",
        "customer.followed_up": "event.void",
        "policy.adopted": "event.second_person",
    }
    assert {name: done[name] for name in never} == never


@pytest.fixture
def given(store_url: str) -> Iterator[Given]:
    opened = Given(store_url)
    opened.happened(*organisation.LINES, *customers.LINES[:2])
    yield opened
    opened.close()


ACTS = [
    line("lead.validate", "a", at="2024-01-09"),
    line("lead.grade", "a", at="2024-01-10", grade="initial"),
    line("lead.merge", "a", at="2024-01-10", duplicate="b"),
    line("customer.change", "a", at="2024-01-11", industry="制造"),
    line("customer.note-pain-point", "a", at="2024-01-11", words="交期太长"),
    line("follow-up.log", "a", at="2024-01-12", key="f", channel="call", next_actions=["寄目录 @ 2024-06-03"]),
    line("objection.log", "a", at="2024-01-17", key="o1", kind="price"),
    line("opportunity.open", at="2024-01-22", key="p", customer="a", amount="300000"),
    line("opportunity.lose", "p", at="2024-01-23", reason="预算取消"),
    line("opportunity.reopen", "p", at="2024-01-24", reason="重新询价"),
    line("contract.draft", at="2024-01-25", key="x", number="HT-1", customer="a", amount="80000", opportunity="p"),
    line("contract.submit", "x", at="2024-01-26"),
]


def test_undone_one_after_the_other_acts_leave_the_tables_as_they_were_before_each(given: Given) -> None:
    pictures = [rows(given)]
    for act in ACTS:
        given.happened({**act, "actor": REP})
        pictures.append(rows(given))
    for before in reversed(pictures[:-1]):
        assert undo(given, None, REP) in ("event.void", "lead.unmerge")
        assert rows(given) == before


def test_a_merge_is_undone_by_its_opposite_and_that_by_merging_again_if_it_is_named(given: Given) -> None:
    given.happened(line("lead.merge", "a", by=REP, at="2024-01-10", duplicate="b"))
    merged = rows(given)
    assert undo(given, None, REP) == "lead.unmerge"
    assert len(rows(given)) == len(merged) + 1
    head, _ = given.store.reader.head()
    assert undo(given, str(head)) == "lead.merge"
    assert rows(given) == merged


def test_a_correction_is_undone_by_correcting_back_what_nothing_has_corrected_since(given: Given) -> None:
    given.happened(
        line("customer.change", "a", by=REP, at="2024-01-11", key="k", industry="制造", size="50"),
        line("event.correct", "k", by=DIRECTOR, reason="r", key="c1", values={"industry": "贸易", "size": "60"}),
        line("event.correct", "k", by=DIRECTOR, reason="r", key="c2", values={"size": "70"}),
    )
    assert undo(given, "c1") == "event.correct"
    assert next((row["industry"], row["size"]) for row in rows(given)) == ("制造", "70")
    assert undo(given, "c2") == "event.correct"
    assert rows(given)[0]["size"] == "60"


def test_what_can_not_be_undone_says_so(given: Given) -> None:
    given.happened(
        line("customer.erase-contact", "a", by=DIRECTOR, at="2024-01-09", reason="本人要求删除", key="e"),
        line("period.close", by=DIRECTOR, at="2024-03-09", period="2024-01", key="z"),
        line("contract.draft", by=REP, at="2024-01-25", key="x", number="HT-1", customer="a", amount="80000"),
        line("contract.submit", "x", by=REP, at="2024-01-26", key="s"),
        line("contract.approve", "x", by=DIRECTOR, at="2024-01-27"),
        line("contract.sign", "x", by=REP, date="2024-01-30", key="g"),
    )
    codes = {"e": "undo.erasure", "z": "undo.closing", "s": "event.second_person", "per_lin.zong": "undo.registration"}
    codes |= {"grp_g1": "undo.group", "9999": "event.unknown", "nobody": "subject.unknown", "g": "event.second_person"}
    assert {named: undo(given, named, REP) for named in codes} == codes
    assert undo(given, "g", DIRECTOR) == "event.void"
    assert undo(given, None, "wang.wu") == "undo.nothing"
