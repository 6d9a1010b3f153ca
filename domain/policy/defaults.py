"""The policies that a team may adopt: what holds of each until then, what it can take, and how that is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, Literal, NamedTuple, get_args

from domain.kernel.types import PersonRole
from domain.policy.metrics import definitions
from domain.policy.validators import (
    Values,
    cadence,
    count,
    grade_words,
    grading,
    names,
    only,
    scorecard,
    share,
    signals,
    tiers,
    weights,
)

PolicyName = Literal[
    "grading",
    "grade-words",
    "approval-tiers",
    "contract-review",
    "entry-deadline",
    "sales-basis",
    "new-customer-window",
    "pool",
    "scorecard",
    "satisfaction",
    "file-completeness",
    "report-days",
    "hand-over",
    "capability",
    "cadence",
    "signals",
    "metrics",
]


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
    "grade-words": Rule(
        {"words": {"重点客户": "key", "重点": "key", "高意向": "high", "初步意向": "initial", "初步": "initial"}},
        only("words", grade_words),
        "For each word that people use the grade it stands for, no word that means another one already, "
        'as {"words": {"A": "key", "B": "high", "C": "initial"}}.',
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
    "capability": Rule(
        {"weights": {}},
        only("weights", weights),
        'A weight above 0 for each login, as {"weights": {"zhang.san": "1.2"}}; who is not named has 1.',
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
    "scorecard": Rule(
        {
            "weights": {
                "sales": "0.4",
                "collected": "0.2",
                "new-customers": "0.1",
                "cadence": "0.1",
                "entry": "0.1",
                "file": "0.1",
            },
            "caps": {},
        },
        scorecard,
        "Weights that make 1 together, and caps from above 0 to 10 (1 where none is given, null for none), "
        'as {"weights": {"sales": "0.7", "entry": "0.3"}, "caps": {"sales": "1.2"}}.',
    ),
    "file-completeness": Rule(
        {"share": "0.75"},
        only("share", lambda value: share(value, Decimal(1))),
        'The least share of a file that is filled, above 0 up to 1, as {"share": "0.75"}.',
    ),
    "report-days": Rule(
        {"working_days": None},
        only("working_days", lambda days: days is None or (count(days) and 1 <= days <= 5)),
        "Within how many working days after a week its review is held, from 1 to 5, or null for no such norm, "
        'as {"working_days": 1}.',
    ),
    "hand-over": Rule(
        {"working_days": 5},
        only("working_days", count),
        'A number of working days from the signing on, as {"working_days": 5}.',
    ),
    "satisfaction": Rule(
        {"satisfied_from": 8},
        only("satisfied_from", lambda score: count(score) and 1 <= score <= 10),
        'The lowest score of a satisfied customer, from 1 to 10, as {"satisfied_from": 8}.',
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
    "signals": Rule(
        {"working_days": 3},
        signals,
        'A number of working days, and others for some kinds, as {"working_days": 3, "kinds": {"asks-for-visit": 1}}.',
    ),
    "metrics": Rule(
        {"metrics": {}},
        definitions,
        "For each metric what it counts, and of follow-ups the channel and whether somebody was reached, or what it sums, "
        'as {"metrics": {"visits": {"count": "follow-ups", "channel": "visit"}, "offered": {"sum": "quotes"}}}.',
    ),
}
DEFAULTS: Final[Mapping[str, Values]] = {name: rule.default for name, rule in RULES.items()}
