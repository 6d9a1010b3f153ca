"""Setting a target, sharing it out among children, and revising it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from domain.action import Action, Decision, On, action, given
from domain.context import Context
from domain.period import Period
from domain.refusal import Refused
from domain.target import events as e
from domain.target.state import Target
from domain.words import Basis, Comparator, Metric, TargetId, TargetOrOwner

UNITS: Final = {
    "new-customers": "customers",
    "repurchase-rate": "ratio",
    "leads": "leads",
    "valid-leads": "leads",
    "follow-ups": "follow-ups",
}
COMPANY: Final = "company"


def known_owner(owner: str, context: Context) -> Refused | None:
    """Return a refusal unless `owner` is the company, a group's code or a person's login."""
    if owner == COMPANY or context.group(owner) or context.person(owner):
        return None
    return Refused("target.no_owner", owner=owner)


@action(
    "target.set",
    subject="target",
    creates=True,
    redo=True,
    example="sales target set --metric sales --value 800000 --period 2024Q1 --owner zhang.san --rationale 行业A",
)
class SetTarget(Action):
    """Set a target, or set a draft anew by naming it; what is still missing is asked for at submit."""

    metric: Metric | None = given("What is measured.", default=None)
    value: Decimal | None = given("What is to be reached.", default=None)
    unit: str | None = given("Unit of the value; the metric's own unless given.", default=None)
    currency: str | None = given("Currency of a sales target; the store's unless given.", default=None)
    comparator: Comparator = given("How the actual is compared with the value.", default=">=")
    period: str | None = given("The period: 2024Q1, 2024-02, 2024-W07, 2024.", default=None)
    owner: str | None = given("company, a group's code or a person's login.", default=None)
    parent: TargetId | None = given("The target that this one is a part of.", default=None)
    rationale: str | None = given("Why this value.", default=None)
    basis: Basis | None = given("What counts as sales: signed, collected, ...", default=None)

    @staticmethod
    def looks(values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return the claims that the decision will ask about, so that a batch reads them at once."""
        metric, period, owner = (values.get(name) for name in ("metric", "period", "owner"))
        if not (metric and period and owner):
            return []
        try:
            return [("target", e.place(metric, values.get("basis"), Period.parse(period).name, owner, 0))]
        except ValueError:
            return []

    def decide(self, state: Target, context: Context) -> Decision:
        refused = self.refused(state, context)
        if refused:
            return refused
        given_ = {name: getattr(self, name) or getattr(state, name) for name in ("metric", "period", "owner")}
        kept = {name: getattr(self, name) or getattr(state, name) for name in ("parent", "rationale", "basis")}
        metric = given_["metric"]
        money = metric == "sales"
        if money and kept["basis"] is None and context.policy("sales-basis")["basis"] != "signed":
            kept["basis"] = context.policy("sales-basis")["basis"]
        given_["period"] = self.canonical(given_["period"], context)
        held, turn = None, None
        if all(given_.values()):
            held, turn = e.holder(context, metric, kept["basis"], given_["period"], given_["owner"], context.subject)
        if held:
            facts = {name: given_[name] for name in ("owner", "metric", "period")}
            return Refused("target.exists", target=held, **facts)
        made = e.TargetSet(
            **given_,
            **kept,
            turn=turn,
            value=self.value if self.value is not None else state.value,
            currency=(self.currency or state.currency or context.currency) if money else None,
            unit=self.unit or state.unit or (None if money or metric is None else UNITS.get(metric)),
            comparator=self.comparator,
        )
        return made.refused(context, context.subject) or made

    def canonical(self, period: str | None, context: Context) -> str | None:
        return Period.parse(period, context.fiscal_month).name if period else None

    def refused(self, state: Target, context: Context) -> Refused | None:
        if state.state and (state.filed is not None or state.state in ("approved", "withdrawn")):
            facts = {"state": state.state, "action": "target.set", "target": context.subject}
            return Refused("target.wrong_state", needed="draft, submitted or returned (revise a filed one)", **facts)
        if self.period:
            try:
                Period.parse(self.period, context.fiscal_month)
            except ValueError as wrong:
                return Refused("target.no_period", period=self.period, why=str(wrong))
        return known_owner(self.owner, context) if self.owner else None


