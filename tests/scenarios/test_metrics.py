"""Metrics that a team defines as counts of what is recorded: targets of them, and what was reached as of and as known at any moment."""

from __future__ import annotations

from typing import Any

from domain.calendar.period import Period
from infra.errors.problem import Problem
from projections.queries.organisation import Organisation
from projections.views.diff import query as differences
from projections.views.progress import view as progress
from projections.views.progress.events import explain
from projections.views.targets import view as targets
from tests.given import Given, Line, filed, joined, lead, line, signed

VISITS = {"visits": {"count": "follow-ups", "channel": "visit", "reached": True}}


def defined(from_: str = "2024-01-01", *, at: str = "2024-01-02", **metrics: Any) -> Line:
    """Return the line that adopts these metrics."""
    values = {"metrics": metrics or VISITS}
    return line("policy.adopt", by="lin.zong", at=at, name="metrics", values=values, from_=from_)


def met(customer: str, day: str, *, by: str = "zhang.san", channel: str = "visit", **more: Any) -> Line:
    """Return the line of a follow-up."""
    return line("follow-up.log", customer, by=by, at=f"{day}T10:00:00+08:00", channel=channel, **more)


def reached(given: Given, metric: str = "visits", **when: Any) -> dict[str, str]:
    """Return what each owner has reached of a metric, who has any."""
    rows = given.progress(metric=metric, **when)
    return {row["owner"]: row["actual"] for row in rows if row["actual"] != "0"}


def metrics_of(given: Given, **when: Any) -> list[str]:
    """Return the metrics that progress has lines of, in their order."""
    return list(dict.fromkeys(row["metric"] for row in given.progress(**when)))


def test_a_defined_metric_counts_to_who_did_it_the_group_of_the_day_and_the_company(given: Given) -> None:
    given.happened(
        defined(),
        lead("a"),
        met("a", "2024-01-10"),
        met("a", "2024-01-10", by="zhou.ba"),
        met("a", "2024-01-11", channel="call"),
        met("a", "2024-01-12", reached=False),
        *joined("g2", "zhang.san", "2024-02-01"),
        met("a", "2024-02-05"),
    )
    assert reached(given) == {"company": "3", "g1": "1", "g2": "2", "zhang.san": "2", "zhou.ba": "1"}
    assert reached(given, as_of="2024-01-31") == {
        "company": "2",
        "g1": "1",
        "g2": "1",
        "zhang.san": "1",
        "zhou.ba": "1",
    }
    assert reached(given, known_at="2024-01-10") == {
        "company": "2",
        "g1": "1",
        "g2": "1",
        "zhang.san": "1",
        "zhou.ba": "1",
    }


def test_a_target_of_it_is_set_filed_and_reached_like_any_other(given: Given) -> None:
    given.happened(defined(), lead("a"), *filed("t", "zhang.san", "4", metric="visits"), met("a", "2024-01-10"))
    row = given.figure("zhang.san", "visits", as_of="2024-02-18")
    wanted = ("target", "actual", "attainment", "gap", "state", "basis", "currency", "unallocated")
    assert [row[key] for key in wanted] == ["4", "1", "0.25", "3", "filed", None, None, "4"]
    with given.store.view("progress", "records", "audit", "organisation") as ask:
        moments = given.store.moments()
        asked = (ask, moments, Organisation(ask, moments.position), Period.parse("2024Q1"))
        tree = {each["owner"]: each for each in targets.rows(*asked, currency="CNY", metric="visits")}
    assert (tree["zhang.san"]["value"], tree["zhang.san"]["actual"]) == ("4", "1")
    assert (tree["g1"]["value"], tree["g1"]["actual"]) == (None, "1")


def test_what_nobody_has_defined_is_no_metric(given: Given) -> None:
    told = {"metric": "visits", "value": "4", "owner": "zhang.san"}
    refusal = given.refusal(line("target.set", by="lin.zong", at="2024-01-02", period="2024Q1", **told))
    assert refusal.code == "target.no_metric"
    assert refusal.facts["known"].startswith("sales, new-customers")
    given.happened(defined("2024-04-01"))
    for period, holds in (("2024Q1", False), ("2024Q2", True), ("2024", True)):
        said = line("target.set", by="lin.zong", at="2024-01-03", period=period, **told)
        if holds:
            given.happened(said)
        else:
            assert given.refused(said) == "target.no_metric"


def test_a_target_is_not_corrected_to_a_metric_that_there_is_not(given: Given) -> None:
    given.happened(
        defined(), line("target.set", by="zhang.san", key="t", metric="visits", value="4", period="2024Q1", owner="g1")
    )
    wrong = line("event.correct", "t", by="lin.zong", reason="错", values={"metric": "visitz"})
    answer = given.answers(wrong)[0]
    assert isinstance(answer, Problem)


def test_another_definition_counts_from_its_day_on(given: Given) -> None:
    given.happened(
        defined(),
        lead("a"),
        *(met("a", day, channel=channel) for day in ("2024-01-10", "2024-02-20") for channel in ("visit", "call")),
        defined("2024-02-01", at="2024-01-31", visits={"count": "follow-ups"}),
    )
    assert reached(given)["company"] == "3"
    assert reached(given, as_of="2024-01-31")["company"] == "1"
    assert reached(given, known_at="2024-01-30")["company"] == "1"


