"""Time in stage: through which stages opportunities went, by channel and campaign, and how long they stayed."""

from __future__ import annotations

from typing import Any

from projections.views import stages
from tests.given import Given, Row, lead, line, signed
from tests.scenarios.asking import asked, names


def rows(given: Given, **wanted: Any) -> list[Row]:
    return asked(given, stages.rows, **wanted)


def played(given: Given) -> None:
    """Let p be won by way of three stages and one back, q be lost, reopened and still be there, and r do nothing."""
    given.happened(lead("a", channel="exhibition", campaign="工博会"), lead("b", by="zhou.ba"))
    for key, customer, day in (("p", "a", "2024-01-10"), ("q", "b", "2024-01-12"), ("r", "b", "2024-01-12")):
        given.happened(line("opportunity.open", by="zhang.san", at=day, key=key, customer=customer, amount="300000"))
    moves = (("p", "contacted", "01-17"), ("q", "contacted", "01-20"), ("p", "proposed", "01-24"),
             ("p", "contacted", "01-29"), ("p", "negotiating", "02-01"))  # fmt: skip
    given.happened(
        *(line("opportunity.move", key, by="lin.zong", at=f"2024-{day}", stage=stage) for key, stage, day in moves),
        line("opportunity.lose", "q", by="zhou.ba", at="2024-02-02", key="lost", reason="价格"),
        *signed("x", "a", "280000", "2024-02-07", opportunity="p"),
        line("opportunity.reopen", "q", by="zhou.ba", at="2024-02-20", reason="重新询价"),
    )


def told(row: Row) -> tuple[Any, ...]:
    ended = (row["here"], row["went_on"], row["went_back"], row["won"], row["lost"])
    return row["stage"], row["entered"], ended, row["conversion"], row["median_days"]


def test_each_stay_ends_by_going_on_or_back_by_a_win_or_a_loss(given: Given) -> None:
    played(given)
    assert [told(row) for row in rows(given)] == [
        (None, 3, (1, 2, 0, 0, 0), "1", "7.5"),
        ("contacted", 4, (1, 2, 0, 0, 1), "0.666667", "7"),
        ("need-identified", 0, (0, 0, 0, 0, 0), None, None),
        ("proposed", 1, (0, 0, 1, 0, 0), "0", "5"),
        ("negotiating", 1, (0, 0, 0, 1, 0), "1", "6"),
    ]
    assert told(rows(given, as_of="2024-01-31")[1]) == ("contacted", 3, (2, 1, 0, 0, 0), "1", "7")
    assert rows(given, period="2024-02")[0]["entered"] == 0


def test_they_are_told_apart_by_how_the_customers_came(given: Given) -> None:
    played(given)
    found = rows(given, by="channel")
    assert [(row["name"], row["entered"]) for row in found if row["stage"] is None] == [
        ("online", 2), ("exhibition", 1), (None, 3),
    ]  # fmt: skip
    by_campaign = rows(given, by="campaign")
    assert {row["name"] for row in by_campaign if row["entered"]} == {None, "工博会"}
    for level in ("channel", "campaign", "owner", "group"):
        parts = rows(given, by=level)
        assert sum(row["entered"] for row in parts if row["level"] == level) == 9


def test_each_row_names_its_events_and_knows_no_more_than_was_known(given: Given) -> None:
    played(given)
    found = {row["stage"]: row for row in rows(given, explain=True)}
    assert names(found["negotiating"]) == ["opportunity.moved", "opportunity.won"]
    assert rows(given, known_at="2024-01-31", as_of="2024-01-31")[1]["entered"] == 3
