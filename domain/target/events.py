"""Everything that can happen to a target."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from domain.calendar.period import NoPeriod, Period
from domain.kernel.event import Claim, Event, event
from domain.kernel.refusal import Refused
from domain.kernel.types import Basis, Comparator, Currency, Goal, Login, Metric, TargetId
from domain.policy.metrics import BUILT_IN, known, summed

if TYPE_CHECKING:
    from domain.kernel.context import Context


@event("target.set")
class TargetSet(Event):
    metric: Metric | None = None
    value: Goal | None = None
    unit: str | None = None
    currency: Currency | None = None
    comparator: Comparator = ">="
    period: str | None = None
    owner: str | None = None
    parent: TargetId | None = None
    rationale: str | None = None
    basis: Basis | None = None
    turn: int | None = None

    def claims(self) -> Iterable[Claim]:
        if self.metric and self.period and self.owner:
            yield Claim("target", place(self.metric, self.basis, self.period, self.owner, self.turn), True)

    def refused(self, context: Context, stream: str) -> Refused | None:
        if self.metric is None or self.metric in BUILT_IN:
            return None
        metrics = known(defining(self.period, context))
        return (
            None
            if self.metric in metrics
            else Refused("target.no_metric", metric=self.metric, known=", ".join(metrics))
        )


def defining(period: str | None, context: Context) -> list[Mapping[str, Any]]:
    """Return the definitions of metrics that a target of a period may rest on: of today, and of the period's ends."""
    days = [context.day]
    with suppress(NoPeriod):  # which is refused for itself
        days += Period.parse(period or "", context.fiscal_month)[:2]
    return [context.policy("metrics", day) for day in days]


def of_money(metric: str | None, period: str | None, context: Context) -> bool:
    """Say whether a target of a period on a metric is an amount of money."""
    return metric == "sales" or (metric not in BUILT_IN and summed(metric, defining(period, context)))


def place(metric: str, basis: str | None, period: str, owner: str, turn: int | None = None) -> str:
    """Return the place that only one target can take: a metric and basis of an owner in a period.

    Whoever comes after a target that was withdrawn takes the next `turn`.
    """
    return f"{period}/{owner}/{metric}/{basis or 'signed'}" + (f"/{turn}" if turn else "")


def holder(
    context: Context, metric: str, basis: str | None, period: str, owner: str, but: str = ""
) -> tuple[str | None, int | None]:
    """Return the target in use that holds a place, another than `but`, if any; and the turn that is held or free."""
    for turn in itertools.count():
        held = context.holders("target", place(metric, basis, period, owner, turn))
        if not held or held[0] == but:
            return None, turn or None
        if context.load(held[0]).state not in ("", "withdrawn"):
            return held[0], turn or None
    raise AssertionError("count() has no end")


def in_place_of(target: str, context: Context) -> Iterator[str]:
    """Yield the target in use that has taken the place of a withdrawn one, if any."""
    gone = context.load(target)
    if not (gone.metric and gone.period and gone.owner):
        return
    for turn in itertools.count():
        held = context.holders("target", place(gone.metric, gone.basis, gone.period, gone.owner, turn))
        if not held:
            return
        if held[0] != target and context.load(held[0]).state not in ("", "withdrawn"):
            yield held[0]


@event("target.allocated")
class TargetAllocated(Event):
    child: TargetId
    value: Goal
    over: Decimal | None = None


@event("target.reallocated", adds=True)
class TargetReallocated(Event):
    from_: TargetId
    to: TargetId
    value: Goal


@event("target.revised", adds=True)
class TargetRevised(Event):
    old: Decimal | None = None
    new: Goal


@event("target.submitted", adds=True)
class TargetSubmitted(Event):
    digest: str
    by: Login


@event("target.approved", adds=True, by=("target.approve",))
class TargetApproved(Event):
    digest: str
    by: Login


@event("target.returned")
class TargetReturned(Event):
    pass


@event("target.filed", adds=True)
class TargetFiled(Event):
    digest: str


@event("target.withdrawn")
class TargetWithdrawn(Event):
    pass
