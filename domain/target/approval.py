"""A target's way into force: submit, approve or return, file; or withdraw."""

from __future__ import annotations

from domain.kernel.action import Action, Decision, action
from domain.kernel.approval import not_approvable, not_fileable, not_returnable, wrong_state
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.target import events as e
from domain.target.state import Target


@action("target.submit", subject="target", example="sales target submit tgt_1")
class SubmitTarget(Action):
    """Submit a target for approval; it must be SMART."""

    def decide(self, state: Target, context: Context) -> Decision:
        refused = wrong_state("target", state.state, context, "submit", "draft", "returned")
        if refused:
            return refused
        missing = state.missing_letters()
        if missing:
            return Refused("target.not_smart", missing=", ".join(missing), target=context.subject)
        return e.TargetSubmitted(digest=state.digest(), by=context.actor)


@action("target.approve", subject="target", example="sales target approve tgt_1")
class ApproveTarget(Action):
    """Approve a submitted target; who submitted it can't."""

    def decide(self, state: Target, context: Context) -> Decision:
        return not_approvable("target", state, context) or e.TargetApproved(digest=state.digest(), by=context.actor)


@action("target.return", subject="target", example="sales target return tgt_1 --reason 依据不足")
class ReturnTarget(Action):
    """Send a submitted or approved target back, with what must change (--reason)."""

    def decide(self, state: Target, context: Context) -> Decision:
        return not_returnable("target", state, context) or e.TargetReturned()


@action("target.file", subject="target", example="sales target file tgt_1")
class FileTarget(Action):
    """File an approved target: from now on it is the basis of assessment."""

    def decide(self, state: Target, context: Context) -> Decision:
        return not_fileable("target", state, context) or e.TargetFiled(digest=state.digest())


@action("target.withdraw", subject="target", example="sales target withdraw tgt_1 --reason 重复")
class WithdrawTarget(Action):
    """Withdraw a target (--reason); it stays in the history and counts no more."""

    def decide(self, state: Target, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="target.withdraw")
        return (
            wrong_state(
                "target", state.state, context, "withdraw", "draft", "submitted", "approved", "returned", "filed"
            )
            or e.TargetWithdrawn()
        )
