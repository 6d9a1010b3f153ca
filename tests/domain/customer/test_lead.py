"""Leads: captured with a source, told apart or merged, assigned and graded."""

from __future__ import annotations

from typing import Any

import pytest

from domain.customer import events as e
from domain.customer.company_name import normalised
from domain.customer.lead import (
    AssignLead,
    CaptureLead,
    GradeLead,
    InvalidateLead,
    MergeLeads,
    UnmergeLeads,
    ValidateLead,
)
from domain.organisation.person import PersonDeparted, PersonRegistered
from tests.domain.context import Around, decide, events, refusal

CAPTURED = e.LeadCaptured(company="北方阀门有限公司", channel="online", owner="zhang.san")
CLEAR: dict[str, Any] = {"need_fit": "clear", "budget": "matches", "decision_chain": "engaged"}


def lead(*events: Any, by: str = "zhang.san") -> Around:
    return Around(by).after("cus_1", CAPTURED, *events)


def test_a_rep_who_captures_a_lead_owns_it_unless_another_is_named() -> None:
    asked = CaptureLead(company="北方阀门有限公司", channel="online")
    assert events(asked, "cus_1", Around()) == [CAPTURED]
    (by_marketing,) = events(asked, "cus_1", Around("ma.qiao"))
    assert by_marketing == e.LeadCaptured(company="北方阀门有限公司", channel="online")
    (for_li,) = events(CaptureLead(company="甲", channel="online", owner="li.si"), "cus_1", Around("ma.qiao"))
    assert for_li == e.LeadCaptured(company="甲", channel="online", owner="li.si")
    assert refusal(CaptureLead(company="甲", channel="online", owner="x"), "cus_1", Around()) == "person.unknown"


@pytest.mark.parametrize(
    ("channel", "trace"), [("exhibition", "campaign"), ("referral", "referrer"), ("partner", "partner")]
)
def test_a_source_can_be_traced(channel: str, trace: str) -> None:
    assert refusal(CaptureLead(company="甲", channel=channel), "cus_1", Around()) == "lead.untraceable"
    assert events(CaptureLead(company="甲", channel=channel, **{trace: "某某"}), "cus_1", Around())


def test_a_company_belongs_to_who_claimed_it_first() -> None:
    asked = CaptureLead(company="北方阀门 有限公司", channel="online")
    again = CaptureLead(company="北方阀门有限公司", channel="online", owner="li.si")

    def captured(asked: CaptureLead, around: Around) -> tuple[Any, Any]:
        (made,) = events(asked, "cus_2", around)
        return made.owner, made.duplicates  # type: ignore[attr-defined]

    assert captured(asked, lead(by="li.si")) == ("zhang.san", ("cus_1",))
    assert captured(again, lead(by="li.si")) == ("zhang.san", ("cus_1",))
    assert captured(again, lead(by="chen.jing")) == ("li.si", ("cus_1",))
    assert captured(again, lead(by="zhang.san")) == ("li.si", ("cus_1",))
    assert captured(asked, lead(e.LeadInvalidated(), by="li.si")) == ("li.si", ("cus_1",))


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("某某科技(上海)有限公司", "某某科技（上海） 有限公司"),
        ("ACME Tools Ltd.", "ａｃｍｅ tools"),
        ("北方阀门集团", "北方阀门有限公司"),
        ("O'Neill & Sons, Inc.", "ONeill Sons"),
    ],
)
def test_names_are_the_same_whatever_their_width_spaces_and_suffix(one: str, same: str) -> None:
    assert normalised(one) == normalised(same)


@pytest.mark.parametrize(("one", "other"), [("北方阀门", "南方阀门"), ("有限公司", "公司"), ("甲一科技", "甲二科技")])
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)
    assert normalised(one)


def test_a_lead_is_validated_once_or_told_apart() -> None:
    assert events(ValidateLead(), "cus_1", lead()) == [e.LeadValidated()]
    assert refusal(ValidateLead(), "cus_1", lead(e.LeadValidated())) == "lead.already"
    flagged = Around().after("cus_1", e.LeadCaptured(company="甲", channel="online", duplicates=("cus_0",)))
    flagged.after("cus_1", e.LeadValidated())
    assert events(ValidateLead(distinct=True), "cus_1", flagged) == [e.LeadValidated(distinct=True)]


