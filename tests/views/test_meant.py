"""What a view is asked with decides what is asked: another view, another moment, more tables; and what has no answer says why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.errors.problem import Problem
from infra.queries.runner import run
from infra.store.open import open_store
from infra.store.store import Store
from projections.views.registry import view_class

END = "2024-03-31"


@pytest.fixture(scope="module")
def store(quarter: str) -> Iterator[Store]:
    opened = open_store(quarter)
    yield opened
    opened.close()


def test_a_flag_asks_for_another_view_with_its_own_rows_and_the_events_behind_them(store: Store) -> None:
    asked = {"norm": None, "owner": None, "in_force": True}
    answer = run(store, view_class("norms"), asked, as_of=END, explain=True)
    assert answer.view.NAME == "norms-in-force"
    assert [row["norm"] for row in answer.rows] == ["entry", "cadence", "file", "report", "pool", "hand-over"]
    for row in answer.rows:
        assert {event["name"] for event in row["events"]} == ({"policy.adopted"} if row["from"] else set())
    assert run(store, view_class("norms"), {**asked, "in_force": False}, as_of=END).view.NAME == "norms"


def test_a_target_asks_for_the_shares_of_its_members_in_its_own_period(store: Store) -> None:
    answer = run(store, view_class("target-suggest"), {"target": "demo#target/g1"}, as_of=END, period="2023Q4")
    assert answer.view.NAME == "target-shares"
    assert answer.meta["period"] == "2024Q1"
    assert {row["level"] for row in answer.rows} == {"person"}


@pytest.mark.parametrize("typed", ["zhang.san", "demo#precision"])
def test_what_is_no_target_is_said_as_it_was_typed(store: Store, typed: str) -> None:
    with pytest.raises(Problem) as raised:
        run(store, view_class("target-suggest"), {"target": typed}, as_of=END)
    assert raised.value.code == "subject.unknown"
    assert raised.value.facts["subject"] == typed


def test_the_form_of_a_week_is_of_its_end(store: Store) -> None:
    whole = run(store, view_class("resources"), {}, as_of=END)
    week = run(store, view_class("resources"), {}, as_of=END, period="2024-W07")
    assert whole.meta["as_of"].startswith(END)
    assert whole.meta["week"] is None
    assert week.meta["as_of"].startswith("2024-02-18T23:59:59")
    assert week.meta["week"] == "2024-W07"
    with pytest.raises(Problem) as raised:
        run(store, view_class("resources"), {}, period="2024-02")
    assert raised.value.code == "usage.bad_period"


def test_key_actions_are_asked_after_the_figures_and_are_said_beside_and_below_them(store: Store) -> None:
    answer = run(store, view_class("progress"), {"owner": "zhang.san"}, as_of=END, period="2024Q1")
    kinds = [action["kind"] for action in answer.meta["key_actions"]]
    assert kinds == ["leads", "intent-touches", "contracts"]
    assert list(answer.meta) == ["as_of", "known_at", "position", "period", "policies", "key_actions"]
    below = [note.facts["action"].facts["what"] for note in answer.notes if "action" in note.facts]
    assert below == kinds
    group = run(store, view_class("progress"), {"level": "group"}, as_of=END, period="2024Q1")
    assert group.meta["key_actions"] == []


def test_a_policy_that_the_house_has_none_of_is_refused_before_a_store_is_asked(store: Store) -> None:
    with pytest.raises(Problem) as raised:
        run(store, view_class("policy"), {"name": "weather"})
    assert raised.value.code == "policy.unknown"
