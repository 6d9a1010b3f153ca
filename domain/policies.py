"""The policies that a team may adopt: what holds of each until then, and which values it can take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from domain import money

PolicyName = Literal[
    "grading", "approval-tiers", "contract-review", "entry-deadline", "sales-basis", "new-customer-window", "pool"
]

Values = Mapping[str, Any]


class Rule(NamedTuple):
    """A policy: the values that hold without one, what makes values good ones, and how good ones are written."""

    default: Values
    good: Callable[[Values], bool]
    expected: str


def count(value: Any) -> bool:
    """Say whether a value is a whole number from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def only(name: str, good: Callable[[Any], bool]) -> Callable[[Values], bool]:
    """Return the check of a policy with the one value `name`."""
    return lambda values: set(values) == {name} and good(values[name])


def grading(values: Values) -> bool:
    return set(values) <= {"initial", "high", "key"} and all(isinstance(each, Mapping) for each in values.values())


def tiers(values: Values) -> bool:
    listed = values.get("tiers")
    if set(values) != {"tiers"} or not isinstance(listed, list) or not listed:
        return False
    return all(map(tier, listed)) and listed[-1]["up_to"] is None


def tier(value: Any) -> bool:
    if not isinstance(value, Mapping) or set(value) != {"up_to", "roles"} or not isinstance(value["roles"], list):
        return False
    try:
        return value["up_to"] is None or money.amount(value["up_to"]) >= Decimal(0)
    except ValueError:
        return False


def names(value: Any) -> bool:
    """Say whether a value is a list of different names."""
    if not isinstance(value, list) or not all(isinstance(each, str) and each == each.strip() != "" for each in value):
        return False
    return len(set(value)) == len(value)


RULES: Final[dict[str, Rule]] = {
    "grading": Rule(
        {
            "initial": {},
            "high": {"need_fit": "clear", "budget": "matches", "decision_chain": "engaged"},
            "key": {"team": True},
        },
        grading,
        'Criteria for each grade, as {"high": {"budget": "matches"}}.',
    ),
    "approval-tiers": Rule(
        {"tiers": [{"up_to": None, "roles": ["manager", "director"]}]},
        tiers,
        'A list of tiers, as {"tiers": [{"up_to": "500000", "roles": ["manager"]}, {"up_to": null, "roles": ["director"]}]}.',
    ),
    "contract-review": Rule(
        {"departments": []},
        only("departments", names),
        'The departments whose opinion an approval needs, as {"departments": ["legal", "finance"]}.',
    ),
    "entry-deadline": Rule(
        {"working_days": 1}, only("working_days", count), 'A number of working days, as {"working_days": 1}.'
    ),
    "sales-basis": Rule(
        {"basis": "signed"},
        only("basis", lambda basis: basis in ("signed", "collected", "invoiced", "delivered")),
        'signed, collected, invoiced or delivered, as {"basis": "signed"}.',
    ),
    "new-customer-window": Rule(
        {"months": 12}, only("months", lambda n: count(n) and n > 0), 'A number of months, as {"months": 12}.'
    ),
    "pool": Rule(
        {"recall_after": 15},
        only("recall_after", lambda days: days is None or count(days)),
        'A number of working days, or null for never, as {"recall_after": 15}.',
    ),
}
DEFAULTS: Final[Mapping[str, Values]] = {name: rule.default for name, rule in RULES.items()}