@action("target.allocate", subject="target", example="sales target allocate tgt_1 --child g1 --value 2000000")
class AllocateTarget(Action):
    """Give a child its share of a target; allocated again, the share is replaced. Too much is recorded and warned of."""

    child: TargetOrOwner = given(
        "The child: a target, or the owner whose target it is; made if there is none yet.", positional=True
    )
    value: Decimal = given("The share.")

    def decide(self, state: Target, context: Context) -> Decision:
        if state.value is None or not state.metric or not state.period:
            return Refused("target.no_value", target=context.subject)
        found = child_of(self.child, state, context)
        if isinstance(found, Refused):
            return found
        child, made = found
        shares = sum((v for c, v in state.allocations.items() if c != child), self.value)
        over = shares - state.value if shares > state.value else None
        allocated = e.TargetAllocated(child=child, value=self.value, over=over)
        if made is not None:
            return [allocated, On(child, made(self.value))]
        follows = context.target(child).value == state.allocations.get(child)
        return [allocated, *(adjusted(child, self.value, context) if follows else ())]


def adjusted(child: str, value: Decimal, context: Context) -> Iterator[On]:
    """Yield the event by which a child that is still a draft takes its new share; one under way is revised by its owner."""
    held = context.target(child)
    if (held.state, held.filed, held.parent) == ("draft", None, context.subject) and held.value != value:
        names = "metric unit currency comparator period owner parent rationale basis turn".split()
        yield On(child, e.TargetSet(**{name: getattr(held, name) for name in names}, value=value))


def child_of(named: str, state: Target, context: Context) -> Refused | tuple[str, _Maker | None]:
    """Return the child's id, and for one without a value the event that sets it; or why `named` can't be a child."""
    if named.startswith("tgt_"):
        child = context.target(named)
        why = "it is the target itself" if named == context.subject else mismatch(state, child, context)
        if why:
            return Refused("target.not_a_child", child=named, target=context.subject, why=why)
        return named, None
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


def mismatch(parent: Target, child: Target, context: Context) -> str | None:
    """Return why `child` can't take a share of `parent`, if so."""
    if child.metric != parent.metric or child.currency != parent.currency:
        return "it measures something else"
    if parent.period and child.period:
        outer, inner = (Period.parse(p, context.fiscal_month) for p in (parent.period, child.period))
        if inner.first < outer.first or inner.last > outer.last:
            return f"its period {child.period} is not inside {parent.period}"
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

    def decide(self, state: Target, context: Context) -> Decision:
        if state.value is None or not state.metric or not state.period:
            return Refused("target.no_value", target=context.subject)
        giver = child_of(self.from_, state, context)
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
            follow = [*adjusted(taker[0], (context.target(taker[0]).value or Decimal(0)) + self.value, context)]
        left = (context.target(giver[0]).value or Decimal(0)) - self.value
        return [*unsaid, moved, *adjusted(giver[0], max(left, Decimal(0)), context), *follow]

    def share(self, child: str, state: Target, context: Context) -> Decimal | None:
        """Return the child's share: the one allocated, else the value of a child that names this target its parent."""
        held = context.target(child)
        part = held.value if held.parent == context.subject and held.state != "withdrawn" else None
        return state.allocations.get(child, part)


@action("target.revise", subject="target", example="sales target revise tgt_1 --value 700000 --reason 行业下行")
class ReviseTarget(Action):
    """Propose another value for a target (--reason); it is in force once it is approved and filed."""

    value: Decimal = given("The new value.", positional=True, also=("new",))

    def decide(self, state: Target, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="target.revise")
        if state.state in ("", "withdrawn"):
            facts = {"state": state.state, "action": "target.revise", "target": context.subject}
            return Refused("target.wrong_state", needed="in use", **facts)
        if self.value < 0:
            return Refused("target.below_zero", value=str(self.value))
        if self.value == state.value:
            return Refused("event.nothing_changes")
        return e.TargetRevised(old=state.value, new=self.value)
