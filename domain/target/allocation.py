"""Sharing a target out among children, each with a target of its own, and moving shares between them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from domain.calendar.period import Period
from domain.kernel.action import Action, Decision, On, action, given
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.types import Currency, Goal, TargetOrOwner
from domain.kernel.unreadable import Unreadable
from domain.target import events as e
from domain.target.actions import known_owner
from domain.target.state import CURRENCY, Target, foreign


@action("target.allocate", subject="target", example="sales target allocate tgt_1 --child g1 --value 2000000")
class AllocateTarget(Action):
    """Give a child its share of a target; allocated again, the share is replaced. Too much is recorded and warned of."""

    child: TargetOrOwner = given(
        "The child: a target, or the owner whose target it is; made if there is none yet.", positional=True
    )
    value: Goal = given("The share.")
    currency: Currency | None = given(CURRENCY, default=None)

    def decide(self, state: Target, context: Context) -> Decision:
        if state.value is None or not state.metric or not state.period:
            return Refused("target.no_value", target=context.subject)
        found = foreign(state, self.currency) or child_of(self.child, state, context)
        if isinstance(found, Refused):
            return found
        child, made = found
        shares = sum((v for c, v in state.allocations.items() if c != child), self.value)
        over = shares - state.value if shares > state.value else None
        allocated = e.TargetAllocated(child=child, value=self.value, over=over)
        if made is not None:
            return [allocated, On(child, made(self.value))]
        follows = context.load(child).value == state.allocations.get(child)
        return [allocated, *(adjusted(child, self.value, context) if follows else ())]


def adjusted(child: str, value: Decimal, context: Context) -> Iterator[On]:
    """Yield the event by which a child that is still a draft takes its new share; one under way is revised by its owner."""
    held: Target = context.load(child)
    if (held.state, held.filed, held.parent) == ("draft", None, context.subject) and held.value != value:
        names = "metric unit currency comparator period owner parent rationale basis turn".split()
        yield On(child, e.TargetSet(**{name: getattr(held, name) for name in names}, value=value))


def child_of(named: str, state: Target, context: Context) -> Refused | tuple[str, _Maker | None]:
    """Return the child's id, and for one without a value the event that sets it; or why `named` can't be a child."""
    if named.startswith("tgt_"):
        child: Target = context.load(named)
        refused = {"child": named, "target": context.subject}
        if named == context.subject:
            return Refused("target.not_a_child", **refused, why="it is the target itself")
        why = mismatch(state, child, context)
        return Refused("target.not_a_child", **refused, **why.told) if why else (named, None)
    unknown = known_owner(named, context)
    if unknown:
        return unknown
    assert state.metric is not None
    assert state.period is not None
    held, turn = e.holder(context, state.metric, state.basis, state.period, named)
    if held == context.subject:
        return Refused("target.not_a_child", child=named, target=context.subject, why="it is the target itself")
    if held:
        return held, None
    return context.fresh("target"), _Maker(named, context.subject, state, turn)


def mismatch(parent: Target, child: Target, context: Context) -> Unreadable | None:
    """Return why `child` can't take a share of `parent`, if so."""
    if child.metric != parent.metric or child.currency != parent.currency:
        return Unreadable("it measures something else")
    if parent.period and child.period:
        outer, inner = (Period.parse(p, context.fiscal_month) for p in (parent.period, child.period))
        if inner.first < outer.first or inner.last > outer.last:
            return Unreadable("its period {period} is not inside {whole}", period=child.period, whole=parent.period)
    return None


class _Maker:
    """Makes the child's own target from the parent's, for a child that has none yet."""

    __slots__ = ("owner", "parent", "state", "turn")

    def __init__(self, owner: str, parent: str, state: Target, turn: int | None) -> None:
        self.owner, self.parent, self.state, self.turn = owner, parent, state, turn

    def __call__(self, value: Decimal) -> e.TargetSet:
        same = {name: getattr(self.state, name) for name in ("metric", "period", "currency", "unit", "basis")}
        return e.TargetSet(
            **same,
            value=value,
            owner=self.owner,
            parent=self.parent,
            turn=self.turn,
            comparator=self.state.comparator,  # type: ignore[arg-type]
        )


@action(
    "target.reallocate",
    subject="target",
    example="sales target reallocate tgt_1 --from g1 --to g2 --value 393442.62 --reason 调组",
)
class ReallocateTarget(Action):
    """Move a part of one child's share to another child."""

    from_: TargetOrOwner = given("The child that gives.")
    to: TargetOrOwner = given("The child that takes; its target is made if there is none yet.")
    value: Decimal = given("How much moves.")
    currency: Currency | None = given(CURRENCY, default=None)

    def decide(self, state: Target, context: Context) -> Decision:
        if state.value is None or not state.metric or not state.period:
            return Refused("target.no_value", target=context.subject)
        giver = foreign(state, self.currency) or child_of(self.from_, state, context)
        taker = child_of(self.to, state, context)
        for found in (giver, taker):
            if isinstance(found, Refused):
                return found
        assert isinstance(giver, tuple)
        assert isinstance(taker, tuple)
        given_, taken = (self.share(child, state, context) for child, _ in (giver, taker))
        if (given_ or Decimal(0)) < self.value or self.value <= 0:
            return Refused("target.not_allocated", child=self.from_, target=context.subject, value=str(self.value))
        unsaid = [
            e.TargetAllocated(child=child, value=share)
            for child, share in ((giver[0], given_), (taker[0], taken))
            if share is not None and child not in state.allocations
        ]
        moved = e.TargetReallocated(from_=giver[0], to=taker[0], value=self.value)
        if taker[1]:
            follow = [On(taker[0], taker[1](self.value))]
        else:
            follow = [*adjusted(taker[0], (context.load(taker[0]).value or Decimal(0)) + self.value, context)]
        left = (context.load(giver[0]).value or Decimal(0)) - self.value
        return [*unsaid, moved, *adjusted(giver[0], max(left, Decimal(0)), context), *follow]

    def share(self, child: str, state: Target, context: Context) -> Decimal | None:
        """Return the child's share: the one allocated, else the value of a child that names this target its parent."""
        held: Target = context.load(child)
        part = held.value if held.parent == context.subject and held.state != "withdrawn" else None
        return state.allocations.get(child, part)
