"""Action plans: drafted for a target, committed to key actions, approved by a second person and filed."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from domain.correction.actions import CorrectEvent, VoidEvent
from domain.plan import events as e
from domain.plan.actions import CommitKeyAction, DraftPlan
from domain.plan.approval import ApprovePlan, FilePlan, ReturnPlan, SubmitPlan
from domain.plan.state import Plan, evolve
from domain.target.events import TargetSet, TargetWithdrawn
from tests.domain.context import Around, events, refusal

SET = TargetSet(
    metric="sales", value=Decimal(1), period="2024Q1", owner="zhang.san", rationale="去年业绩", currency="CNY"
)
DRAFTED = e.ActionPlanDrafted(target="tgt_1", owner="zhang.san", period="2024Q1", channels=("exhibition", "online"))
LEADS = e.KeyActionCommitted(item="a1", kind="leads", count=3, per="week", channel="exhibition")
WEEKLY: dict[str, Any] = {"kind": "leads", "count": 3, "per": "week"}


def way(*steps: str, reason: str | None = None) -> Around:
    """Return surroundings in which the plan has gone these steps."""
    around = Around("lin.zong", reason=reason).after("tgt_1", SET).after("pln_1", DRAFTED).after("pln_1", LEADS)
    for step in steps:
        digest = around.load("pln_1").digest()
        made: dict[str, Any] = {
            "submitted": e.ActionPlanSubmitted(digest=digest, by="zhang.san"),
            "approved": e.ActionPlanApproved(digest=digest, by="lin.zong"),
            "filed": e.ActionPlanFiled(digest=digest),
            "returned": e.ActionPlanReturned(),
            "more": e.KeyActionCommitted(item="a2", kind="calls", count=2, per="day"),
        }
        around.after("pln_1", made[step], by="zhang.san" if step == "more" else "lin.zong")
    return around


def test_a_plan_takes_the_owner_and_the_period_of_its_target() -> None:
    asked = DraftPlan(target="tgt_1", channels=("展会", "online", "展会"))
    assert events(asked, "pln_1", Around().after("tgt_1", SET)) == [DRAFTED]


@pytest.mark.parametrize(
    ("around", "target", "code"),
    [
        (Around().after("tgt_1", SET), None, "plan.no_target"),
        (Around(), "tgt_1", "plan.target_unfit"),
        (Around().after("tgt_1", TargetSet(metric="sales", owner="zhang.san")), "tgt_1", "plan.target_unfit"),
        (Around().after("tgt_1", SET).after("tgt_1", TargetWithdrawn()), "tgt_1", "plan.target_unfit"),
        (way(), "tgt_1", "plan.exists"),
    ],
)
def test_a_plan_needs_a_target_in_use_that_has_none_yet(around: Around, target: str | None, code: str) -> None:
    assert refusal(DraftPlan(target=target), "pln_2", around) == code


def test_drafted_again_it_keeps_its_target_and_is_a_draft_again() -> None:
    assert refusal(DraftPlan(), "pln_1", way()) == "event.nothing_changes"
    assert refusal(DraftPlan(target="tgt_2"), "pln_1", way().after("tgt_2", SET)) == "plan.other_target"
    (again,) = events(DraftPlan(channels=("referral",)), "pln_1", way("submitted", "approved", "filed"))
    assert again == e.ActionPlanDrafted(target="tgt_1", owner="zhang.san", period="2024Q1", channels=("referral",))
    assert way("submitted").after("pln_1", again).load("pln_1").state == "draft"


def test_a_key_action_is_committed_to_replaced_and_taken_out() -> None:
    around = way()
    assert events(CommitKeyAction(kind="calls", count=2, per="day"), "pln_1", around) == [
        e.KeyActionCommitted(item="a2", kind="calls", count=2, per="day")
    ]
    more = CommitKeyAction(kind="leads", count=4, per="week", channel="展会")
    assert events(more, "pln_1", around) == [
        e.KeyActionCommitted(item="a1", kind="leads", count=4, per="week", channel="exhibition")
    ]
    (out,) = events(CommitKeyAction(kind="leads", count=0, per="week", channel="exhibition"), "pln_1", around)
    assert around.after("pln_1", out).load("pln_1").actions == {}
    assert refusal(CommitKeyAction(kind="leads", count=0, per="week", channel="exhibition"), "pln_1", around) == (
        "event.nothing_changes"
    )
    (later,) = events(CommitKeyAction(**WEEKLY), "pln_1", around)
    assert later.item == "a2", "a number is not used twice"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (CommitKeyAction(**{**WEEKLY, "count": -1}), "plan.below_zero"),
        (CommitKeyAction(**WEEKLY, channel="exhibition"), "event.nothing_changes"),
        (CommitKeyAction(**WEEKLY, channel="referral"), "plan.channel_not_planned"),
        (CommitKeyAction(kind="visits", count=1, per="week", channel="visit"), "plan.no_channel"),
        (CommitKeyAction(kind="touches", count=1, per="week", channel="minutes"), "plan.channel_not_counted"),
    ],
)
def test_what_a_key_action_can_not_be(asked: CommitKeyAction, code: str) -> None:
    assert refusal(asked, "pln_1", way()) == code


def test_touches_may_be_bound_to_a_counted_channel_in_other_words() -> None:
    (made,) = events(CommitKeyAction(kind="touches", count=1, per="day", channel="电话"), "pln_1", way())
    assert made.channel == "call"  # type: ignore[attr-defined]


def test_it_is_submitted_approved_by_another_and_filed() -> None:
    digest = way().load("pln_1").digest()
    submitted = e.ActionPlanSubmitted(digest=digest, by="lin.zong")
    assert events(SubmitPlan(), "pln_1", way()) == [submitted]
    assert events(ApprovePlan(), "pln_1", way("submitted")) == [e.ActionPlanApproved(digest=digest, by="lin.zong")]
    assert events(FilePlan(), "pln_1", way("submitted", "approved")) == [e.ActionPlanFiled(digest=digest)]
    assert refusal(ApprovePlan(), "pln_1", way().after("pln_1", submitted)) == "plan.own_submission"
    rep = Around("li.si").after("pln_1", DRAFTED).after("pln_1", LEADS)
    rep.after("pln_1", e.ActionPlanSubmitted(digest=rep.load("pln_1").digest(), by="zhang.san"))
    assert refusal(ApprovePlan(), "pln_1", rep) == "right.role"


def test_an_empty_plan_is_not_submitted_and_a_step_needs_the_one_before() -> None:
    assert refusal(SubmitPlan(), "pln_1", Around().after("pln_1", DRAFTED)) == "plan.empty"
    assert refusal(SubmitPlan(), "pln_1", way("submitted")) == "plan.wrong_state"
    assert refusal(ApprovePlan(), "pln_1", way()) == "plan.wrong_state"
    assert refusal(FilePlan(), "pln_1", way("submitted")) == "plan.wrong_state"
    assert refusal(ReturnPlan(), "pln_1", way("submitted")) == "reason.missing"
    assert refusal(ReturnPlan(), "pln_1", way(reason="太少")) == "plan.wrong_state"
    assert events(ReturnPlan(), "pln_1", way("submitted", reason="太少")) == [e.ActionPlanReturned()]
    assert events(SubmitPlan(), "pln_1", way("submitted", "returned"))


def test_an_edit_is_not_covered_by_the_approval() -> None:
    assert refusal(ApprovePlan(), "pln_1", way("submitted", "more")) == "plan.wrong_state"
    assert refusal(FilePlan(), "pln_1", way("submitted", "approved", "more")) == "plan.wrong_state"
    assert events(SubmitPlan(), "pln_1", way("submitted", "approved", "filed", "more"))


def test_a_correction_is_not_covered_by_it_either_and_needs_a_second_person() -> None:
    around = way("submitted", "approved", reason="笔误")
    told = around.heard("plan.committed")
    (corrected,) = events(CorrectEvent(values={"count": 5}), told, around)
    assert corrected.values == {"count": 5}  # type: ignore[attr-defined]
    own = Around("zhang.san", reason="笔误").after("pln_1", DRAFTED).after("pln_1", LEADS, by="zhang.san")
    own.after("pln_1", e.ActionPlanApproved(digest="x", by="lin.zong"), by="lin.zong")
    assert refusal(CorrectEvent(values={"count": 5}), own.heard("plan.committed"), own) == "event.second_person"
    assert refusal(CorrectEvent(values={"owner": "li.si"}), around.heard("plan.drafted"), around) == "event.fixed_field"
    assert refusal(VoidEvent(), told, around) == "event.followed"


def test_what_was_corrected_after_the_submission_is_not_approved() -> None:
    state = way("submitted").load("pln_1")
    edited = copy.deepcopy(state)
    edited.actions["a1"] = way("more").load("pln_1").actions["a2"]
    around = way("submitted")
    around._states["pln_1"] = edited
    assert refusal(ApprovePlan(), "pln_1", around) == "plan.edited"
    approved = way("submitted", "approved")
    approved._states["pln_1"].channels = ("referral",)
    assert refusal(FilePlan(), "pln_1", approved) == "plan.edited"


def test_the_filed_key_actions_stay_in_force_until_others_are_filed() -> None:
    plan = way("submitted", "approved", "filed", "more").load("pln_1")
    assert list(plan.in_force) == ["a1"]
    assert list(plan.actions) == ["a1", "a2"]
    assert list(evolve(plan, e.ActionPlanFiled(digest="x")).in_force) == ["a1", "a2"]
    assert Plan().in_force == {}
