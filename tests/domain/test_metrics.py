"""Which metrics a team may define: a declaration of what is counted, under a name of its own."""

from typing import Any

import pytest

from domain.policy.defaults import RULES
from domain.policy.metrics import BUILT_IN, COUNTABLE, definitions, known


@pytest.mark.parametrize(
    "values",
    [
        {"metrics": {}},
        {"metrics": {"visits": {"count": "follow-ups", "channel": "visit", "reached": True}}},
        {"metrics": {"拜访数": {"count": "follow-ups", "channel": "visit"}, "签约-数": {"count": "contracts"}}},
        {"metrics": {f"all-{kind}": {"count": kind} for kind in COUNTABLE}},
    ],
)
def test_a_declaration_of_what_is_counted_is_one(values: dict[str, Any]) -> None:
    assert definitions(values)
    assert RULES["metrics"].good(values)


@pytest.mark.parametrize(
    "held",
    [
        None,
        [],
        {"visits": None},
        {"visits": {}},
        {"visits": {"count": "anything"}},
        {"visits": {"count": ["quotes"]}},
        {"visits": {"count": "quotes", "channel": "visit"}},
        {"visits": {"count": "follow-ups", "channel": "pigeon"}},
        {"visits": {"count": "follow-ups", "reached": 1}},
        {"visits": {"count": "follow-ups", "sql": "1; DROP TABLE log"}},
        {"sales": {"count": "quotes"}},
        {"有效线索": {"count": "quotes"}},  # another word for a metric of the house
        {"Visits": {"count": "quotes"}},
        {"two words": {"count": "quotes"}},
        {"visits'--": {"count": "quotes"}},
        {"": {"count": "quotes"}},
        {"x" * 41: {"count": "quotes"}},
    ],
)
def test_anything_else_is_none(held: Any) -> None:
    assert not definitions({"metrics": held})


def test_the_policy_holds_nothing_else() -> None:
    assert not definitions({})
    assert not definitions({"metrics": {}, "more": 1})


def test_the_metrics_that_there_are_begin_with_those_of_the_house() -> None:
    adopted = [{"metrics": {"visits": {"count": "follow-ups"}}}, {"metrics": {"quotes": {"count": "quotes"}}}]
    assert known(adopted) == [*BUILT_IN, "quotes", "visits"]
