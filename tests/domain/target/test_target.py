"""Targets: set, shared out, approved by a second person, filed, revised and withdrawn."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.organisation.group import GroupFormed
from domain.target import events as e
from domain.target.actions import ReviseTarget, SetTarget
from domain.target.allocation import AllocateTarget, ReallocateTarget
from domain.target.approval import ApproveTarget, FileTarget, ReturnTarget, SubmitTarget, WithdrawTarget
from tests.domain.context import Around, decide, events, refusal

WHOLE: dict[str, Any] = {
    "metric": "sales", "value": Decimal(800000), "period": "2024Q1", "owner": "zhang.san", "rationale": "行业A",
}  # fmt: skip
SET = e.TargetSet(**WHOLE, currency="CNY")
HUGE = e.TargetSet(**{**WHOLE, "value": Decimal(5000000), "owner": "company"}, currency="CNY")


def way(*steps: str) -> Around:
    """Return surroundings in which the target has gone these steps."""
    around = Around("lin.zong").after("tgt_1", SET)
    for step in steps:
        digest = around.load("tgt_1").digest()
        made: dict[str, Any] = {
            "submitted": e.TargetSubmitted(digest=digest, by="chen.jing"),
            "approved": e.TargetApproved(digest=digest, by="lin.zong"),
            "filed": e.TargetFiled(digest=digest),
            "returned": e.TargetReturned(),
            "revised": e.TargetRevised(old=Decimal(800000), new=Decimal(700000)),
            "withdrawn": e.TargetWithdrawn(),
        }
        around.after("tgt_1", made[step])
    return around


def test_a_target_may_be_set_bit_by_bit() -> None:
    assert events(SetTarget(**WHOLE), "tgt_1", Around()) == [SET]
    assert events(SetTarget(metric="sales"), "tgt_1", Around()) == [e.TargetSet(metric="sales", currency="CNY")]
    draft = Around().after("tgt_1", SET)
    (again,) = events(SetTarget(value=Decimal(900000)), "tgt_1", draft)
    assert again == e.TargetSet(**{**WHOLE, "value": Decimal(900000)}, currency="CNY")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("owner", "nobody", "target.no_owner"),
        ("period", "soon", "target.no_period"),
        ("value", Decimal(-1), "target.below_zero"),
    ],
)
def test_what_a_target_names_must_be_there(field: str, value: Any, code: str) -> None:
    assert refusal(SetTarget(**{**WHOLE, field: value}), "tgt_1", Around()) == code


def test_a_place_is_held_by_one_target_until_it_is_withdrawn() -> None:
    assert refusal(SetTarget(**WHOLE), "tgt_2", way()) == "target.exists"
    assert refusal(SetTarget(**{**WHOLE, "period": "2024-Q1"}), "tgt_2", way()) == "target.exists"
    assert events(SetTarget(**{**WHOLE, "basis": "collected"}), "tgt_2", way())
    (next_,) = events(SetTarget(**WHOLE), "tgt_2", way("withdrawn"))
    assert next_ == e.TargetSet(**WHOLE, currency="CNY", turn=1)
    assert refusal(SetTarget(**WHOLE), "tgt_3", way("withdrawn").after("tgt_2", next_)) == "target.exists"


def test_a_filed_target_is_revised_and_not_set_again() -> None:
    asked = SetTarget(value=Decimal(1))
    assert refusal(asked, "tgt_1", way("submitted", "approved", "filed")) == "target.wrong_state"
    assert events(asked, "tgt_1", way("submitted"))


def test_the_adopted_basis_is_that_of_a_target_that_names_none() -> None:
    around = Around()
    around.policies["sales-basis"] = {"basis": "collected"}
    (made,) = events(SetTarget(**WHOLE), "tgt_1", around)
    assert made == e.TargetSet(**WHOLE, basis="collected", currency="CNY")


def test_a_share_is_given_to_a_target_or_to_an_owner_who_gets_one() -> None:
    around = Around().after("tgt_0", HUGE).after("tgt_1", SET).after("grp_g1", GroupFormed(code="g1", name="一组"))
    assert events(AllocateTarget(child="tgt_1", value=Decimal(800000)), "tgt_0", around) == [
        e.TargetAllocated(child="tgt_1", value=Decimal(800000))
    ]
    assert events(AllocateTarget(child="zhang.san", value=Decimal(6000000)), "tgt_0", around) == [
        e.TargetAllocated(child="tgt_1", value=Decimal(6000000), over=Decimal(1000000))
    ]
    made = e.TargetSet(
        metric="sales", value=Decimal(2000000), period="2024Q1", owner="g1", parent="tgt_0", currency="CNY"
    )
    assert decide(AllocateTarget(child="g1", value=Decimal(2000000)), "tgt_0", around) == [
        ("tgt_0", e.TargetAllocated(child="tgt_new1", value=Decimal(2000000))),
        ("tgt_new1", made),
    ]


@pytest.mark.parametrize(
    ("child", "code"),
    [
        ("nobody", "target.no_owner"),
        ("company", "target.not_a_child"),
        ("tgt_0", "target.not_a_child"),
        ("tgt_leads", "target.not_a_child"),
        ("tgt_year", "target.not_a_child"),
    ],
)
def test_only_a_part_takes_a_share(child: str, code: str) -> None:
    around = Around().after("tgt_0", HUGE)
    around.after("tgt_leads", e.TargetSet(**{**WHOLE, "metric": "leads"}))
    around.after("tgt_year", e.TargetSet(**{**WHOLE, "period": "2024"}, currency="CNY"))
    assert refusal(AllocateTarget(child=child, value=Decimal(1)), "tgt_0", around) == code


def test_a_target_without_a_value_has_nothing_to_share() -> None:
    around = Around().after("tgt_0", e.TargetSet(metric="sales", period="2024Q1", owner="company"))
    assert refusal(AllocateTarget(child="zhang.san", value=Decimal(1)), "tgt_0", around) == "target.no_value"


def test_a_share_moves_from_who_has_it() -> None:
    around = Around().after("tgt_0", HUGE).after("tgt_1", SET)
    around.after("tgt_0", e.TargetAllocated(child="tgt_1", value=Decimal(500)))
    asked = ReallocateTarget(from_="zhang.san", to="li.si", value=Decimal(300))
    moved, made = events(asked, "tgt_0", around)
    assert moved == e.TargetReallocated(from_="tgt_1", to="tgt_new1", value=Decimal(300))
    assert isinstance(made, e.TargetSet)
    too_much = ReallocateTarget(from_="zhang.san", to="li.si", value=Decimal(501))
    assert refusal(too_much, "tgt_0", around) == "target.not_allocated"
    nobody = ReallocateTarget(from_="zhang.san", to="nobody", value=Decimal(1))
    assert refusal(nobody, "tgt_0", around) == "target.no_owner"


def test_a_target_is_submitted_once_it_is_smart() -> None:
    digest = way().load("tgt_1").digest()
    assert events(SubmitTarget(), "tgt_1", way()) == [e.TargetSubmitted(digest=digest, by="lin.zong")]
    assert refusal(SubmitTarget(), "tgt_1", way("submitted")) == "target.wrong_state"
    vague = Around().after("tgt_1", e.TargetSet(metric="sales"))
    assert refusal(SubmitTarget(), "tgt_1", vague) == "target.not_smart"


def test_a_second_person_who_leads_approves_what_was_submitted() -> None:
    around = way("submitted")
    digest = around.load("tgt_1").digest()
    assert events(ApproveTarget(), "tgt_1", around) == [e.TargetApproved(digest=digest, by="lin.zong")]
    assert refusal(ApproveTarget(), "tgt_1", way()) == "target.wrong_state"
    around.actor, around.role = "chen.jing", "manager"
    assert refusal(ApproveTarget(), "tgt_1", around) == "target.own_submission"
    around.actor, around.role = "li.si", "rep"
    assert refusal(ApproveTarget(), "tgt_1", around) == "right.role"


def test_an_edit_after_the_submission_asks_for_another() -> None:
    around = Around("lin.zong").after("tgt_1", SET, e.TargetSubmitted(digest="of something else", by="chen.jing"))
    assert refusal(ApproveTarget(), "tgt_1", around) == "target.edited"
    around.after("tgt_1", e.TargetApproved(digest="of something else", by="lin.zong"))
    assert refusal(FileTarget(), "tgt_1", around) == "target.edited"
    assert refusal(ApproveTarget(), "tgt_1", way("submitted", "revised")) == "target.wrong_state"


def test_what_is_returned_needs_a_reason_and_is_submitted_again() -> None:
    around = way("submitted")
    assert refusal(ReturnTarget(), "tgt_1", around) == "reason.missing"
    around.reason = "依据不足"
    assert events(ReturnTarget(), "tgt_1", around) == [e.TargetReturned()]
    assert events(SubmitTarget(), "tgt_1", way("submitted", "returned"))


def test_an_approved_target_is_filed() -> None:
    around = way("submitted", "approved")
    assert events(FileTarget(), "tgt_1", around) == [e.TargetFiled(digest=around.load("tgt_1").digest())]
    assert refusal(FileTarget(), "tgt_1", way("submitted")) == "target.wrong_state"


def test_a_revision_is_another_value_with_a_reason() -> None:
    around = way("submitted", "approved", "filed")
    asked = ReviseTarget(value=Decimal(700000))
    assert refusal(asked, "tgt_1", around) == "reason.missing"
    around.reason = "行业下行"
    assert events(asked, "tgt_1", around) == [e.TargetRevised(old=Decimal(800000), new=Decimal(700000))]
    assert refusal(ReviseTarget(value=Decimal(800000)), "tgt_1", around) == "event.nothing_changes"
    assert refusal(ReviseTarget(value=Decimal(-1)), "tgt_1", around) == "target.below_zero"
    around.after("tgt_1", e.TargetWithdrawn())
    assert refusal(asked, "tgt_1", around) == "target.wrong_state"


def test_a_revised_target_keeps_the_value_in_force_until_it_is_filed_again() -> None:
    target = way("submitted", "approved", "filed", "revised").load("tgt_1")
    assert (target.state, target.in_force, target.original) == ("draft", Decimal(800000), Decimal(800000))
    target = way("submitted", "approved", "filed", "revised", "submitted", "approved", "filed").load("tgt_1")
    assert (target.state, target.in_force, target.original) == ("filed", Decimal(700000), Decimal(800000))


def test_a_target_is_withdrawn_once_with_a_reason() -> None:
    around = way()
    assert refusal(WithdrawTarget(), "tgt_1", around) == "reason.missing"
    around.reason = "重复"
    assert events(WithdrawTarget(), "tgt_1", around) == [e.TargetWithdrawn()]
    around.after("tgt_1", e.TargetWithdrawn())
    assert refusal(WithdrawTarget(), "tgt_1", around) == "target.wrong_state"
