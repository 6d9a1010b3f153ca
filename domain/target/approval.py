"""A target's way into force: submit, approve or return, file; or withdraw."""

from __future__ import annotations

from domain.action import Action, Decision, action
from domain.context import Context
from domain.refusal import Refused
from domain.rights import lacking
from domain.target import events as e
from domain.target.state import Target


def wrong_state(state: Target, context: Context, act: str, *needed: str) -> Refused | None:
    """Return a refusal unless the target is in one of the `needed` states."""
    if state.state in needed:
        return None
    return Refused(
        "target.wrong_state", state=state.state, action=act, needed=" or ".join(needed), target=context.subject
    )


@action("target.submit", subject="target", example="sales target submit tgt_1")
class SubmitTarget(Action):
    """Submit a target for approval; it must be SMART."""

    def decide(self, state: Target, context: Context) -> Decision:
        refused = wrong_state(state, context, "target.submit", "draft", "returned")
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
        refused = wrong_state(state, context, "target.approve", "submitted")
        if refused:
            return refused
        if state.submitted_by == context.actor:
            return Refused("target.own_submission", actor=context.actor)
        lacks = lacking("target.approve", context)
        if lacks:
            return lacks
        if state.submitted != state.digest():
            return Refused("target.edited", target=context.subject)
        return e.TargetApproved(digest=state.digest(), by=context.actor)


@action("target.return", subject="target", example="sales target return tgt_1 --reason 依据不足")
class ReturnTarget(Action):
    """Send a submitted or approved target back, with what must change (--reason)."""

    def decide(self, state: Target, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="target.return")
        return wrong_state(state, context, "target.return", "submitted", "approved") or e.TargetReturned()


@action("target.file", subject="target", example="sales target file tgt_1")
class FileTarget(Action):
    """File an approved target: from now on it is the basis of assessment."""

    def decide(self, state: Target, context: Context) -> Decision:
        refused = wrong_state(state, context, "target.file", "approved")
        if refused:
            return refused
        if state.approved != state.digest():
            return Refused("target.edited", target=context.subject)
        return e.TargetFiled(digest=state.digest())


@action("target.withdraw", subject="target", example="sales target withdraw tgt_1 --reason 重复")
class WithdrawTarget(Action):
    """Withdraw a target (--reason); it stays in the history and counts no more."""

    def decide(self, state: Target, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="target.withdraw")
        return (
            wrong_state(state, context, "target.withdraw", "draft", "submitted", "approved", "returned", "filed")
            or e.TargetWithdrawn()
        )
