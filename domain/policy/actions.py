"""Policies: the team's own numbers, adopted by an event and effective from a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.declared import State, declared, field
from domain.kernel.event import Event, event
from domain.kernel.refusal import Refused
from domain.policy.defaults import RULES, PolicyName
from domain.policy.metrics import known
from domain.policy.validators import SCORED


@event("policy.adopted")
class PolicyAdopted(Event):
    name: str
    values: dict[str, Any]
    from_: dt.date

    def refused(self, context: Context, stream: str) -> Refused | None:
        rule = RULES[self.name]
        if rule.good(self.values):
            return self.unmeasured(context) if self.name == "scorecard" else None
        return Refused("policy.bad_value", name=self.name, value=dict(self.values), expected=rule.expected)

    def unmeasured(self, context: Context) -> Refused | None:
        """Return a refusal if something is weighed that is neither measured by the house nor defined by the team."""
        days = (context.day, self.from_)
        metrics = known(context.policy("metrics", day) for day in days)
        strange = next((name for name in self.values["weights"] if name not in (*SCORED, *metrics)), None)
        if strange is None:
            return None
        return Refused("target.no_metric", metric=strange, known=", ".join(dict.fromkeys((*SCORED, *metrics))))


@declared
class Policy(State):
    """A policy's versions: (effective from, values), in recorded order."""

    name: str = ""
    versions: list[tuple[dt.date, Mapping[str, Any]]] = field(default_factory=list)

    def on(self, day: dt.date) -> Mapping[str, Any] | None:
        """Return the values in force on `day`, or None when none was adopted for it."""
        best: tuple[dt.date, Mapping[str, Any]] | None = None
        for version in self.versions:
            if version[0] <= day and (best is None or version[0] >= best[0]):
                best = version
        return best[1] if best else None


def evolve(policy: Policy, happened: Any) -> Policy:
    """Return `policy` after `happened`."""
    match happened:
        case PolicyAdopted():
            policy.name = happened.name
            policy.versions.append((happened.from_, happened.values))
    return policy


@action(
    "policy.adopt",
    subject="policy",
    creates=True,
    redo=True,
    example="""sales policy adopt new-customer-window --values '{"months": 18}' --from 2024-04-01""",
)
class AdoptPolicy(Action):
    """Adopt a policy from a date on; what was in force before stays in force for the days before."""

    name: PolicyName = given("Which policy.", positional=True)
    values: dict[str, Any] = given("Its values, as a JSON object.")
    from_: dt.date | None = given("First day in force; the action's own day unless given.", default=None)

    def decide(self, state: Policy, context: Context) -> Decision:
        adopted = PolicyAdopted(name=self.name, values=dict(self.values), from_=self.from_ or context.day)
        return adopted.refused(context, context.subject) or adopted
