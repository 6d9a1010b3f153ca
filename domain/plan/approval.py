"""A plan's way into force: submit, approve or return, file."""

from __future__ import annotations

from domain.action import Action, Decision, action
from domain.context import Context
from domain.plan import events as e
from domain.plan.state import Plan
from domain.refusal import Refused
from domain.rights import lacking


def wrong_state(state: Plan, context: Context, act: str, *needed: str) -> Refused | None:
    """Return a refusal unless the plan is in one of the `needed` states."""
    if state.state in needed:
        return None
    return Refused("plan.wrong_state", state=state.state, action=act, needed=" or ".join(needed), plan=context.subject)


@action("plan.submit", subject="plan", example="sales plan submit pln_1")
class SubmitPlan(Action):
    """Submit a plan for approval; it must have a key action."""

    def decide(self, state: Plan, context: Context) -> Decision:
        refused = wrong_state(state, context, "plan.submit", "draft", "returned")
        if refused:
            return refused
        if not state.actions:
            return Refused("plan.empty", plan=context.subject)
        return e.ActionPlanSubmitted(digest=state.digest(), by=context.actor)


@action("plan.approve", subject="plan", example="sales plan approve pln_1")
class ApprovePlan(Action):
    """Approve a submitted plan; who submitted it can't."""

    def decide(self, state: Plan, context: Context) -> Decision:
        refused = wrong_state(state, context, "plan.approve", "submitted")
        if refused:
            return refused
        if state.submitted_by == context.actor:
            return Refused("plan.own_submission", actor=context.actor)
        lacks = lacking("plan.approve", context)
        if lacks:
            return lacks
        if state.submitted != state.digest():
            return Refused("plan.edited", plan=context.subject)
        return e.ActionPlanApproved(digest=state.digest(), by=context.actor)


@action("plan.return", subject="plan", example="sales plan return pln_1 --reason 展会线索太少")
class ReturnPlan(Action):
    """Send a submitted or approved plan back, with what must change (--reason)."""

    def decide(self, state: Plan, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="plan.return")
        return wrong_state(state, context, "plan.return", "submitted", "approved") or e.ActionPlanReturned()


@action("plan.file", subject="plan", example="sales plan file pln_1")
class FilePlan(Action):
    """File an approved plan: its key actions are in force."""

    def decide(self, state: Plan, context: Context) -> Decision:
        refused = wrong_state(state, context, "plan.file", "approved")
        if refused:
            return refused
        if state.approved != state.digest():
            return Refused("plan.edited", plan=context.subject)
        return e.ActionPlanFiled(digest=state.digest())