def test_a_lead_is_invalidated_once_with_a_reason() -> None:
    around = lead()
    assert refusal(InvalidateLead(), "cus_1", around) == "reason.missing"
    around.reason = "空号"
    assert events(InvalidateLead(), "cus_1", around) == [e.LeadInvalidated()]
    around.after("cus_1", e.LeadInvalidated())
    assert refusal(InvalidateLead(), "cus_1", around) == "lead.already"


def test_only_the_owner_or_who_leads_assigns_what_is_owned() -> None:
    asked = AssignLead(owner="li.si")
    assert events(asked, "cus_1", lead()) == [e.CustomerAssigned(owner="li.si")]
    assert events(asked, "cus_1", lead(by="chen.jing")) == [e.CustomerAssigned(owner="li.si")]
    assert refusal(asked, "cus_1", lead(by="li.si")) == "lead.owned"
    assert refusal(AssignLead(owner="nobody"), "cus_1", lead()) == "person.unknown"
    gone = lead().after("per_wang.wu", PersonRegistered(login="wang.wu", name="王五", role="rep"))
    gone.after("per_wang.wu", PersonDeparted(date=gone.day.replace(day=1)))
    assert refusal(AssignLead(owner="wang.wu"), "cus_1", gone) == "person.departed"


def test_a_grade_needs_its_criteria_or_an_override_with_a_reason() -> None:
    assert events(GradeLead(grade="high", **CLEAR), "cus_1", lead()) == [e.LeadGraded(grade="high", **CLEAR)]
    half = GradeLead(grade="high", need_fit="clear", decision_chain="engaged")
    assert refusal(half, "cus_1", lead()) == "lead.criterion"
    over = GradeLead(grade="high", need_fit="clear", decision_chain="engaged", override=True)
    assert refusal(over, "cus_1", lead()) == "reason.missing"
    around = lead()
    around.reason = "老客户介绍"
    assert events(over, "cus_1", around) == [
        e.LeadGraded(grade="high", need_fit="clear", decision_chain="engaged", override=True, unmet=("budget",))
    ]
    assert refusal(GradeLead(grade="initial"), "cus_1", lead(e.LeadInvalidated())) == "lead.invalid"


def test_a_key_account_needs_a_team() -> None:
    assert refusal(GradeLead(grade="key"), "cus_1", lead()) == "lead.no_team"
    assert events(GradeLead(grade="key"), "cus_1", lead(e.DedicatedTeamFormed(members=("li.si",))))


def test_the_criteria_are_those_of_the_policy() -> None:
    around = lead()
    around.policies["grading"] = {"initial": {"need_fit": "clear"}}
    assert refusal(GradeLead(grade="initial"), "cus_1", around) == "lead.criterion"
    assert events(GradeLead(grade="high"), "cus_1", around)


def test_two_leads_are_merged_either_way() -> None:
    around = lead().after("cus_2", CAPTURED)
    into_1 = [("cus_1", e.LeadsMerged(duplicate="cus_2")), ("cus_2", e.MergedInto(survivor="cus_1"))]
    assert decide(MergeLeads(duplicate="cus_2"), "cus_1", around) == into_1
    assert decide(MergeLeads(into="cus_1"), "cus_2", around) == into_1
    assert refusal(MergeLeads(), "cus_1", around) == "lead.merge_with_whom"
    assert refusal(MergeLeads(duplicate="cus_1"), "cus_1", around) == "lead.same"
    around.after("cus_1", e.LeadsMerged(duplicate="cus_2")).after("cus_2", e.MergedInto(survivor="cus_1"))
    assert refusal(MergeLeads(duplicate="cus_2"), "cus_1", around) == "lead.merged"


def test_a_merge_is_undone_from_either_side() -> None:
    around = lead().after("cus_2", CAPTURED)
    assert refusal(UnmergeLeads(), "cus_1", around) == "lead.not_merged"
    around.after("cus_1", e.LeadsMerged(duplicate="cus_2")).after("cus_2", e.MergedInto(survivor="cus_1"))
    undone = [("cus_1", e.LeadsUnmerged(duplicate="cus_2")), ("cus_2", e.UnmergedFrom(survivor="cus_1"))]
    assert decide(UnmergeLeads(), "cus_2", around) == undone
    assert decide(UnmergeLeads(), "cus_1", around) == undone
    assert decide(UnmergeLeads(duplicate="cus_2"), "cus_1", around) == undone
