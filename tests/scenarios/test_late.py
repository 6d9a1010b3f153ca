"""F7 and C3 as lists: what was entered late, what was corrected, and what the corrections moved."""

from __future__ import annotations

from typing import Any

import pytest

from infra.queries.runner import run
from projections.views import corrections
from projections.views import late_entries as late
from tests.given import Given, Row, filed, lead, line, signed
from tests.scenarios.asking import asked, names


def entries(given: Given, **wanted: Any) -> list[Row]:
    return asked(given, late.rows, **wanted)


def corrected(given: Given, **wanted: Any) -> list[Row]:
    return asked(given, corrections.rows, **wanted)


@pytest.mark.parametrize(
    ("happened", "entered", "days", "broken"),
    [
        ("2024-01-10", "2024-01-15", 3, True),
        ("2024-01-10", "2024-01-11", 1, False),
        ("2024-01-12", "2024-01-13", 0, False),
        ("2024-02-08", "2024-02-19", 3, True),
    ],
)
def test_f7_a_late_entry_is_late_by_its_working_days(
    given: Given, happened: str, entered: str, days: int, broken: bool
) -> None:
    given.happened(lead("l", "甲公司"))
    given.happened(
        line("follow-up.log", "l", by="zhang.san", at=happened, entered=f"{entered}T09:10:00+08:00", channel="call")
    )
    (row,) = entries(given, explain=True)
    assert (row["late_days"], row["norm_days"], row["breaks_norm"]) == (days, 1, broken)
    assert (row["company"], row["actor"], row["occurred"]) == ("甲公司", "zhang.san", happened)
    assert names(row) == ["customer.followed_up"]
    assert entries(given, known_at=happened) == []
    assert entries(given, as_of="2024-01-09") == []
    assert entries(given, period="2024Q2") == []


def test_what_is_entered_on_its_day_is_not_late(given: Given) -> None:
    given.happened(
        lead("l", at="2024-01-10T23:30:00+08:00", entered="2024-01-10T23:59:59+08:00"),
        lead("m", at="2024-01-11T23:30:00+08:00", entered="2024-01-12T00:00:00+08:00"),
        *signed("c", "m", "500", "2024-01-15"),
    )
    assert [row["subject"] for row in entries(given)] == [given.subject("m")]


def test_those_over_the_norm_stand_above_the_count_of_all(given: Given) -> None:
    given.happened(
        lead("l", "甲公司"),
        line("follow-up.log", "l", by="li.si", at="2024-01-10", entered="2024-01-11T09:00:00+08:00", channel="call"),
        line("follow-up.log", "l", by="li.si", at="2024-01-10", entered="2024-01-15T09:00:00+08:00", channel="visit"),
    )
    answer = run(given.store, late.LateEntries, {"owner": None, "over": True}, period="2024Q1")
    assert [row["late_days"] for row in answer.rows] == [3]
    assert answer.notes[0].facts == {"period": "2024Q1", "count": 2, "broken": 1}


def test_the_norm_is_the_one_in_force_on_the_day_and_the_newest_entry_comes_last(given: Given) -> None:
    given.happened(
        line("policy.adopt", name="entry-deadline", values={"working_days": 3}, from_="2024-01-15"),
        lead("l"),
        line("follow-up.log", "l", by="li.si", at="2024-01-16", entered="2024-01-19T10:00:00+08:00", channel="call"),
        line(
            "follow-up.log", "l", by="zhang.san", at="2024-01-12", entered="2024-01-20T10:00:00+08:00", channel="call"
        ),
        *signed("c", "l", "500", "2024-01-22"),
        line(
            "payment.receive", "c", by="zhang.san", date="2024-01-23", entered="2024-01-30T10:00:00+08:00", amount="9"
        ),
    )
    rows = entries(given)
    assert [(row["late_days"], row["norm_days"], row["breaks_norm"]) for row in rows] == [
        (3, 3, False), (5, 1, True), (5, 3, True),
    ]  # fmt: skip
    assert [row["position"] for row in rows] == sorted(row["position"] for row in rows)
    assert rows[-1]["customer"] == given.subject("l")
    assert [row["actor"] for row in entries(given, owner="li.si")] == ["li.si"]
    assert entries(given, period="2010-01-01..2024-12-31") == rows


@pytest.mark.parametrize(("wrong", "right", "moved"), [("80000", "800000", "720000"), ("9000.5", "900", "-8100.5")])
def test_c3_a_correction_says_from_what_to_what_and_what_it_moved(
    given: Given, wrong: str, right: str, moved: str
) -> None:
    given.happened(lead("l", "甲公司"), *signed("c", "l", wrong, "2024-02-07"))
    assert corrected(given) == []
    given.happened(
        line("event.correct", "c", by="chen.jing", at="2024-02-20", reason="少写一个零", values={"amount": right})
    )
    (row,) = corrected(given, explain=True)
    assert row["changes"] == [{"field": "amount", "from": wrong, "to": right}]
    assert row["moved"] == [{"measure": "signed", "owner": "zhang.san", "amount": moved, "currency": "CNY"}]
    assert (row["by"], row["reason"], row["company"]) == ("chen.jing", "少写一个零", "甲公司")
    assert (row["corrected_name"], row["corrected_by"], row["corrected_day"]) == (
        "contract.drafted", "zhang.san", "2024-02-07",
    )  # fmt: skip
    assert names(row) == ["contract.drafted", "event.corrected"]
    assert corrected(given, known_at="2024-02-19") == []


def test_a_lead_given_to_another_moves_between_the_two(given: Given) -> None:
    given.happened(lead("l"), line("event.correct", "l", by="chen.jing", reason="误填", values={"owner": "li.si"}))
    (row,) = corrected(given)
    assert [(m["measure"], m["owner"], m["amount"], m["currency"]) for m in row["moved"]] == [
        ("leads", "li.si", "1", None), ("leads", "zhang.san", "-1", None),
        ("valid-leads", "li.si", "1", None), ("valid-leads", "zhang.san", "-1", None),
    ]  # fmt: skip


def test_a_withdrawal_takes_away_what_was_counted(given: Given) -> None:
    given.happened(
        lead("l"),
        line("follow-up.log", "l", by="zhang.san", at="2024-01-12", key="f", channel="call"),
        line("event.void", "f", by="chen.jing", at="2024-04-08", reason="重复"),
    )
    (row,) = corrected(given)
    assert (row["name"], row["moved"][0]["amount"]) == ("event.voided", "-1")
    assert {change["to"] for change in row["changes"]} == {None}


def test_corrections_in_the_period_and_of_the_period_are_listed(given: Given) -> None:
    given.happened(
        lead("l"),
        *filed("t", "zhang.san", "5000"),
        line("follow-up.log", "l", by="zhang.san", at="2024-03-28", key="f", channel="call"),
        line("event.correct", "f", by="chen.jing", at="2024-04-08", reason="实为拜访", values={"channel": "visit"}),
    )
    assert len(corrected(given, period="2024Q1")) == len(corrected(given, period="2024Q2")) == 1
    assert corrected(given, period="2024Q2")[0]["moved"] == []
    assert corrected(given, period="2024Q3") == []
    assert corrected(given, as_of="2024-03-27") == []
