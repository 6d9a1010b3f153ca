"""Setting a target, and revising it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.calendar.period import NoPeriod, Period
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.types import Basis, Comparator, Currency, Goal, Metric, TargetId
from domain.target import events as e
from domain.target.state import CURRENCY, Target, foreign

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

    metric: Metric | None = given("What is measured; also a metric that the policy metrics defines.", default=None)
    value: Goal | None = given("What is to be reached.", default=None)
    unit: str | None = given("Unit of the value; the metric's own unless given.", default=None)
    currency: Currency | None = given(
        "Currency of a target of sales or of another sum; the store's unless given.", default=None
    )
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
        money = e.of_money(metric, given_["period"], context)
        if metric == "sales" and kept["basis"] is None and context.policy("sales-basis")["basis"] != "signed":
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
            unit=self.unit or state.unit or (None if money or metric is None else UNITS.get(metric) or metric),
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
            except NoPeriod as wrong:
                return Refused("target.no_period", period=self.period, **wrong.told)
        return known_owner(self.owner, context) if self.owner else None


@action("target.revise", subject="target", example="sales target revise tgt_1 --value 700000 --reason 行业下行")
class ReviseTarget(Action):
    """Propose another value for a target (--reason); it is in force once it is approved and filed."""

    value: Goal = given("The new value.", positional=True, also=("new",))
    currency: Currency | None = given(CURRENCY, default=None)

    def decide(self, state: Target, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="target.revise")
        if state.state in ("", "withdrawn"):
            facts = {"state": state.state, "action": "target.revise", "target": context.subject}
            return Refused("target.wrong_state", needed="in use", **facts)
        refused = foreign(state, self.currency)
        if refused:
            return refused
        if self.value == state.value:
            return Refused("event.nothing_changes")
        return e.TargetRevised(old=state.value, new=self.value)
