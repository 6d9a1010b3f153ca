"""G1-G3, F4, F5, F7 and O1: grades with their criteria, follow-ups with their deadlines, objections until they are resolved."""

from __future__ import annotations

from typing import Any

import pytest

from tests.given import Given, lead, line

CLEAR = {"need_fit": "clear", "budget": "matches", "decision_chain": "engaged"}


@pytest.mark.parametrize(
    ("known", "criterion"),
    [
        ({"need_fit": "clear", "decision_chain": "engaged"}, "budget"),
        ({"need_fit": "clear", "budget": "short", "decision_chain": "engaged"}, "budget"),
        ({"budget": "matches", "decision_chain": "engaged"}, "need_fit"),
        ({"need_fit": "clear", "budget": "matches"}, "decision_chain"),
    ],
)
def test_g1_a_grade_whose_criteria_are_not_met_needs_an_override(
    given: Given, known: dict[str, Any], criterion: str
) -> None:
    given.happened(lead("l"))
    refusal = given.refusal(line("lead.grade", "l", grade="high", **known))
    assert (refusal.code, refusal.facts["criterion"]) == ("lead.criterion", criterion)
    assert given.refused(line("lead.grade", "l", grade="high", override=True, **known)) == "reason.missing"
    given.happened(line("lead.grade", "l", grade="high", override=True, reason="老客户介绍", **known))
    assert given.customer("l")["grade"] == "high"
    (entry,) = given.audit(name="customer.graded")
    changes = {change["field"]: change["to"] for change in entry["changes"]}
    assert (changes["override"], changes["unmet"], entry["reason"]) == (True, [criterion], "老客户介绍")


def test_g1_what_was_known_before_stays_known(given: Given) -> None:
    given.happened(
        lead("l"),
        line("lead.grade", "l", grade="initial", need_fit="clear", decision_chain="engaged"),
        line("lead.grade", "l", grade="high", budget="matches"),
    )
    assert given.customer("l")["grade"] == "high"


def test_g1_the_criteria_are_policy_from_its_date_on(given: Given) -> None:
    values = {"initial": {}, "high": {"need_fit": "clear"}, "key": {"team": True}}
    given.happened(
        lead("l"), lead("m"),
        line("policy.adopt", name="grading", values=values, from_="2024-02-01"),
        line("lead.grade", "l", at="2024-02-01", grade="high", need_fit="clear"),
    )  # fmt: skip
    assert given.refused(line("lead.grade", "m", at="2024-01-31", grade="high", need_fit="clear")) == "lead.criterion"


def test_g2_a_key_account_needs_a_dedicated_team(given: Given) -> None:
    given.happened(lead("l"))
    assert given.refused(line("lead.grade", "l", grade="key", **CLEAR)) == "lead.no_team"
    given.happened(
        line("customer.form-team", "l", members=["zhang.san", "li.si"]),
        line("lead.grade", "l", grade="key", **CLEAR),
    )
    assert given.customer("l")["grade"] == "key"


@pytest.mark.parametrize("fell", ["2024-02-05", "2024-03-11"])
def test_g3_a_grade_can_fall_and_both_intervals_stay(given: Given, fell: str) -> None:
    given.happened(
        lead("l"),
        line("lead.grade", "l", at="2024-01-10", grade="high", **CLEAR),
        line("lead.grade", "l", at=fell, grade="initial", budget="short"),
    )
    day_before = f"{fell[:8]}{int(fell[8:]) - 1:02}"
    grades = [given.customer("l", as_of=day)["grade"] for day in ("2024-01-09", "2024-01-10", day_before, fell)]
    assert grades == [None, "high", "high", "initial"]
    history = [
        (row["occurred"], change["from"], change["to"])
        for row in given.audit("l", name="customer.graded")
        for change in row["changes"]
        if change["field"] == "grade"
    ]
    assert history == [("2024-01-10", None, "high"), (fell, "high", "initial")]


@pytest.mark.parametrize(
    ("contact", "days", "due"),
    [
        ("2024-02-07", 3, "2024-02-18"),
        ("2024-01-05", 3, "2024-01-10"),
        ("2024-02-05", 15, "2024-03-01"),
        ("2024-03-29T23:30:00+08:00", 1, "2024-04-01"),
        ("2024-03-28T17:30:00Z", 1, "2024-04-01"),
    ],
)
def test_f4_a_deadline_is_the_end_of_the_nth_working_day(given: Given, contact: str, days: int, due: str) -> None:
    given.happened(
        lead("l"), line("follow-up.log", "l", at=contact, channel="call", next_action="寄报价", working_days=days)
    )
    row = given.customer("l")
    assert (row["next_action"], row["next_due"]) == ("寄报价", due)


def test_f4_a_published_year_moves_open_deadlines_and_leaves_what_was_shown(given: Given) -> None:
    given.happened(
        lead("l", at="2030-01-02"),
        line("next-action.set", "l", at="2030-01-02", what="回访", working_days=1),
        line("calendar.publish", at="2030-01-03", year=2030, holidays=["2030-01-03..2030-01-04"], make_up_days=["2030-01-05"]),
    )  # fmt: skip
    assert given.customer("l", as_of="2030-01-09")["next_due"] == "2030-01-05"
    assert given.customer("l", as_of="2030-01-09", known_at="2030-01-02")["next_due"] == "2030-01-03"


