"""Everything that can happen to a target."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from domain.event import Claim, Event, event
from domain.words import Basis, Comparator, Login, Metric, TargetId


@event("target.set")
class TargetSet(Event):
    metric: Metric | None = None
    value: Decimal | None = None
    unit: str | None = None
    currency: str | None = None
    comparator: Comparator = ">="
    period: str | None = None
    owner: str | None = None
    parent: TargetId | None = None
    rationale: str | None = None
    basis: Basis | None = None

    def claims(self) -> Iterable[Claim]:
        if self.metric and self.period and self.owner:
            yield Claim("target", place(self.metric, self.basis, self.period, self.owner), True)


def place(metric: str, basis: str | None, period: str, owner: str) -> str:
    """Return the place that only one target can take: a metric and basis of an owner in a period."""
    return f"{period}/{owner}/{metric}/{basis or 'signed'}"


@event("target.allocated")
class TargetAllocated(Event):
    child: TargetId
    value: Decimal
    over: Decimal | None = None


@event("target.reallocated")
class TargetReallocated(Event):
    from_: TargetId
    to: TargetId
    value: Decimal


@event("target.revised")
class TargetRevised(Event):
    old: Decimal | None
    new: Decimal


@event("target.submitted")
class TargetSubmitted(Event):
    digest: str
    by: Login


@event("target.approved")
class TargetApproved(Event):
    digest: str
    by: Login


@event("target.returned")
class TargetReturned(Event):
    pass


@event("target.filed")
class TargetFiled(Event):
    digest: str


@event("target.withdrawn")
class TargetWithdrawn(Event):
    pass
