"""What the slow fold has found: each difference once as its smallest example."""

from __future__ import annotations

from domain.calendar.period import Period
from projections.queries.organisation import Organisation
from projections.views.progress.events import explain
from tests.given import Given, filed, lead, line, signed


def two_leads(**second: str) -> list[dict]:
    """Return the captures of two leads of one company."""
    return [lead("a", "北方阀门有限公司"), lead("b", "北方阀门 有限公司", **second)]


def test_a_touch_of_a_merged_lead_is_the_last_only_if_it_was(given: Given) -> None:
    given.happened(
        *two_leads(),
        line("follow-up.log", "b", by="zhang.san", at="2024-01-10", channel="call"),
        line("follow-up.log", "a", by="zhang.san", at="2024-02-05", channel="visit"),
        line("lead.merge", "a", by="lin.zong", at="2024-03-01", duplicate="b"),
    )
    assert given.customer("a")["last_contact"] == "2024-02-05"
    given.happened(line("follow-up.log", "a", by="zhang.san", at="2024-02-09T10:00:00+08:00", channel="call"))
    assert given.customer("a")["last_contact"] == "2024-02-09T10:00:00+08:00"
    assert given.customer("a", as_of="2024-02-08")["last_contact"] == "2024-02-05"


def test_a_merge_brings_what_happened_in_the_order_in_which_it_happened(given: Given) -> None:
    given.happened(
        *two_leads(),
        line("opportunity.open", key="o", by="zhang.san", at="2024-01-10", customer="b", amount="1000"),
        line("opportunity.forecast", "o", by="zhang.san", at="2024-02-05", amount="5000"),
        line("opportunity.forecast", "o", by="zhang.san", at="2024-02-01", amount="2000"),
        line("lead.merge", "a", by="lin.zong", at="2024-03-01", duplicate="b"),
    )
    assert given.customer("a")["expected"] == "5000"
    given.happened(line("opportunity.forecast", "o", by="zhang.san", at="2024-02-03", amount="3000"))
    assert given.customer("a")["expected"] == "5000"
    given.happened(line("opportunity.forecast", "o", by="zhang.san", at="2024-03-02", amount="7000"))
    assert given.customer("a")["expected"] == "7000"


def test_merged_key_accounts_are_one(given: Given) -> None:
    for key, company in (("a", "北方阀门有限公司"), ("b", "北方阀门 有限公司")):
        given.happened(
            lead(key, company),
            line("customer.form-team", key, by="zhang.san", at="2024-01-09", members=["zhang.san"]),
            line("lead.grade", key, by="zhang.san", at="2024-01-09", grade="key"),
            *signed(f"c{key}", key, "100", "2024-01-15"),
        )
    given.happened(*signed("d", "b", "100", "2024-05-01"))
    rate = given.figure("company", "repurchase-rate", period="2024Q2")
    assert (rate["numerator"], rate["denominator"]) == (1, 2)
    known = given.last.isoformat()
    given.happened(line("lead.merge", "a", by="lin.zong", at="2024-05-02", duplicate="b"))
    rate = given.figure("company", "repurchase-rate", period="2024Q2")
    assert (rate["numerator"], rate["denominator"]) == (1, 1)
    rate = given.figure("company", "repurchase-rate", period="2024Q2", known_at=known)
    assert (rate["numerator"], rate["denominator"]) == (1, 2)
    given.happened(line("lead.unmerge", "b", by="lin.zong", at="2024-05-03"))
    rate = given.figure("zhang.san", "repurchase-rate", period="2024Q2")
    assert (rate["numerator"], rate["denominator"]) == (1, 2)


def test_a_grade_dated_before_the_capture_is_credited_to_the_owner(given: Given) -> None:
    given.happened(
        lead("l", at="2024-01-20"),
        line("customer.form-team", "l", by="zhang.san", at="2024-01-20", members=["zhang.san"]),
        line("lead.grade", "l", by="zhang.san", at="2024-01-12", grade="key"),
        *signed("c", "l", "100", "2024-01-25"),
        *signed("d", "l", "100", "2024-02-05"),
    )
    assert given.figure("zhang.san", "repurchase-rate", period="2024-02")["numerator"] == 1
    assert [row for row in given.progress("2024-02") if row["owner"] is None] == []
    assert given.figure("company", "repurchase-rate", period="2024-W03")["denominator"] == 0


def test_of_two_targets_in_one_place_the_one_set_last_is_shown(given: Given) -> None:
    again = {"metric": "sales", "period": "2024Q1", "owner": "zhang.san", "rationale": "去年"}
    given.happened(
        *filed("t", "zhang.san", "800000"),
        line("target.withdraw", "t", by="lin.zong", at="2024-02-15", reason="重复"),
        line("target.set", by="chen.jing", at="2024-01-10", key="u", value="500000", **again),
    )
    assert given.figure("zhang.san", as_of="2024-01-09")["target"] == "800000"
    assert given.figure("zhang.san", as_of="2024-01-31")["target"] == "500000"


def test_a_targets_explanation_ends_with_the_moment_asked(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "800000"),
        line("target.revise", "t", by="chen.jing", at="2024-02-19", value="700000", reason="下行"),
    )
    for as_of, revised in (("2024-02-18", False), ("2024-02-19", True)):
        rows = given.progress("2024Q1", as_of, metric="sales", owner="zhang.san")
        with given.store.view("progress", "organisation") as ask:
            moments = given.store.moments(as_of)
            told = explain(ask, rows, Period.parse("2024Q1"), moments, Organisation(ask, moments.position))
        # What is collected is held against the same target, and names it too.
        assert [row["basis"] for row in told] == ["signed", "collected"]
        for row in told:
            names = [event["name"] for event in row["events"]]
            assert names[:1] == ["target.set"]
            assert ("target.revised" in names) == revised
