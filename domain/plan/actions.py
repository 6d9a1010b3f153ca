"""Drafting an action plan for a target, and committing to its key actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.customer.events import channel_code
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.approval import wrong_state
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.synonyms import meant
from domain.kernel.types import COUNTED_CHANNELS, TargetId
from domain.plan import events as e
from domain.plan.kinds import KeyAction, KeyActionKind, Per
from domain.plan.state import IN_USE, Plan

if TYPE_CHECKING:
    from domain.target.state import Target

OF_TOUCHES: Final = ("touches", "intent-touches")
"""The kinds of touches that may be bound to one channel; visits and calls are so by their name."""


@action(
    "plan.draft",
    subject="plan",
    creates=True,
    redo=True,
    example="sales plan draft --target tgt_1 --channels exhibition --channels referral",
)
class DraftPlan(Action):
    """Draft the action plan of a target, or change the channels of a plan; a changed plan is a draft again."""

    target: TargetId | None = given("The target that the plan is for; each has one plan.", default=None)
    channels: tuple[str, ...] = given("Where leads are to come from; may be repeated.", default=(), also=("channel",))

    def decide(self, state: Plan, context: Context) -> Decision:
        named = self.target or state.target
        if not named:
            return Refused("plan.no_target")
        if state.state and named != state.target:
            return Refused("plan.other_target", plan=context.subject, target=state.target)
        if state.state == "withdrawn":
            return wrong_state("plan", state.state, context, "draft", *IN_USE) or ()
        target: Target = context.load(named)
        if target.state in ("", "withdrawn") or not target.owner or not target.period:
            return Refused("plan.target_unfit", target=named, state=target.state or "-")
        held, turn = e.holder(context, named)
        if held and held != context.subject:
            return Refused("plan.exists", target=named, plan=held)
        channels = tuple(dict.fromkeys(map(channel_code, self.channels))) or state.channels
        drafted = e.ActionPlanDrafted(
            target=named, owner=target.owner, period=target.period, channels=channels, turn=turn
        )
        same = (state.target, state.owner, state.period, state.channels)
        if state.state and same == (named, drafted.owner, drafted.period, channels):
            return Refused("event.nothing_changes")
        return drafted


@action(
    "plan.commit",
    subject="plan",
    example="sales plan commit pln_1 --kind leads --count 3 --per week --channel exhibition",
)
class CommitKeyAction(Action):
    """Commit to a key action: so many of a kind a day, week or month. Committed again its count is replaced; 0 takes it out."""

    kind: KeyActionKind = given(
        "What is counted: valid leads, customers touched on a day (touches; intent-touches: graded ones; visits; calls), "
        "needs, proposals, quotes, contracts signed."
    )
    count: int = given("How many.")
    per: Per = given("In which step.")
    channel: str | None = given("Only by this channel: of leads where they come from, of touches how.", default=None)

    def decide(self, state: Plan, context: Context) -> Decision:
        refused = wrong_state("plan", state.state, context, "commit", *IN_USE)
        if refused:
            return refused
        channel = self.by_channel(state, context)
        if isinstance(channel, Refused):
            return channel
        wanted = KeyAction(self.kind, self.count, self.per, channel)
        item = state.committed(wanted.place)
        if state.actions.get(item or "") == wanted or (item is None and not self.count):
            return Refused("event.nothing_changes")
        made = e.KeyActionCommitted(
            item=item or f"a{state.items + 1}", kind=self.kind, count=self.count, per=self.per, channel=channel
        )
        return made.refused(context, context.subject) or made

    def by_channel(self, state: Plan, context: Context) -> Refused | str | None:
        """Return the channel's code, or why the key action can't be bound to it."""
        if self.channel is None:
            return None
        if self.kind == "leads":
            code = channel_code(self.channel)
            if state.channels and code not in state.channels:
                planned = ", ".join(state.channels)
                return Refused("plan.channel_not_planned", channel=code, planned=planned, plan=context.subject)
            return code
        if self.kind not in OF_TOUCHES:
            return Refused("plan.no_channel", kind=self.kind)
        known = COUNTED_CHANNELS
        code = self.channel if self.channel in known else meant(self.channel, known) or ""
        return code or Refused("plan.channel_not_counted", channel=self.channel, known=", ".join(known))
