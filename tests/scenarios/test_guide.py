"""The guide of a stage, a role and a customer; the norms, and who kept them in which week."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kernel.registry import action_class
from domain.process import PROCESS, STAGES, next_stage, steps
from projections.queries.organisation import Organisation
from projections.views import tracking
from projections.views.guide import view as guide
from projections.views.norms import view as norms
from tests.given import Given, Line, Row, lead, line, signed
from tests.scenarios.asking import asked, names


def of_customer(given: Given, key: str, as_of: str | None = None, known_at: str | None = None) -> list[Row]:
    with given.store.view(*guide.NEEDS) as ask:
        moments = given.store.moments(as_of, known_at)
        organisation = Organisation(ask, moments.position)
        (row,) = tracking.rows(ask, moments, organisation, currency="CNY", customer=given.subject(key))
        return guide.of_customer(ask, moments, organisation, row)


def missing(rows: list[Row]) -> list[tuple[str, str]]:
    return [
        (row["stage"], row["action"])
        for row in rows
        if row["part"] == "missing" and not row["action"].startswith("cus")
    ]


def kept(given: Given, period: str, **wanted: Any) -> list[Row]:
    return asked(given, norms.rows, period, **wanted)


def counts(rows: list[Row]) -> list[tuple[str, str, int, int]]:
    return [(row["week"], row["owner"], row["numerator"], row["denominator"]) for row in rows]


def test_every_stage_has_steps_and_each_leads_to_the_next() -> None:
    assert all(list(steps(stage)) for stage in PROCESS)
    assert [next_stage(stage) for stage in STAGES] == [*STAGES[1:], None]
    assert next_stage("lost") is None
    assert all(action_class(step.action) for stage in PROCESS for step in steps(stage))


def test_a_stage_names_its_steps_by_whom_and_what_was_adopted_for_it(given: Given) -> None:
    given.happened(
        line("practice.adopt", by="chen.jing", at="2024-01-05", kind="case", text="某厂三年省两成", stage="negotiating"),
        line("practice.adopt", by="chen.jing", at="2024-01-05", kind="script", text="先听完", stage="captured"),
        line("policy.adopt", by="lin.zong", at="2024-01-05", name="approval-tiers", from_="2024-02-01",
             values={"tiers": [{"up_to": None, "roles": ["director"]}]}),
    )  # fmt: skip
    with given.store.view(*guide.NEEDS) as ask:
        moments = given.store.moments("2024-03-01")
        organisation = Organisation(ask, moments.position)
        rows = guide.of_stage(ask, moments, organisation, "negotiating")
        technical = guide.of_role(organisation, moments, "technical")
    by_action = {row["action"]: row for row in rows if row["part"] == "step"}
    assert by_action["contract.sign"]["who"] == ["rep", "manager", "director"]
    assert {"number", "amount"} <= set(by_action["contract.draft"]["required"])
    approving = by_action["contract.approve"]
    assert (approving["norm"], approving["values"]["tiers"][0]["roles"]) == ("approval-tiers", ["director"])
    assert [row["what"] for row in rows if row["part"] == "practice"] == ["某厂三年省两成"]
    assert "contract.sign" not in {row["action"] for row in technical}
    assert "after-sale.visit" in {row["action"] for row in technical}


def test_a_customer_lacks_what_leads_to_its_next_stage(given: Given) -> None:
    mine: dict[str, Any] = {"by": "zhang.san"}
    given.happened(
        lead("a", at="2024-01-08", industry="制造", contact="王经理"),
        line("practice.adopt", by="chen.jing", at="2024-01-08", kind="script", text="先算总成本", objection="price"),
        line("follow-up.log", "a", **mine, at="2024-01-10", channel="call", next_actions=["寄样品 @ 3wd"]),
        line("lead.validate", "a", **mine, at="2024-01-11"),
        line("opportunity.open", **mine, at="2024-01-12", key="o", customer="a", amount="300000"),
        line("objection.log", "a", **mine, at="2024-01-15", key="p", kind="price"),
        line("opportunity.move", "o", **mine, at="2024-01-16", stage="proposed"),
        line("objection.resolve", "p", **mine, at="2024-01-17"),
        line("opportunity.move", "o", **mine, at="2024-01-18", stage="negotiating"),
        line("contract.draft", **mine, at="2024-01-19", key="c", number="HT-1", customer="a", amount="1", opportunity="o"),
        line("contract.submit", "c", **mine, at="2024-01-22"),
        line("contract.approve", "c", by="lin.zong", at="2024-01-23"),
        line("contract.sign", "c", **mine, date="2024-01-24"),
        line("after-sale.hand-over", "a", **mine, at="2024-01-26", to="li.si"),
    )  # fmt: skip
    first = of_customer(given, "a", "2024-01-08")
    assert missing(first) == [("valid", "lead.validate")]
    (change,) = [row for row in first if (row["part"], row["action"]) == ("missing", "customer.change")]
    assert change["fields"] == ["size", "need", "credit_code"]
    stands, *_ = called = of_customer(given, "a", "2024-01-10")
    assert (stands["stage"], stands["what"], stands["due"], stands["who"]) == (
        "contacted",
        "寄样品",
        "2024-01-15",
        ["zhang.san"],
    )
    assert missing(called) == [
        ("valid", "lead.validate"), ("graded", "lead.grade"),
        ("need-identified", "opportunity.open"), ("need-identified", "opportunity.move"),
    ]  # fmt: skip
    proposed = of_customer(given, "a", "2024-01-16")
    assert missing(proposed)[1:] == [("negotiating", "objection.resolve"), ("negotiating", "opportunity.move")]
    assert [row["what"] for row in proposed if row["part"] == "practice"] == ["先算总成本"]
    waiting = {day: missing(of_customer(given, "a", f"2024-01-{day}"))[-1][1] for day in (18, 19, 22, 23, 25)}
    assert waiting == {
        18: "contract.draft", 19: "contract.submit", 22: "contract.approve", 23: "contract.sign", 25: "after-sale.hand-over",
    }  # fmt: skip
    assert ("performing", "after-sale.hand-over") not in missing(of_customer(given, "a"))
    assert missing(of_customer(given, "a", "2024-01-25", "2024-01-19"))[-1][1] == "contract.submit"


def test_entry_and_files_are_held_week_by_week(given: Given) -> None:
    given.happened(
        line("policy.adopt", by="lin.zong", at="2024-01-01", name="file-completeness", values={"share": "0.5"}, from_="2024-01-15"),
        lead("a", at="2024-01-08", industry="制造", contact="王经理"),
        line("follow-up.log", "a", by="zhang.san", at="2024-01-10", entered="2024-01-15T09:00:00+08:00", channel="call"),
        line("follow-up.log", "a", by="zhang.san", at="2024-01-16", channel="call"),
    )  # fmt: skip
    assert counts(kept(given, "2024-01-08..2024-01-21", norm="entry", owner="zhang.san")) == [
        ("2024-W02", "zhang.san", 1, 2), ("2024-W03", "zhang.san", 1, 1),
    ]  # fmt: skip
    files = kept(given, "2024-01-08..2024-01-21", norm="file")
    assert [(row["week"], row["kept"], row["ratio"]) for row in files] == [
        ("2024-W02", False, "0"),
        ("2024-W03", True, "1"),
    ]
    assert kept(given, "2024-W02", norm="file", broken=True) == files[:1]
    assert kept(given, "2024-W02", norm="entry", owner="zhang.san", known_at="2024-01-12")[0]["kept"] is True
    (late,) = kept(given, "2024-W02", norm="entry", owner="zhang.san", explain=True)
    assert names(late) == ["customer.lead_captured", "customer.followed_up"]
    assert kept(given, "2024-W02", norm="entry", group="g2") == []


@pytest.mark.parametrize(
    ("days", "over", "good"), [(5, "2024-02-27", True), (5, "2024-02-28", False), (6, "2024-02-28", True)]
)
def test_a_hand_over_is_due_some_working_days_after_the_signing(given: Given, days: int, over: str, good: bool) -> None:
    given.happened(
        line("policy.adopt", by="lin.zong", at="2024-01-01", name="hand-over", values={"working_days": days}),
        lead("a"), *signed("c", "a", "1000", "2024-02-20"),
        line("after-sale.hand-over", "a", by="zhang.san", at=over, to="li.si", contract="c"),
    )  # fmt: skip
    (row,) = kept(given, "2024-02-19..2024-03-03", norm="hand-over", explain=True)
    assert (row["week"], row["owner"], row["kept"], row["denominator"]) == ("2024-W09", "zhang.san", good, 1)
    assert names(row) == ["contract.signed", *(["after-sale.handed_over"] if good else [])]
    assert kept(given, "2024-02-19..2024-03-03", norm="hand-over", as_of="2024-02-26") == []


def week_reviewed(at: str, **scope: str) -> Line:
    return line("review.hold", by="chen.jing", at=at, kind="weekly", period="2024-W03", **scope)


def test_a_week_is_reviewed_within_the_agreed_days_and_a_recall_breaks_the_pools_norm(given: Given) -> None:
    given.happened(
        lead("a", at="2024-01-08"), lead("b", at="2024-01-08"),
        week_reviewed("2024-01-22", owner="zhou.ba"), week_reviewed("2024-01-22", group="g1"),
        week_reviewed("2024-01-23", group="g2"),
    )  # fmt: skip
    assert kept(given, "2024-W04", norm="report") == []
    given.happened(
        line(
            "policy.adopt",
            by="lin.zong",
            at="2024-01-23",
            name="report-days",
            values={"working_days": 1},
            from_="2024-01-01",
        )
    )
    rows = {row["owner"]: row["kept"] for row in kept(given, "2024-W04", norm="report")}
    assert (rows["zhang.san"], rows["zhou.ba"], rows["wu.jiu"]) == (True, True, False)
    assert "lin.zong" not in rows
    given.happened(line("customer.recall", "a", by="chen.jing", at="2024-02-20"))
    (row,) = kept(given, "2024-W08", norm="pool", explain=True)
    assert (row["owner"], row["numerator"], row["denominator"], names(row)) == (
        "zhang.san",
        1,
        2,
        ["customer.recalled"],
    )
    assert kept(given, "2024-W09", norm="pool")[0]["kept"] is True
