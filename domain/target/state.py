"""What a target is after its events: the value in force, the value proposed, and its approval."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from domain.kernel.currency import differ
from domain.kernel.declared import State, declared, field
from domain.kernel.refusal import Refused
from domain.target import events as e

CURRENCY: Final = "Currency; the target's unless given."


@declared
class Target(State):
    """A target as the log knows it.

    `value` is the one proposed last, `filed` the one in force (None before the first filing), `original` the one before
    any revision. `state` is draft, submitted, approved, returned, filed or withdrawn.
    """

    metric: str | None = None
    value: Decimal | None = None
    unit: str | None = None
    currency: str | None = None
    comparator: str = ">="
    period: str | None = None
    owner: str | None = None
    parent: str | None = None
    rationale: str | None = None
    basis: str | None = None
    turn: int | None = None
    state: str = ""
    filed: Decimal | None = None
    original: Decimal | None = None
    revised: bool = False
    submitted: str | None = None
    submitted_by: str | None = None
    approved: str | None = None
    allocations: dict[str, Decimal] = field(default_factory=dict)

    @property
    def in_force(self) -> Decimal | None:
        """The value that attainment is reckoned against: the filed one, else the one set."""
        return self.filed if self.filed is not None else self.value

    def digest(self) -> str:
        """Return the digest of the content that an approval binds."""
        content = (
            self.metric, self.value and self.value.normalize(), self.unit, self.currency, self.comparator,
            self.period, self.owner, self.parent, self.rationale, self.basis,
        )  # fmt: skip
        import hashlib  # loads OpenSSL: only where something is approved

        return hashlib.sha256(repr(tuple(map(str, content))).encode()).hexdigest()[:32]

    def missing_letters(self) -> list[str]:
        """Return the letters of SMART that the target lacks, each with what is missing."""
        letters = (
            ("S", "metric", self.metric and self.comparator),
            ("M", "value", self.value is not None),
            ("A", "owner", self.owner),
            ("R", "parent or rationale", self.parent or self.rationale),
            ("T", "period", self.period),
        )
        return [f"{letter} ({what})" for letter, what, held in letters if not held]


def foreign(target: Target, currency: str | None) -> Refused | None:
    """Return a refusal of another currency than the target's; what is counted has none, whatever is said."""
    if currency is None or target.currency is None or not differ(currency, target.currency):
        return None
    return Refused("target.currency", expected=target.currency, currency=currency)


def evolve(target: Target, happened: Any) -> Target:
    """Return `target` after `happened`."""
    match happened:
        case e.TargetSet():
            for name in ("metric", "value", "unit", "currency", "comparator", "period", "owner"):
                setattr(target, name, getattr(happened, name))
            target.parent, target.rationale, target.basis = happened.parent, happened.rationale, happened.basis
            target.turn = happened.turn
            target.state = "draft"
            if not target.revised and target.filed is None:
                target.original = happened.value
        case e.TargetRevised(new=new):
            target.value, target.revised, target.state = new, True, "draft"
        case e.TargetAllocated(child=child, value=value):
            target.allocations[child] = value
        case e.TargetReallocated(from_=giver, to=taker, value=value):
            target.allocations[giver] = target.allocations.get(giver, Decimal(0)) - value
            target.allocations[taker] = target.allocations.get(taker, Decimal(0)) + value
        case e.TargetSubmitted():
            target.state, target.submitted, target.submitted_by = "submitted", happened.digest, happened.by
        case e.TargetApproved():
            target.state, target.approved = "approved", happened.digest
        case e.TargetReturned():
            target.state = "returned"
        case e.TargetFiled():
            target.state, target.filed = "filed", target.value
        case e.TargetWithdrawn():
            target.state = "withdrawn"
    return target