def test_a_metric_that_is_no_more_defined_has_lines_only_where_it_was_or_has_a_target(given: Given) -> None:
    given.happened(
        defined(visits=VISITS["visits"], offers={"count": "quotes"}),
        *filed("t", "zhang.san", "4", metric="visits", period="2024Q3"),
        defined("2024-04-01", at="2024-03-01", 签约数={"count": "contracts"}),
    )
    house = ["sales", "new-customers", "repurchase-rate", "leads", "valid-leads", "follow-ups"]
    assert metrics_of(given, period="2024Q1") == [*house, "visits", "offers"]
    assert metrics_of(given, period="2024Q2") == [*house, "签约数"]
    assert metrics_of(given, period="2024Q3") == [*house, "签约数", "visits"]
    assert metrics_of(given, period="2024") == [*house, "visits", "offers", "签约数"]
    assert given.figure("zhang.san", "visits", period="2024Q3")["actual"] == "0"


def test_each_kind_of_record_counts_on_its_day(given: Given) -> None:
    kinds = ("quotes", "signals", "needs", "collaborations", "contracts", "next-actions")
    every: dict[str, Any] = {f"all-{kind}": {"count": kind} for kind in kinds}
    given.happened(
        defined(**every),
        lead("a"),
        line("quote.issue", "a", by="li.si", at="2024-01-10", number="Q1", amount="5", valid_until="2024-03-01"),
        line("signal.log", "a", by="li.si", at="2024-01-10", kind="asks-for-visit"),
        line("need.identify", "a", by="li.si", at="2024-01-10", what="产能"),
        line("collaboration.ask", "a", by="li.si", at="2024-01-10", department="technical", what="测试", due="2024-01-20"),
        line("next-action.set", "a", by="li.si", at="2024-01-10", what="报价", due="2024-01-20"),
        *signed("x", "a", "1000", "2024-01-15"),
    )  # fmt: skip
    for kind in kinds[:-2] + kinds[-1:]:
        assert reached(given, f"all-{kind}") == {"company": "1", "g1": "1", "li.si": "1"}, kind
    assert reached(given, "all-contracts") == {"company": "1", "g1": "1", "zhang.san": "1"}
    given.happened(line("event.void", "x/signed", by="chen.jing", at="2024-01-20", reason="错"))
    assert reached(given, "all-contracts") == {}
    assert reached(given, "all-contracts", known_at="2024-01-19")["company"] == "1"


def test_explain_names_the_events_that_are_counted_and_those_of_the_target(given: Given) -> None:
    given.happened(defined(), lead("a"), *filed("t", "zhang.san", "4", metric="visits"))
    given.happened(met("a", "2024-01-10"), met("a", "2024-01-11", channel="call"))
    with given.store.view("progress", "records", "organisation") as ask:
        moments = given.store.moments()
        organisation, period = Organisation(ask, moments.position), Period.parse("2024Q1")
        rows = progress.rows(ask, period, moments, organisation, currency="CNY", metric="visits", owner="zhang.san")
        (row,) = explain(ask, rows, period, moments, organisation)
    names = [each["name"] for each in row["events"]]
    assert names == ["customer.followed_up", "target.set", "target.submitted", "target.approved", "target.filed"]


def test_a_closed_period_stays_as_it_was_and_its_differences_name_their_events(given: Given) -> None:
    given.happened(
        defined(),
        lead("a"),
        met("a", "2024-01-10"),
        met("a", "2024-01-09", channel="call"),
        line("period.close", by="lin.zong", at="2024-04-02", period="2024Q1"),
    )
    before = given.store.moments("2024-03-31", "2024-04-02")
    given.happened(
        {**met("a", "2024-01-20"), "key": "late", "recorded": "2024-04-05T10:00:00+08:00"},
        defined("2024-04-01", at="2024-04-05", visits={"count": "follow-ups"}),
    )
    closed = given.progress(as_of="2024-03-31", known_at="2024-04-02")
    assert [row["actual"] for row in closed if (row["metric"], row["owner"]) == ("visits", "company")] == ["1"]

    def changed() -> dict[str, list[str]]:
        after = given.store.moments("2024-03-31")
        with given.store.view(*differences.projections_for(["progress"])) as ask:
            period = Period.parse("2024Q1")
            looks = [(at, differences.looked(ask, ["progress"], period, at, "CNY")) for at in (before, after)]
            found = differences.differences(ask, looks[0], looks[1], period, "CNY")
        rows = [row for row in found if row["key"]["metric"] == "visits" and row["field"] == "actual"]
        return {row["key"]["owner"]: [each["name"] for each in row["events"]] for row in rows}

    late = ["customer.followed_up"]
    assert changed() == {"company": late, "g1": late, "zhang.san": late}
    given.happened(line("event.void", "late", by="chen.jing", at="2024-04-06", reason="错"))
    assert changed() == {}
    given.happened(defined("2024-01-15", at="2024-04-07", other={"count": "quotes"}))
    assert changed() == {}  # what is counted anew begins after the one visit
    given.happened(defined("2024-01-01", at="2024-04-08", visits={"count": "follow-ups"}))
    assert set(changed()) == {"company", "g1", "zhang.san"}
    assert "policy.adopted" in changed()["company"]
