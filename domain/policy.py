"""Policies: the team's own numbers, adopted by an event and effective from a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

from domain import money
from domain.action import Action, Decision, action, given
from domain.context import Context
from domain.event import Event, event
from domain.refusal import Refused

PolicyName = Literal["grading", "approval-tiers", "entry-deadline", "sales-basis", "new-customer-window", "pool"]

DEFAULTS: Final[dict[str, Mapping[str, Any]]] = {
    "grading": {
        "initial": {},
        "high": {"need_fit": "clear", "budget": "matches", "decision_chain": "engaged"},
        "key": {"team": True},
    },
    "approval-tiers": {"tiers": [{"up_to": None, "roles": ["manager", "director"]}]},
    "entry-deadline": {"working_days": 1},
    "sales-basis": {"basis": "signed"},
    "new-customer-window": {"months": 12},
    "pool": {"recall_after": 15},
}


@event("policy.adopted")
class PolicyAdopted(Event):
    name: str
    values: dict[str, Any]
    from_: dt.date


@dataclass(slots=True)
class Policy:
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


def wrong(name: str, values: Mapping[str, Any]) -> str | None:
    """Return what is expected of the policy `name` where `values` don't give it, or None when they do."""
    match name:
        case "entry-deadline":
            good = set(values) == {"working_days"} and _count(values["working_days"])
            return None if good else 'A number of working days, as {"working_days": 1}.'
        case "new-customer-window":
            good = set(values) == {"months"} and _count(values["months"]) and values["months"] > 0
            return None if good else 'A number of months, as {"months": 12}.'
        case "pool":
            days = values.get("recall_after", -1)
            good = set(values) == {"recall_after"} and (days is None or _count(days))
            return None if good else 'A number of working days, or null for never, as {"recall_after": 15}.'
        case "sales-basis":
            good = set(values) == {"basis"} and values["basis"] in ("signed", "collected")
            return None if good else 'signed or collected, as {"basis": "signed"}.'
        case "approval-tiers":
            return (
                None
                if _tiers(values)
                else (
                    'A list of tiers, as {"tiers": [{"up_to": "500000", "roles": ["manager"]}, {"up_to": null, "roles": ["director"]}]}.'
                )
            )
        case _:
            good = set(values) <= {"initial", "high", "key"} and all(isinstance(v, Mapping) for v in values.values())
            return None if good else 'Criteria for each grade, as {"high": {"budget": "matches"}}.'


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _tiers(values: Mapping[str, Any]) -> bool:
    tiers = values.get("tiers")
    if set(values) != {"tiers"} or not isinstance(tiers, list) or not tiers:
        return False
    for tier in tiers:
        if not isinstance(tier, Mapping) or set(tier) != {"up_to", "roles"} or not isinstance(tier["roles"], list):
            return False
        try:
            limit = Decimal(0) if tier["up_to"] is None else money.amount(tier["up_to"])
        except ValueError:
            return False
        if limit < 0:
            return False
    return tiers[-1]["up_to"] is None


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
        expected = wrong(self.name, self.values)
        if expected:
            return Refused("policy.bad_value", name=self.name, value=dict(self.values), expected=expected)
        return PolicyAdopted(name=self.name, values=dict(self.values), from_=self.from_ or context.day)
