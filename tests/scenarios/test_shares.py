"""Shares suggested for a target by past performance and capability, and the check of a plan against the cadences."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.calendar.period import Period
from projections.queries.organisation import Organisation
from projections.views.plans import capacity
from projections.views.targets import share_suggestions
from tests.given import Given, Row, filed, joined, lead, line, signed
from tests.scenarios.asking import names
from tests.scenarios.test_plans import ASKED, planned


def suggested(given: Given, key: str, past: str = "2024Q1", **wanted: Any) -> tuple[list[Row], Row]:
    with given.store.view("progress", "organisation", "audit") as ask:
        moments = given.store.moments()
        target = share_suggestions.target_of(ask, given.subject(key), moments)
        assert target is not None
        organisation = Organisation(ask, moments.position)
        period = Period.parse(target.period or "")
        return share_suggestions.suggestions(ask, target, moments, organisation, period, Period.parse(past), **wanted)


def weights(given: Given, **of: str) -> None:
    named = {login.replace("_", "."): weight for login, weight in of.items()}
    given.happened(line("policy.adopt", by="lin.zong", at="2024-03-31", name="capability", values={"weights": named}))


def quarter(given: Given, *sums: tuple[str, str]) -> None:
    given.happened(
        *(lead(f"c/{login}", f"{login}的客户", by=login) for login, _ in sums),
        *(
            said
            for login, amount in sums
            for said in signed(f"k/{login}", f"c/{login}", amount, "2024-03-01", by=login)
        ),
    )


def test_shares_follow_what_was_reached_and_the_weights(given: Given) -> None:
    quarter(given, ("zhang.san", "300000"), ("li.si", "100000"))
    weights(given, zhang_san="1.5", li_si="0.5")
    given.happened(*filed("t", "g1", "1000000", period="2024Q2", at="2024-04-01"))
    rows, policy = suggested(given, "t")
    told = {
        row["owner"]: (row["past"], row["past_share"], row["weight"], row["share"], row["proposed"]) for row in rows
    }
    assert told == {
        "li.si": ("100000", "0.25", "0.5", "0.1", "100000"),
        "sun.qi": ("0", "0", "1", "0", "0"),
        "wang.wu": ("0", "0", "1", "0", "0"),
        "zhang.san": ("300000", "0.75", "1.5", "0.9", "900000"),
        "zhao.liu": ("0", "0", "1", "0", "0"),
    }
    assert (policy["name"], policy["from"]) == ("capability", "2024-03-31")
    given.happened(line("target.allocate", "t", by="chen.jing", at="2024-04-02", child="zhang.san", value="850000"))
    rows, _ = suggested(given, "t")
    assert {row["owner"]: row["allocated"] for row in rows if row["allocated"]} == {"zhang.san": "850000"}


def test_a_newcomer_is_taken_for_the_average_and_nobodys_results_leave_the_weights_alone(given: Given) -> None:
    quarter(given, ("zhou.ba", "200000"), ("wu.jiu", "100000"))
    given.happened(
        line("person.register", by="lin.zong", at="2024-04-01", login="xin.ren", name="新人", role="rep"),
        *joined("g2", "xin.ren", "2024-04-01"),
        *filed("t", "g2", "10", metric="new-customers", period="2024Q2", at="2024-04-02"),
        *filed("s", "g2", "100000", period="2024Q2", at="2024-04-02"),
    )
    rows, policy = suggested(given, "s")
    assert {row["owner"]: (row["newcomer"], row["proposed"]) for row in rows} == {
        "wu.jiu": (False, "22222.22"),
        "xin.ren": (True, "33333.33"),
        "zhou.ba": (False, "44444.45"),
    }
    assert policy["from"] is None
    rows, _ = suggested(given, "t")
    assert {row["owner"]: row["proposed"] for row in rows} == {"wu.jiu": "4", "xin.ren": "3", "zhou.ba": "3"}
    rows, _ = suggested(given, "t", past="2023Q4")
    assert sum(Decimal(row["proposed"]) for row in rows) == 10
    assert {row["past_share"] for row in rows} == {None}


def test_groups_take_the_scores_of_their_people(given: Given) -> None:
    quarter(given, ("zhang.san", "100000"), ("zhou.ba", "300000"))
    weights(given, zhang_san="2")
    given.happened(*filed("t", "company", "999999.99", period="2024Q2", at="2024-04-01"))
    rows, _ = suggested(given, "t", explain=True)
    assert [(row["owner"], row["level"], row["past"], row["weight"], row["share"]) for row in rows] == [
        ("g1", "group", "100000", None, "0.4"),
        ("g2", "group", "300000", None, "0.6"),
    ]
    assert sum(Decimal(row["proposed"]) for row in rows) == Decimal("999999.99")
    assert {"contract.signed", "policy.adopted"} <= set(names(rows[0]))
    given.happened(*filed("p", "zhang.san", "1", period="2024Q2", at="2024-04-01"))
    assert suggested(given, "p")[0] == []


def weeks(given: Given, period: str, **wanted: Any) -> tuple[list[Row], list[Row]]:
    with given.store.view(*ASKED) as ask:
        moments = given.store.moments(wanted.pop("as_of", None), wanted.pop("known_at", None))
        organisation = Organisation(ask, moments.position)
        return capacity.rows(ask, moments, organisation, Period.parse(period), **wanted)


def graded(given: Given, **grades: str) -> None:
    over: dict[str, Any] = {"override": True, "reason": "老客户"}
    given.happened(
        *(lead(key) for key in grades),
        *(
            line("lead.grade", key, by="zhang.san", at="2024-01-09", grade=grade, **over)
            for key, grade in grades.items()
        ),
    )


@pytest.mark.parametrize(
    ("count", "week", "needed", "planned_touches", "result"),
    [
        (1, "2024-W03", "3.5", "5", "enough"),
        (1, "2024-W07", "2.5", "1", "short"),
        (2, "2024-W05", "3.5", "12", "enough"),
    ],
)
def test_a_weeks_plan_is_held_against_what_the_cadences_demand(
    given: Given, count: int, week: str, needed: str, planned_touches: str, result: str
) -> None:
    graded(given, a="key", b="high", c="initial")
    given.happened(
        *filed("t", "zhang.san", "900000"), *planned("p", "t", {"kind": "touches", "count": count, "per": "day"})
    )
    (row,), policies = weeks(given, week)
    assert (row["key"], row["high"], row["initial"]) == (1, 1, 1)
    assert (row["needed"], row["planned"], row["result"]) == (needed, planned_touches, result)
    assert [(policy["name"], policy["from"]) for policy in policies] == [("cadence", None)]


def test_a_plan_that_has_touches_enough_may_lack_those_of_a_channel(given: Given) -> None:
    graded(given, a="key", b="key")
    given.happened(
        *filed("t", "zhang.san", "900000"),
        *planned("p", "t", {"kind": "calls", "count": 6, "per": "week"},
                 {"kind": "touches", "count": 1, "per": "week", "channel": "meeting"}),
    )  # fmt: skip
    (row,), _ = weeks(given, "2024-W03")
    assert (row["needed"], row["planned"], row["result"]) == ("4", "7", "enough")
    assert row["channels"] == [
        {"channel": "call", "needed": "2", "planned": "6", "spare": "4"},
        {"channel": "visit", "needed": "2", "planned": "0", "spare": "-2"},
        {"channel": "meeting", "needed": "0", "planned": "1", "spare": "1"},
    ]
    (row,), _ = weeks(given, "2024-W07")  # one working day: whichever of both channels
    assert [(each["channel"], each["needed"]) for each in row["channels"]][:2] == [("call", "1"), ("visit", "1")]


def test_capacity_looks_at_the_customers_of_the_week_and_at_the_policy_in_force(given: Given) -> None:
    graded(given, a="key")
    given.happened(
        *filed("t", "li.si", "900000"),
        *planned("p", "t", {"kind": "visits", "count": 21, "per": "month"}, {"kind": "calls", "count": 3, "per": "week"},
                 {"kind": "touches", "count": 2, "per": "week"}, by="li.si"),
        line("lead.assign", "a", by="chen.jing", at="2024-02-19", owner="li.si"),
        line("policy.adopt", by="lin.zong", at="2024-03-01", name="cadence", from_="2024-03-04",
             values={"key": {"touches": 3, "weeks": 1}}),
    )  # fmt: skip
    rows, policies = weeks(given, "2024Q1")
    told = {(row["owner"], row["week"]): (row["key"], row["needed"], row["planned"]) for row in rows}
    assert told["zhang.san", "2024-W06"] == (1, "2", "0")
    assert told["li.si", "2024-W08"] == (1, "2", "8.833333")
    assert told["li.si", "2024-W10"] == (1, "3", "8")
    assert ("zhang.san", "2024-W09") not in told
    assert [policy["from"] for policy in policies] == [None, "2024-03-04"]
    behind = {
        row["owner"]: names(row) for week in ("2024-W06", "2024-W10") for row in weeks(given, week, explain=True)[0]
    }
    assert behind["zhang.san"] == ["customer.lead_captured", "customer.graded"]
    assert behind["li.si"][0] == "plan.drafted"
    assert behind["li.si"][-2:] == ["customer.graded", "customer.assigned"]
    of_channels = {(row["owner"], row["week"]): row["channels"] for row in rows}
    calls = {"channel": "call", "needed": "1", "planned": "3", "spare": "2"}
    assert of_channels["li.si", "2024-W08"][0] == calls
    assert of_channels["zhang.san", "2024-W06"] == [
        {"channel": "call", "needed": "1", "planned": "0", "spare": "-1"},
        {"channel": "visit", "needed": "1", "planned": "0", "spare": "-1"},
    ]
    assert {each["channel"]: each["needed"] for each in of_channels["li.si", "2024-W10"]} == {"visit": "0", "call": "0"}
    ahead, _ = weeks(given, "2024-W10", as_of="2024-02-18", owner="zhang.san")
    assert [row["key"] for row in ahead] == [1]
    assert {row["owner"] for row in weeks(given, "2024-W10", group="g1")[0]} == {"li.si"}
