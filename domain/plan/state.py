"""What an action plan is after its events: its key actions, its approval, and the key actions in force."""

from __future__ import annotations

from typing import Any, Final

from domain.kernel.declared import State, declared, field
from domain.plan import events as e
from domain.plan.kinds import KeyAction

IN_USE: Final = ("draft", "submitted", "approved", "returned", "filed")
"""The states of a plan that was not withdrawn."""


@declared
class Plan(State):
    """An action plan as the log knows it.

    `actions` are the key actions committed to last, by item; `filed` those in force (None before the first filing).
    `state` is draft, submitted, approved, returned, filed or withdrawn.
    """

    target: str = ""
    owner: str = ""
    period: str = ""
    channels: tuple[str, ...] = ()
    turn: int | None = None
    actions: dict[str, KeyAction] = field(default_factory=dict)
    items: int = 0
    state: str = ""
    filed: dict[str, KeyAction] | None = None
    submitted: str | None = None
    submitted_by: str | None = None
    approved: str | None = None

    @property
    def in_force(self) -> dict[str, KeyAction]:
        """The key actions that count: the filed ones, else the ones committed to."""
        return self.actions if self.filed is None else self.filed

    def committed(self, place: tuple[str, str | None, str]) -> str | None:
        """Return the item of the key action at a place, or None."""
        return next((item for item, each in self.actions.items() if each.place == place), None)

    def digest(self) -> str:
        """Return the digest of the content that an approval binds."""
        actions = sorted((each.kind, each.channel or "", each.per, each.count) for each in self.actions.values())
        content = (self.target, self.owner, self.period, *sorted(self.channels), *map(str, actions))
        import hashlib  # loads OpenSSL: only where something is approved

        return hashlib.sha256(repr(content).encode()).hexdigest()[:32]


def evolve(plan: Plan, happened: Any) -> Plan:
    """Return `plan` after `happened`."""
    match happened:
        case e.ActionPlanDrafted():
            plan.target, plan.owner, plan.period = happened.target, happened.owner, happened.period
            plan.channels, plan.turn = tuple(happened.channels), happened.turn
            plan.state = "draft"
        case e.KeyActionCommitted(item=item, kind=kind, count=count, per=per, channel=channel):
            plan.items = max(plan.items, int(item[1:]))
            plan.actions = {known: each for known, each in plan.actions.items() if known != item}
            if count:
                plan.actions[item] = KeyAction(kind, count, per, channel)
            plan.state = "draft"
        case e.ActionPlanSubmitted():
            plan.state, plan.submitted, plan.submitted_by = "submitted", happened.digest, happened.by
        case e.ActionPlanApproved():
            plan.state, plan.approved = "approved", happened.digest
        case e.ActionPlanReturned():
            plan.state = "returned"
        case e.ActionPlanFiled():
            plan.state, plan.filed = "filed", dict(plan.actions)
        case e.ActionPlanWithdrawn():
            plan.state = "withdrawn"
    return plan
