"""Everything that can happen to an action plan."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from domain.kernel.event import Claim, Event, event
from domain.kernel.refusal import Refused
from domain.kernel.types import Login, TargetId
from domain.plan.kinds import KeyActionKind, Per

if TYPE_CHECKING:
    from domain.kernel.context import Context


@event("plan.drafted")
class ActionPlanDrafted(Event):
    target: TargetId
    owner: str
    period: str
    channels: tuple[str, ...] = ()
    turn: int | None = None

    def claims(self) -> Iterable[Claim]:
        yield Claim("plan", place(self.target, self.turn), True)


def place(target: str, turn: int | None = None) -> str:
    """Return the place that only one plan can take: a target.

    Whoever comes after a plan that was withdrawn or voided takes the next `turn`.
    """
    return target + (f"/{turn}" if turn else "")


def holder(context: Context, target: str) -> tuple[str | None, int | None]:
    """Return the plan in use of a target, if there is one; and the turn that is held or free."""
    for turn in itertools.count():
        held = context.holders("plan", place(target, turn))
        if not held:
            return None, turn or None
        if context.load(held[0]).state not in ("", "withdrawn"):
            return held[0], turn or None
    raise AssertionError("count() has no end")


def in_place_of(plan: str, context: Context) -> Iterator[str]:
    """Yield the plan in use that has taken the place of a withdrawn one, if any."""
    held, _turn = holder(context, context.load(plan).target)
    if held and held != plan:
        yield held


@event("plan.committed", adds=True)
class KeyActionCommitted(Event):
    item: str
    kind: KeyActionKind
    count: int
    per: Per
    channel: str | None = None

    def refused(self, context: Context, stream: str) -> Refused | None:
        return Refused("plan.below_zero", count=self.count) if self.count < 0 else None


@event("plan.submitted", adds=True)
class ActionPlanSubmitted(Event):
    digest: str
    by: Login


@event("plan.approved", adds=True, by=("plan.approve",))
class ActionPlanApproved(Event):
    digest: str
    by: Login


@event("plan.returned")
class ActionPlanReturned(Event):
    pass


@event("plan.filed", adds=True)
class ActionPlanFiled(Event):
    digest: str


@event("plan.withdrawn")
class ActionPlanWithdrawn(Event):
    pass
