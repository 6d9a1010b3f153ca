"""The funnel: of the leads captured in a period, how many came how far, by whatever they came."""

from __future__ import annotations

from typing import Any

import pytest

from projections.views.funnel import view as funnel
from tests.given import Given, Row, lead, line, signed
from tests.scenarios.asking import asked

STEPS = ("captured", "valid", "graded", "contacted", "opportunities", "signed")


def rows(given: Given, **wanted: Any) -> list[Row]:
    return asked(given, funnel.rows, **wanted)


def steps(given: Given, **wanted: Any) -> tuple[int, ...]:
    """Return the counts of the row of all leads."""
    last = rows(given, **wanted)[-1]
    assert last["level"] == "all"
    return tuple(last[step] for step in STEPS)


def of(row: Row, step: str) -> tuple[int, int, str | None]:
    (made,) = [c for c in row["conversions"] if c["step"] == step and (step != "signed" or c["of"] != "captured")]
    return made["numerator"], made["denominator"], made["ratio"]


def quarter(given: Given) -> None:
    """Play five leads: one signs, one is asked for money, one is only called, one is invalid, one does nothing."""
    given.happened(
        lead("a", channel="exhibition", campaign="工博会"),
        lead("b", channel="referral", referrer="周总", by="zhou.ba"),
        lead("c", channel="exhibition", campaign="工博会", by="li.si"),
        lead("d"),
        lead("e", at="2024-01-09"),
        line("lead.grade", "a", by="zhang.san", at="2024-01-10", grade="initial"),
        line("lead.grade", "b", by="zhou.ba", at="2024-01-10", grade="initial"),
        line("follow-up.log", "a", by="zhang.san", at="2024-01-11", channel="call"),
        line("follow-up.log", "b", by="zhou.ba", at="2024-01-11", channel="visit"),
        line("follow-up.log", "c", by="li.si", at="2024-01-12", channel="call"),
        line("follow-up.log", "e", by="zhang.san", at="2024-01-12", channel="call", reached=False),
        line("opportunity.open", by="zhang.san", at="2024-01-15", key="p", customer="a", amount="300000"),
        line("opportunity.open", by="zhou.ba", at="2024-01-15", key="q", customer="b", amount="90000"),
        line("lead.invalidate", "d", by="zhang.san", at="2024-01-16", reason="空号"),
        *signed("x", "a", "280000", "2024-02-07", opportunity="p"),
        line("opportunity.lose", "q", by="zhou.ba", at="2024-02-20", reason="价格"),
        lead("later", at="2024-04-02"),
    )


def test_leads_are_counted_step_by_step(given: Given) -> None:
    quarter(given)
    (row,) = rows(given)
    assert steps(given) == (5, 4, 2, 3, 2, 1)
    assert of(row, "valid") == (4, 5, "0.8")
    assert of(row, "graded") == (2, 4, "0.5")
    assert of(row, "contacted") == (2, 2, "1")
    assert of(row, "opportunities") == (2, 3, "0.666667")
    assert of(row, "signed") == (1, 2, "0.5")
    assert row["conversions"][-1]["ratio"] == "0.2"
    assert row["signed_amounts"] == [{"currency": "CNY", "amount": "280000"}]
    assert row["median_days"] == "30"


@pytest.mark.parametrize(
    ("by", "lines"),
    [
        ("channel", [("exhibition", 2, 1), ("online", 2, 0), ("referral", 1, 0), (None, 5, 1)]),
        ("campaign", [(None, 3, 0), ("工博会", 2, 1), (None, 5, 1)]),
        ("owner", [("zhang.san", 3, 1), ("li.si", 1, 0), ("zhou.ba", 1, 0), (None, 5, 1)]),
        ("group", [("g1", 4, 1), ("g2", 1, 0), (None, 5, 1)]),
    ],
)
def test_l1_they_are_told_apart_by_how_they_came_and_whose_they_were(
    given: Given, by: str, lines: list[tuple[str | None, int, int]]
) -> None:
    quarter(given)
    found = rows(given, by=by)
    assert [(row["name"], row["captured"], row["signed"]) for row in found] == lines
    assert [row["level"] for row in found] == [by] * (len(lines) - 1) + ["all"]
    for step in STEPS:
        assert sum(row[step] for row in found[:-1]) == found[-1][step]


def test_captured_and_valid_are_those_of_progress(given: Given) -> None:
    quarter(given)
    given.happened(lead("a2", "a制造有限公司", at="2024-03-01", by="li.si"))
    for owner in ("zhang.san", "li.si", "zhou.ba"):
        (row,) = [row for row in rows(given, by="owner") if row["name"] == owner]
        assert given.figure(owner, "leads")["actual"] == str(row["captured"])
        assert given.figure(owner, "valid-leads")["actual"] == str(row["valid"])