def test_f5_each_of_two_next_actions_is_completed_alone(given: Given) -> None:
    given.happened(
        lead("l"),
        line(
            "follow-up.log", "l", at="2024-01-10", channel="visit",
            next_actions=[{"what": "寄样品", "due": "2024-01-15"}, {"what": "报价", "working_days": 5}],
        ),
    )  # fmt: skip
    assert given.customer("l")["next_action"] == "寄样品"
    assert given.refused(line("next-action.complete", "l")) == "customer.no_such_item"
    given.happened(line("next-action.complete", "l", at="2024-01-12", item="寄样品"))
    row = given.customer("l")
    assert (row["next_action"], row["next_due"]) == ("报价", "2024-01-17")
    assert given.customer("l", as_of="2024-01-11")["next_action"] == "寄样品"
    given.happened(line("next-action.complete", "l", at="2024-01-18"))
    assert given.customer("l")["next_action"] is None


def test_f5_a_voided_record_does_not_lend_its_number_to_another(given: Given) -> None:
    given.happened(
        lead("l"),
        line("next-action.set", "l", key="one", at="2024-01-10", what="寄样品", due="2024-01-15"),
        line("next-action.set", "l", key="two", at="2024-01-10", what="报价", due="2024-01-16"),
        line("event.void", "one", by="lin.zong", reason="重复录入"),
        line("next-action.set", "l", key="three", at="2024-01-11", what="回访", due="2024-01-17"),
    )
    assert given.customer("l")["next_action"] == "报价"
    given.happened(line("next-action.complete", "two", at="2024-01-12"))
    assert given.customer("l")["next_action"] == "回访"


def test_f5_what_is_closed_on_its_own_day_is_closed(given: Given) -> None:
    given.happened(
        lead("l", at="2024-02-07T09:00:00+08:00"),
        line(
            "follow-up.log", "l", at="2024-02-07T10:00:00+08:00", channel="call", next_action="报价", due="2024-02-08"
        ),
        line("next-action.complete", "l", at="2024-02-07"),
        line("objection.log", "l", at="2024-02-07T11:00:00+08:00", kind="price"),
        line("objection.resolve", "l", at="2024-02-07"),
        line("lead.assign", "l", by="lin.zong", at="2024-02-07", owner="li.si"),
        line("opportunity.open", key="o", at="2024-02-07T12:00:00+08:00", customer="l", amount="5"),
        line("opportunity.forecast", "o", at="2024-02-07", amount="7"),
    )
    row = given.customer("l")
    assert (row["next_action"], row["open_objections"], row["owner"], row["expected"]) == (None, [], "li.si", "7")


@pytest.mark.parametrize(
    ("happened", "entered", "late", "unknown_at"),
    [("2024-01-10", "2024-01-15", 3, "2024-01-12"), ("2024-02-08", "2024-02-19", 3, "2024-02-18")],
)
def test_f7_a_late_entry_counts_on_its_day_and_is_absent_from_what_was_known(
    given: Given, happened: str, entered: str, late: int, unknown_at: str
) -> None:
    given.happened(
        lead("l", at="2024-01-08"),
        line("follow-up.log", "l", at="2024-01-09", channel="call"),
        line("follow-up.log", "l", by="zhang.san", at=happened, entered=f"{entered}T09:00:00+08:00", channel="visit"),
    )
    assert given.customer("l")["last_contact"] == happened
    assert given.customer("l", as_of=happened)["last_contact"] == happened
    assert given.customer("l", as_of=happened, known_at=unknown_at)["last_contact"] == "2024-01-09"
    assert given.figure("zhang.san", "follow-ups", period=happened)["actual"] == "1"
    assert given.figure("zhang.san", "follow-ups", period=happened, known_at=unknown_at)["actual"] == "0"
    assert given.audit(name="customer.followed_up")[-1]["late_days"] == late


def test_f7_an_older_contact_entered_late_is_not_the_last(given: Given) -> None:
    given.happened(
        lead("l", at="2024-01-02"),
        line("follow-up.log", "l", at="2024-01-12", channel="call"),
        line("follow-up.log", "l", at="2024-01-10", entered="2024-01-15T09:00:00+08:00", channel="visit"),
        line("follow-up.log", "l", at="2024-01-16", channel="minutes"),
        line("follow-up.log", "l", at="2024-01-17", channel="call", reached=False),
    )
    assert given.customer("l")["last_contact"] == "2024-01-12"
    assert given.customer("l", as_of="2024-01-11")["last_contact"] == "2024-01-10"


@pytest.mark.parametrize("days", [2, 20])
def test_o1_an_objection_is_open_until_it_is_resolved(given: Given, days: int) -> None:
    resolved = f"2024-02-{6 + days:02}"
    given.happened(
        lead("l"),
        line("objection.log", "l", key="o", at="2024-02-06", kind="price", words="比同行贵"),
        line("objection.answer", "o", at="2024-02-07", answer="含三年质保"),
    )
    assert [o["kind"] for o in given.customer("l")["open_objections"]] == ["price"]
    given.happened(line("objection.resolve", "o", at=resolved, outcome="接受分期"))
    assert given.customer("l")["open_objections"] == []
    assert given.customer("l", as_of="2024-02-07")["open_objections"][0]["since"] == "2024-02-06"
    history = given.audit("l")
    assert [row["name"].partition("_")[2] for row in history][-3:] == ["logged", "answered", "resolved"]
    assert {"field": "days_open", "from": None, "to": days} in history[-1]["changes"]
