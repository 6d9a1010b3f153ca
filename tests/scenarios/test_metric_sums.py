"""Metrics that a team defines as sums of amounts, and every view that knows the metrics of the house knows them too."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.calendar.period import Period
from projections.engine.as_of import AsOf
from projections.queries.organisation import Organisation
from projections.views import corrections
from projections.views import movers as moving
from projections.views.diff import query as differences
from projections.views.progress import view as progress
from projections.views.progress.events import explain
from projections.views.replay.frames import days_of, frames
from projections.views.scorecard import view as scorecards
from tests.given import Given, Line, Row, filed, joined, lead, line, signed
from tests.scenarios.asking import asked
from tests.scenarios.test_metrics import defined, met, reached

QUARTER = Period.parse("2024Q1")
VISITS: dict[str, Any] = {"visits": {"count": "follow-ups", "channel": "visit", "reached": True}}
OFFERED: dict[str, Any] = {"offered": {"sum": "quotes"}}
NEEDS = ("progress", "organisation", "pipeline", "audit", "tracking", "records")


def quote(number: str, amount: str, day: str, *, by: str = "li.si", customer: str = "a", **more: Any) -> Line:
    """Return the line of a quote."""
    return line(
        "quote.issue", customer, by=by, at=f"{day}T10:00:00+08:00", key=number, number=number, amount=amount,
        valid_until="2024-12-31", **more,
    )  # fmt: skip


def correct(key: str, amount: str, day: str) -> Line:
    values = {"amount": amount}
    return line("event.correct", key, by="chen.jing", at=f"{day}T12:00:00+08:00", reason="少写", values=values)


def figures(given: Given, owner: str, **when: Any) -> dict[str | None, str]:
    """Return what an owner has reached of what was offered, by currency."""
    rows = given.progress(metric="offered", owner=owner, **when)
    return {row["currency"]: row["actual"] for row in rows}


def test_amounts_count_on_their_day_in_their_currency_to_whoever_issued_the_quote(given: Given) -> None:
    given.happened(
        defined(**OFFERED),
        lead("a"),
        quote("Q1", "1000.50", "2024-01-10"),
        quote("Q2", "2000", "2024-02-10", by="zhou.ba"),
        quote("Q3", "300", "2024-02-11", currency="USD"),
        correct("Q1", "1500", "2024-03-01"),
    )
    assert figures(given, "li.si") == {"CNY": "1500", "USD": "300"}
    assert figures(given, "company") == {"CNY": "3500", "USD": "300"}
    assert figures(given, "g2") == {"CNY": "2000"}
    assert figures(given, "company", as_of="2024-01-31", known_at="2024-02-29") == {"CNY": "1000.5"}
    assert figures(given, "zhang.san") == {"CNY": "0"}
    given.happened(line("event.void", "Q2", by="chen.jing", at="2024-03-02", reason="错"))
    assert figures(given, "company") == {"CNY": "1500", "USD": "300"}


@pytest.mark.parametrize(
    ("of", "sums"), [("contracts", "900"), ("receipts", "350"), ("invoices", "400"), ("deliveries", "250")]
)
def test_each_kind_of_amount_is_summed(of: str, sums: str, given: Given) -> None:
    given.happened(
        defined(own={"sum": of}),
        lead("a"),
        *signed("x", "a", "1000", "2024-01-15"),
        line("contract.amend", "x", by="zhang.san", date="2024-02-01", delta="-100"),
        line("payment.invoice", "x", by="zhang.san", date="2024-02-02", number="F1", amount="400"),
        line("payment.receive", "x", by="zhang.san", date="2024-02-03", amount="400"),
        line("payment.refund", "x", by="zhang.san", date="2024-02-04", amount="50"),
        line("delivery.deliver", "x", by="zhang.san", date="2024-02-05", milestone="样机", amount="250"),
    )
    assert reached(given, "own") == {"company": sums, "g1": sums, "zhang.san": sums}


def test_a_target_of_a_sum_is_money(given: Given) -> None:
    given.happened(defined(**OFFERED, **VISITS), lead("a"), *filed("t", "li.si", "4000", metric="offered"))
    given.happened(*filed("u", "li.si", "7", metric="visits"), quote("Q1", "1000", "2024-01-10"))
    row = given.figure("li.si", "offered")
    assert (row["target"], row["currency"], row["attainment"], row["gap"]) == ("4000", "CNY", "0.25", "3000")
    assert given.figure("li.si", "offered", as_of="2024-02-18")["daily_need"] == "100.00"
    assert given.figure("li.si", "visits")["currency"] is None
    (one,) = [r for r in given.progress(metric="offered", owner="li.si") if r["target"]]
    assert one["state"] == "filed"


def test_explain_and_differences_name_the_amounts(given: Given) -> None:
    given.happened(defined(**OFFERED), lead("a"), quote("Q1", "1000", "2024-01-10"), quote("Q2", "20", "2024-01-11"))
    given.happened(correct("Q1", "1500", "2024-02-01"))
    with given.store.view("progress", "records", "organisation") as ask:
        moments = given.store.moments()
        organisation = Organisation(ask, moments.position)
        rows = progress.rows(ask, QUARTER, moments, organisation, currency="CNY", metric="offered", owner="li.si")
        (row,) = explain(ask, rows, QUARTER, moments, organisation)
    assert [(each["name"], each["amount"]) for each in row["events"]] == [
        ("quote.issued", "1500"),
        ("quote.issued", "20"),
    ]
    before, after = given.store.moments(None, "2024-01-31"), given.store.moments()
    with given.store.view(*differences.projections_for(["progress"])) as ask:
        looks = [(at, differences.looked(ask, ["progress"], QUARTER, at, "CNY")) for at in (before, after)]
        found = differences.differences(ask, looks[0], looks[1], QUARTER, "CNY")
    (company,) = [
        r for r in found if (r["key"]["owner"], r["field"], r["key"]["metric"]) == ("company", "actual", "offered")
    ]
    assert company["difference"] == "500"
    corrected = [(each["name"], each["amount"]) for each in company["events"]]
    assert ("event.corrected", "500") in corrected


def test_movers_and_corrections_know_what_moved_a_sum(given: Given) -> None:
    given.happened(
        defined(**OFFERED, **VISITS),
        lead("a"),
        quote("Q1", "1000", "2024-01-10"),
        quote("Q2", "9000", "2024-01-11"),
        {**met("a", "2024-01-12"), "key": "v"},
        correct("Q1", "1500", "2024-02-01"),
        line("event.void", "v", by="chen.jing", at="2024-02-02", reason="错"),
    )
    with given.store.view(*NEEDS) as ask:
        moments = given.store.moments("2024-03-31")
        organisation = Organisation(ask, moments.position)
        rows = moving.movers(ask, QUARTER, moments, organisation, currency="CNY", metric="offered", explain=True)
    assert [(row["measure"], row["amount"], row["owner"], row["corrected"]) for row in rows] == [
        ("offered", "9000", "li.si", False),
        ("offered", "1500", "li.si", True),
    ]
    moved = {row["corrected_name"]: row["moved"] for row in asked(given, corrections.rows)}
    assert {"measure": "offered", "owner": "li.si", "amount": "500", "currency": "CNY"} in moved["quote.issued"]
    assert {"measure": "visits", "owner": "zhang.san", "amount": "-1", "currency": None} in moved[
        "customer.followed_up"
    ]


def test_a_scorecard_weighs_a_metric_of_the_teams_own(given: Given) -> None:
    own = {"weights": {"offered": "0.5", "visits": "0.5"}}
    given.happened(
        defined(**OFFERED, **VISITS),
        line("policy.adopt", by="lin.zong", at="2024-01-03", name="scorecard", values=own, from_="2024-01-01"),
        lead("a"),
        *filed("t", "li.si", "4000", metric="offered"),
        *filed("u", "li.si", "2", metric="visits"),
        quote("Q1", "1000", "2024-01-10"),
        met("a", "2024-01-12", by="li.si"),
    )
    with given.store.view(*scorecards.NEEDS) as ask:
        moments = given.store.moments("2024-03-31")
        organisation = Organisation(ask, moments.position)
        rows = scorecards.rows(ask, moments, organisation, QUARTER, currency="CNY", owner="li.si", explain=True)
    found = {row["measure"]: row for row in rows}
    assert (found["offered"]["ratio"], found["visits"]["ratio"], found["score"]["ratio"]) == ("0.25", "0.5", "0.375")
    assert "quote.issued" in [each["name"] for each in found["offered"]["events"]]


def test_what_nobody_measures_is_not_weighed(given: Given) -> None:
    weights = {"weights": {"visist": "1"}}
    adopting = line("policy.adopt", by="lin.zong", at="2024-01-03", name="scorecard", values=weights)
    given.happened(defined())
    refusal = given.refusal(adopting)
    assert refusal.code == "target.no_metric"
    assert "visits" in refusal.facts["known"]


def history() -> list[Line]:
    """Return what moves counts and sums: late entries, corrections, withdrawals, a change of group, another definition."""
    late = {"recorded": "2024-02-20T10:00:00+08:00"}
    return [
        defined(**OFFERED, **VISITS),
        lead("a"),
        quote("Q1", "1000", "2024-01-10"),
        quote("Q2", "2000", "2024-01-12", by="zhang.san"),
        {**met("a", "2024-01-15"), "key": "v1"},
        met("a", "2024-01-16", channel="call"),
        correct("Q1", "1500", "2024-01-20"),
        met("a", "2024-01-22", by="zhou.ba"),
        *joined("g2", "zhang.san", "2024-02-01"),
        quote("Q3", "70", "2024-02-05", by="zhang.san"),
        line("event.void", "v1", by="chen.jing", at="2024-02-10", reason="错"),
        {**met("a", "2024-01-18"), **late},
        defined("2024-02-10", at="2024-02-21", **OFFERED, visits={"count": "follow-ups"}),
        met("a", "2024-02-22", channel="call"),
        defined("2024-01-01", at="2024-03-05", offered={"sum": "contracts"}, **VISITS),
        *signed("x", "a", "800", "2024-03-06"),
    ]


@pytest.mark.parametrize("metric", ["visits", "offered"])
@pytest.mark.parametrize("whose", [{}, {"group": "g1"}, {"group": "g2"}, {"owner": "zhang.san"}], ids=str)
def test_each_frame_of_a_replay_says_what_progress_said_that_day(
    given: Given, metric: str, whose: dict[str, str]
) -> None:
    given.happened(*history())
    level = "group" if "group" in whose else "person" if whose else "company"
    owner = next(iter(whose.values()), "company")
    now = given.store.moments("2024-04-30")
    days = days_of(QUARTER, date(2024, 4, 30), weekly=True)
    moments = given.store.moments_each(days)

    def told(at: AsOf) -> str:
        with given.store.view(*NEEDS) as ask:
            organisation = Organisation(ask, at.position)
            rows = progress.rows(
                ask, QUARTER, at, organisation, currency="CNY", metric=metric, level=level, owner=owner
            )
        return next((row["actual"] for row in rows if row["currency"] in (None, "CNY")), "0")

    def figure(frame: Row) -> Row:
        (found,) = [each for each in frame["figures"] if each["measure"] == metric]
        return dict(found)

    with given.store.view(*NEEDS) as ask:
        played = frames(ask, QUARTER, moments, now, currency="CNY", metric=metric, explain=True, **whose)
    sums = Decimal(0)
    for frame, at in zip(played, moments[1:], strict=True):
        found = figure(frame)
        assert found["known"] == told(at)
        assert found["hindsight"] == told(at._replace(position=now.position))
    assert any(figure(frame)["events"] for frame in played)
    sums = sum((Decimal(each["amount"]) for frame in played for each in figure(frame)["events"]), sums)
    assert sums == Decimal(figure(played[-1])["known"])
    assert days[0] == QUARTER.first - timedelta(days=1)
