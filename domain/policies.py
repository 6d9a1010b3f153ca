"""The policies that a team may adopt: what holds of each until then, and which values it can take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple, get_args

from domain import money
from domain.words import COUNTED_CHANNELS, PersonRole

PolicyName = Literal[
    "grading", "approval-tiers", "entry-deadline", "capability", "sales-basis", "new-customer-window", "pool", "cadence"
]

Values = Mapping[str, Any]

MOST_DAYS: Final = 10_000
"""More working days than any deadline is away, which still lies within the calendar."""


class Rule(NamedTuple):
    """A policy: the values that hold without one, what makes values good ones, and how good ones are written.

    Where it `fills`, the values that were not adopted with the others are those of the default.
    """

    default: Values
    good: Callable[[Values], bool]
    expected: str
    fills: bool = False


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


def weights(value: Any) -> bool:
    return isinstance(value, Mapping) and all(map(weight, value.values()))


def weight(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and money.amount(str(value)) > 0
    except (TypeError, ValueError):
        return False


def cadence(values: Values) -> bool:
    return set(values) <= {"initial", "high", "key"} and all(map(rhythm, values.values()))


def rhythm(value: Any) -> bool:
    """Say whether a value says how often somebody is to be met: `touches` in so many `weeks`, through which `channels`."""
    if not isinstance(value, Mapping) or not {"touches", "weeks"} <= set(value) <= {"touches", "weeks", "channels"}:
        return False
    touches, weeks, channels = value["touches"], value["weeks"], value.get("channels", [])
    if not (count(touches) and count(weeks) and touches > 0 and 0 < weeks <= 52):
        return False
    known = isinstance(channels, list) and all(channel in COUNTED_CHANNELS for channel in channels)
    return known and len(set(channels)) == len(channels) <= touches <= 7 * weeks


def pool(values: Values) -> bool:
    """Say whether these are values of the pool; a protection may be extended beyond the one that everybody has."""
    whole = {**DEFAULTS["pool"], **values}
    numbers = [whole[name] for name in ("protection_days", "protection_most", "wait_days")]
    if whole["recall_after"] is not None:
        numbers.append(whole["recall_after"])
    return (
        bool(values)
        and set(values) <= set(DEFAULTS["pool"])
        and all(count(n) and n <= MOST_DAYS for n in numbers)
        and whole["protection_days"] <= whole["protection_most"]
        and (whole["holding_cap"] is None or count(whole["holding_cap"]))
        and isinstance(whole["extended_by"], list)
        and all(role in get_args(PersonRole) for role in whole["extended_by"])
    )


def whole(name: str, adopted: Values | None) -> Values:
    """Return the values of a policy in force, from those adopted (None: none were)."""
    rule = RULES[name]
    if adopted is None:
        return rule.default
    return {**rule.default, **adopted} if rule.fills else adopted


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
    "entry-deadline": Rule(
        {"working_days": 1}, only("working_days", count), 'A number of working days, as {"working_days": 1}.'
    ),
    "capability": Rule(
        {"weights": {}},
        only("weights", weights),
        'A weight above 0 for each login, as {"weights": {"zhang.san": "1.2"}}; who is not named has 1.',
    ),
    "sales-basis": Rule(
        {"basis": "signed"},
        only("basis", lambda basis: basis in ("signed", "collected")),
        'signed or collected, as {"basis": "signed"}.',
    ),
    "new-customer-window": Rule(
        {"months": 12}, only("months", lambda n: count(n) and n > 0), 'A number of months, as {"months": 12}.'
    ),
    "pool": Rule(
        {
            "recall_after": 15,
            "protection_days": 15,
            "protection_most": 60,
            "extended_by": ["manager", "director"],
            "holding_cap": None,
            "wait_days": 5,
        },
        pool,
        "Working days (recall_after may be null: never), a cap or null, and roles, as "
        '{"recall_after": 15, "protection_days": 15, "protection_most": 60, "extended_by": ["manager", "director"], '
        '"holding_cap": 50, "wait_days": 5}; what is left out is as by default.',
        fills=True,
    ),
    "cadence": Rule(
        {
            "key": {"touches": 2, "weeks": 1, "channels": ["call", "visit"]},
            "high": {"touches": 1, "weeks": 1},
            "initial": {"touches": 1, "weeks": 2},
        },
        cadence,
        "For each grade how many touches in how many weeks, at most one a day and no fewer than the channels it needs, "
        'as {"key": {"touches": 2, "weeks": 1, "channels": ["call", "visit"]}}.',
    ),
}
DEFAULTS: Final[Mapping[str, Values]] = {name: rule.default for name, rule in RULES.items()}
