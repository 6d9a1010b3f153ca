"""A plan's way into force: submit, approve or return, file; or withdraw."""

from __future__ import annotations

from domain.kernel.action import Action, Decision, action
from domain.kernel.approval import not_approvable, not_fileable, not_returnable, wrong_state
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.plan import events as e
from domain.plan.state import IN_USE, Plan


@action("plan.submit", subject="plan", example="sales plan submit pln_1")
class SubmitPlan(Action):
    """Submit a plan for approval; it must have a key action."""

    def decide(self, state: Plan, context: Context) -> Decision:
        refused = wrong_state("plan", state.state, context, "submit", "draft", "returned")
        if refused:
            return refused
        if not state.actions:
            return Refused("plan.empty", plan=context.subject)
        return e.ActionPlanSubmitted(digest=state.digest(), by=context.actor)


@action("plan.approve", subject="plan", example="sales plan approve pln_1")
class ApprovePlan(Action):
    """Approve a submitted plan; who submitted it can't."""

    def decide(self, state: Plan, context: Context) -> Decision:
        return not_approvable("plan", state, context) or e.ActionPlanApproved(digest=state.digest(), by=context.actor)


@action("plan.return", subject="plan", example="sales plan return pln_1 --reason 展会线索太少")
class ReturnPlan(Action):
    """Send a submitted or approved plan back, with what must change (--reason)."""

    def decide(self, state: Plan, context: Context) -> Decision:
        return not_returnable("plan", state, context) or e.ActionPlanReturned()


@action("plan.file", subject="plan", example="sales plan file pln_1")
class FilePlan(Action):
    """File an approved plan: its key actions are in force."""

    def decide(self, state: Plan, context: Context) -> Decision:
        return not_fileable("plan", state, context) or e.ActionPlanFiled(digest=state.digest())


@action("plan.withdraw", subject="plan", example="sales plan withdraw pln_1 --reason 目标已调整")
class WithdrawPlan(Action):
    """Withdraw a plan (--reason); it stays in the history, its key actions count no more, and its target may get another."""

    def decide(self, state: Plan, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="plan.withdraw")
        return wrong_state("plan", state.state, context, "withdraw", *IN_USE) or e.ActionPlanWithdrawn()