def test_both_times_hold(given: Given) -> None:
    quarter(given)
    assert steps(given, as_of="2024-01-10") == (5, 5, 2, 0, 0, 0)
    assert steps(given, as_of="2024-01-31") == (5, 4, 2, 3, 2, 0)
    assert steps(given, known_at="2024-01-10") == (5, 5, 2, 0, 0, 0)
    late = "2024-04-03T09:00:00+08:00"
    given.happened(
        lead("late", at="2024-01-20", entered=late),
        line("opportunity.open", by="li.si", at="2024-01-15", entered=late, key="o", customer="c", amount="1"),
    )
    assert steps(given) == (6, 5, 2, 3, 3, 1)
    given.happened(line("event.void", "o", by="lin.zong", at="2024-04-04", reason="误录"))
    assert steps(given) == (6, 5, 2, 3, 2, 1)
    assert steps(given, known_at="2024-04-02") == (5, 4, 2, 3, 2, 1)


def test_a_merged_lead_is_captured_by_its_own_channel_and_comes_no_further(given: Given) -> None:
    given.happened(
        lead("a", "北方阀门有限公司", at="2024-01-08"),
        lead("b", "北方阀门 有限公司", at="2024-01-10", channel="partner", partner="渠道一"),
        line("opportunity.open", by="zhang.san", at="2024-01-12", customer="b", amount="9"),
        *signed("c", "b", "30000", "2024-01-18"),
    )
    assert steps(given) == (2, 1, 0, 0, 0, 0)
    given.happened(line("lead.merge", "a", by="zhang.san", at="2024-02-01", duplicate="b"))
    assert steps(given) == (2, 1, 0, 0, 1, 1)
    found = {row["name"]: row for row in rows(given, by="channel")}
    assert (found["partner"]["captured"], found["partner"]["valid"]) == (1, 0)
    assert (found["online"]["signed"], found["online"]["signed_amounts"][0]["amount"]) == (1, "30000")
    assert found["online"]["median_days"] == "10"
    given.happened(line("lead.unmerge", "b", by="zhang.san", at="2024-02-05"))
    assert steps(given) == (2, 1, 0, 0, 0, 0)


def test_a_lead_that_was_merged_before_it_was_captured_came_through_its_channel(given: Given) -> None:
    given.happened(
        lead("a", "北方阀门有限公司", at="2024-01-08"),
        lead("b", "北方阀门 有限公司", at="2024-01-10"),
        line("lead.merge", "a", by="lin.zong", at="2024-01-09", duplicate="b"),
    )
    assert [(row["name"], row["captured"]) for row in rows(given, by="channel")] == [("online", 2), (None, 2)]


def test_currencies_stay_apart_and_what_was_cancelled_is_not_signed(given: Given) -> None:
    given.happened(
        lead("a"), lead("b"),
        *signed("c", "a", "30000", "2024-01-18"),
        *signed("d", "a", "5000", "2024-01-22", currency="USD"),
        *signed("e", "b", "700", "2024-01-28"),
        line("contract.cancel", "e", by="chen.jing", date="2024-02-08", reason="取消"),
    )  # fmt: skip
    (row,) = rows(given)
    assert row["signed"] == 1
    assert row["signed_amounts"] == [{"currency": "CNY", "amount": "30000"}, {"currency": "USD", "amount": "5000"}]
    assert rows(given, as_of="2024-01-31")[0]["signed"] == 2


def test_a_period_without_leads_has_a_row_of_zeros(given: Given) -> None:
    (row,) = rows(given, by="channel")
    assert steps(given) == (0,) * 6
    assert {c["ratio"] for c in row["conversions"]} == {None}
    assert (row["signed_amounts"], row["median_days"]) == ([], None)


def test_each_row_names_the_events_of_its_steps(given: Given) -> None:
    quarter(given)
    (row,) = rows(given, explain=True)
    told = {step: {e["subject"] for e in row["events"] if e["step"] == step} for step in STEPS}
    assert len(told["captured"]) == row["captured"]
    assert told["graded"] == {given.subject("a"), given.subject("b")}
    assert told["opportunities"] == {given.subject("p"), given.subject("q")}
    assert told["signed"] == {given.subject("x")}
    assert told["valid"] == {given.subject("d")}


def test_the_days_from_step_to_step_are_the_middle_ones(given: Given) -> None:
    quarter(given)
    whole = rows(given, by="channel")
    days = {row["name"]: {c["step"]: c["median_days"] for c in row["conversions"][:-1]} for row in whole}
    assert days["exhibition"] == {
        "valid": "0", "graded": "2", "contacted": "1", "opportunities": "4", "signed": "23",
    }  # fmt: skip
    assert days["referral"] == {"valid": "0", "graded": "2", "contacted": "1", "opportunities": "4", "signed": None}
    assert days[None]["graded"] == "2"
    given.happened(line("follow-up.log", "a", by="zhang.san", at="2024-01-09", entered="2024-04-03T09:00:00+08:00",
                        channel="call", key="early"))  # fmt: skip
    (row,) = [row for row in rows(given, by="channel") if row["name"] == "exhibition"]
    assert [c["median_days"] for c in row["conversions"]][2:4] == ["0", "6"], "contacted before it was graded"
    assert rows(given, by="channel", known_at="2024-04-02") == whole
