"""The events that moved a period most."""

from __future__ import annotations

from typing import Any

from projections.views.movers import movers
from tests.given import Given, Row, lead, line, signed
from tests.scenarios.asking import asked, names


def moved(given: Given, **wanted: Any) -> list[Row]:
    def question(ask: Any, moments: Any, organisation: Any, period: Any, **more: Any) -> list[Row]:
        return movers(ask, period, moments, organisation, **more)

    return asked(given, question, **wanted)


def quarter(given: Given) -> None:
    given.happened(
        lead("a", "甲公司"), lead("b", "乙公司", by="zhou.ba"),
        *signed("c", "a", "300000", "2024-01-18"),
        *signed("d", "b", "80000", "2024-02-07", by="zhou.ba"),
        line("payment.receive", "c", by="zhang.san", date="2024-02-08", amount="90000"),
        line("contract.amend", "c", by="zhang.san", date="2024-02-20", delta="-120000"),
        *signed("e", "b", "7000", "2024-03-01", by="zhou.ba", currency="USD"),
        *signed("f", "b", "999999", "2024-04-01", by="zhou.ba"),
    )  # fmt: skip


def test_they_are_ranked_by_how_much_they_moved_whichever_way(given: Given) -> None:
    quarter(given)
    rows = moved(given)
    assert [(r["measure"], r["place"], r["name"], r["amount"], r["currency"]) for r in rows] == [
        ("signed", 1, "contract.signed", "300000", "CNY"),
        ("signed", 2, "contract.amended", "-120000", "CNY"),
        ("signed", 3, "contract.signed", "80000", "CNY"),
        ("signed", 1, "contract.signed", "7000", "USD"),
        ("collected", 1, "payment.received", "90000", "CNY"),
    ]
    assert [r["share"] for r in rows] == ["1.153846", "-0.461538", "0.307692", "1", "1"]
    first = rows[0]
    assert (first["company"], first["owner"], first["group"], first["day"]) == (
        "甲公司", "zhang.san", "g1", "2024-01-18",
    )  # fmt: skip
    assert [r["amount"] for r in moved(given, count=1, measures=("signed",))] == ["300000", "7000"]
    assert [r["amount"] for r in moved(given, as_of="2024-01-31")] == ["300000"]
    assert [r["amount"] for r in moved(given, known_at="2024-01-31")] == ["300000"]


def test_what_was_corrected_or_entered_late_says_so(given: Given) -> None:
    quarter(given)
    given.happened(
        line("event.correct", "d", by="chen.jing", at="2024-04-02", reason="少写", values={"amount": "800000"}),
        line(
            "payment.receive", "d", by="zhou.ba", date="2024-03-28", entered="2024-04-03T09:00:00+08:00", amount="500"
        ),
    )
    rows = moved(given, explain=True)
    first = rows[0]
    assert (first["amount"], first["corrected"], first["company"]) == ("800000", True, "乙公司")
    assert names(first) == ["contract.signed", "event.corrected"]
    assert [e["position"] for e in first["events"]] == [first["position"], first["corrected_by"]]
    assert not any(row["corrected"] for row in rows[1:])
    assert [row["late_days"] for row in rows if row["amount"] == "500"] == [4]
    assert not moved(given, known_at="2024-03-31")[0]["corrected"]


def test_a_sum_of_nothing_has_no_shares(given: Given) -> None:
    given.happened(
        lead("a"), *signed("c", "a", "300000", "2024-01-18"),
        line("contract.cancel", "c", by="chen.jing", date="2024-02-20", reason="取消"),
    )  # fmt: skip
    assert [(row["amount"], row["share"]) for row in moved(given)] == [("300000", None), ("-300000", None)]
    assert moved(given, period="2024Q4") == []
