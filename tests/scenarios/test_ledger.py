"""The contract ledger and the receivables come from their tables alone: whose contracts are, and what is read for it."""

from __future__ import annotations

from typing import Any

import pytest

from projections.queries.organisation import Organisation
from projections.views import contracts, receivables
from tests.given import Given, lead, line, signed
from tests.scenarios.ledger import ledger, owed, received, schedule


def numbers(given: Given, as_of: str | None = None, known_at: str | None = None, **wanted: Any) -> list[str]:
    return [row["number"] for row in ledger(given, as_of, known_at, **wanted)]


def test_a_contract_is_whose_it_says_else_whose_signing_it_was_else_its_customers(given: Given) -> None:
    given.happened(
        lead("l"), lead("m", by="li.si"),
        *signed("own", "l", "10", "2024-02-01", owner="zhou.ba"), *signed("credited", "l", "20", "2024-02-02"),
        line("contract.draft", by="zhang.san", at="2024-02-03", key="draft", number="HT-draft", customer="l", amount="5"),
        line("lead.assign", "l", by="chen.jing", at="2024-02-10", owner="wang.wu"),
    )  # fmt: skip
    assert numbers(given, "2024-02-09", owner="zhang.san") == ["HT-credited", "HT-draft"]
    assert numbers(given, owner="zhang.san") == ["HT-credited"]
    assert numbers(given, owner="wang.wu") == ["HT-draft"]
    assert numbers(given, group="g2") == [row["number"] for row in owed(given, group="g2")] == ["HT-own"]
    assert numbers(given, group="g1", subjects=[given.subject("l")]) == ["HT-credited", "HT-draft"]
    assert numbers(given, subjects=[given.subject("m")]) == numbers(given, owner="nobody") == []
    given.happened(line("lead.merge", "m", by="li.si", at="2024-03-01", duplicate="l"))
    assert numbers(given, owner="li.si") == ["HT-draft"]
    assert numbers(given, "2024-02-29", owner="wang.wu") == ["HT-draft"]
    assert numbers(given, subjects=[given.subject("m")]) == ["HT-own", "HT-credited", "HT-draft"]


def test_a_hand_over_counts_from_its_moment_on(given: Given) -> None:
    given.happened(
        lead("l"), *signed("c", "l", "100", "2024-02-01"),
        line("person.hand-over", "zhang.san", by="chen.jing", at="2024-03-10T15:00:00+08:00", to="zhou.ba"),
    )  # fmt: skip
    owners = {day: ledger(given, day)[0]["owner"] for day in ("2024-03-09", "2024-03-10T09:00", "2024-03-10T16:00")}
    assert list(owners.values()) == ["zhang.san", "zhang.san", "zhou.ba"]
    assert [row["owner"] for row in owed(given, "2024-03-10T16:00")] == ["zhou.ba"]
    assert ledger(given, "2024-03-10T09:00", "2024-03-10T14:00")[0]["owner"] == "zhang.san"


@pytest.mark.parametrize("explain", [False, True])
def test_no_event_is_read_to_show_a_contract(given: Given, explain: bool) -> None:
    given.happened(
        lead("l"), *signed("c", "l", "1000", "2024-02-01"), schedule("c", "40% @ signing+10", "60%", at="2024-02-01"),
        received("c", "300", "2024-02-20"), line("contract.amend", "c", by="zhang.san", delta="50", date="2024-03-01"),
    )  # fmt: skip
    asked: list[str] = []
    with given.store.view("contracts", "progress", "tracking", "pipeline", "organisation") as ask:

        def noted(sql: str, params: Any = ()) -> list[tuple[Any, ...]]:
            asked.append(sql)
            return ask(sql, params)

        moments = given.store.moments()
        for view, many in ((contracts, 1), (receivables, 3)):
            teams = Organisation(noted, moments.position)
            assert len(view.rows(noted, moments, teams, currency="CNY", explain=explain)) == many
    of_events = [sql for sql in asked if "{log}" in sql]
    assert bool(of_events) == explain
    assert all("data" not in sql for sql in of_events)


def test_a_long_contract_takes_a_row_for_each_of_its_parts_that_change(given: Given) -> None:
    """Parts are written where they change, so that a contract paid in many instalments stays short."""
    given.happened(
        lead("l"), *signed("c", "l", "1000", "2024-02-01"),
        schedule("c", *(f"100 @ 2024-{month:02d}-01" for month in range(3, 13)), at="2024-02-01"),
        *(line("contract.archive", "c", by="zhang.san", at=f"2024-02-{day:02d}", place=f"A-{day}") for day in range(2, 9)),
    )  # fmt: skip
    with given.store.view("contracts") as ask:
        (rows,), (kept,) = ask("SELECT COUNT(*) FROM {contracts}"), ask("SELECT COUNT(*) FROM {contract_parts}")
    assert rows[0] >= 9
    assert kept[0] <= 1 + 2 * 10
