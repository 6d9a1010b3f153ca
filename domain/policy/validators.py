"""Which values a policy can take: a check for each form that they have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, get_args

from domain.kernel import money
from domain.kernel.types import COUNTED_CHANNELS, Grade
from domain.policy.metrics import named

Values = Mapping[str, Any]


def count(value: Any) -> bool:
    """Say whether a value is a whole number from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def only(name: str, good: Callable[[Any], bool]) -> Callable[[Values], bool]:
    """Return the check of a policy with the one value `name`."""
    return lambda values: set(values) == {name} and good(values[name])


def grading(values: Values) -> bool:
    return set(values) <= {"initial", "high", "key"} and all(isinstance(each, Mapping) for each in values.values())


def grade_words(value: Any) -> bool:
    """Say whether a value says for words which grade each stands for: a word that means one by itself keeps its meaning."""
    from domain.kernel.field_checks import plainly  # a view that looks up a policy needs no fields
    from domain.kernel.synonyms import meant

    grades = get_args(Grade)
    if not isinstance(value, Mapping) or not names(list(value)) or not all(map(str.isprintable, value)):
        return False
    alike: dict[str, str] = {}
    for word, grade in value.items():
        by_itself = plainly(word) if plainly(word) in grades else meant(word.strip(), grades)
        if grade not in grades or by_itself not in (None, grade) or alike.setdefault(plainly(word), grade) != grade:
            return False
    return True


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


SCORED: Final = (
    "sales", "collected", "new-customers", "repurchase-rate", "leads", "valid-leads", "follow-ups", "cadence", "entry", "file",
)  # fmt: skip
"""What a scorecard can weigh, beside the metrics that the team has defined."""


def share(value: Any, most: Decimal) -> bool:
    """Say whether a value is written as a decimal number above 0, up to `most`."""
    try:
        return isinstance(value, str) and Decimal(0) < Decimal(value) <= most
    except ArithmeticError:
        return False


def scorecard(values: Values) -> bool:
    weights, caps = values.get("weights"), values.get("caps", {})
    if not set(values) <= {"weights", "caps"} or not isinstance(weights, Mapping) or not isinstance(caps, Mapping):
        return False
    if not all(each in SCORED or (isinstance(each, str) and named(each)) for each in weights):
        return False
    if not set(caps) <= set(weights):
        return False
    good = all(share(each, Decimal(1)) for each in weights.values())
    good = good and all(each is None or share(each, Decimal(10)) for each in caps.values())
    return good and sum(map(Decimal, weights.values())) == 1


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


def signals(values: Values) -> bool:
    if not {"working_days"} <= set(values) <= {"working_days", "kinds"} or not count(values["working_days"]):
        return False
    kinds = values.get("kinds", {})
    return isinstance(kinds, Mapping) and all(map(count, kinds.values()))
