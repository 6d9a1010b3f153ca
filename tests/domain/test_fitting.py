"""Which amounts a field takes is said by its type: asked of the actions, and of the corrections of their events."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.correction.actions import CorrectEvent
from domain.customer.events import LeadCaptured
from domain.customer.lead import GradeLead
from domain.kernel.field import fields_of
from domain.kernel.field_checks import choice_of, unfit
from domain.kernel.refusal import Refused
from domain.kernel.registry import all_actions, all_events
from domain.policy.defaults import RULES
from domain.sales.opportunity import ForecastOpportunity, OpenOpportunity, OpportunityForecast, OpportunityOpened
from domain.target.allocation import AllocateTarget
from domain.target.events import TargetRevised
from tests.domain.context import Around, events, refusal

UNBOUNDED = {("contract.amend", "delta"), ("payment.invoice", "amount"), ("target.reallocate", "value")}
"""What may be negative, or is held against something else by its decision."""


def test_every_amount_says_whether_it_may_be_nothing() -> None:
    for cls in all_actions():
        for field in fields_of(cls):
            if field.kind.word == "number":
                assert field.bound or (cls.NAME, field.name) in UNBOUNDED, (cls.NAME, field.name)


def test_an_event_takes_what_its_action_takes() -> None:
    for cls in all_events():
        for field in fields_of(cls):
            if field.bound:
                value = Decimal(-1)
                made = cls(**{each.attribute: value if each.name == field.name else None for each in fields_of(cls)})
                refused = unfit(made)
                assert isinstance(refused, Refused)
                assert refused.code == field.bound.code


@pytest.mark.parametrize("amount", ["-100", "0", "-0.0001"])
def test_an_opportunity_is_worth_more_than_nothing(amount: str) -> None:
    around = Around().after("opp_1", OpportunityOpened(customer="cus_1", amount=Decimal(5), currency="CNY"))
    said = Decimal(amount)
    assert refusal(OpenOpportunity(customer="cus_1", amount=said), "opp_2", around) == "opportunity.not_positive"
    assert refusal(ForecastOpportunity(amount=said), "opp_1", around) == "opportunity.not_positive"
    correct = CorrectEvent(values={"amount": amount})
    around.reason = "错"
    assert refusal(correct, around.heard("opportunity.opened"), around) == "opportunity.not_positive"


def test_another_value_of_an_old_event_is_corrected_whatever_its_amount() -> None:
    around = Around("chen.jing", reason="改期")
    around.after("opp_1", OpportunityOpened(customer="cus_1", amount=Decimal(-100), currency="CNY"))
    around.after("opp_1", OpportunityForecast(customer="cus_1", probability=Decimal(3)))
    opened, forecast = around.heard("opportunity.opened"), around.heard("opportunity.forecast")
    assert events(CorrectEvent(values={"close_date": "2024-03-01"}), opened, around)
    assert refusal(CorrectEvent(values={"probability": "2"}), forecast, around) == "opportunity.probability"


def test_a_share_and_a_revision_are_no_less_than_nothing() -> None:
    around = Around("chen.jing", reason="错")
    assert refusal(AllocateTarget(child="zhang.san", value=Decimal(-1)), "tgt_1", around) == "target.below_zero"
    around.after("tgt_1", TargetRevised(new=Decimal(5)))
    assert refusal(CorrectEvent(values={"new": "-1"}), around.heard("target.revised"), around) == "target.below_zero"


def graded(words: dict[str, str], said: str) -> Any:
    around = Around().after("cus_1", LeadCaptured(company="甲", channel="online", owner="zhang.san"))
    around.policies["grade-words"] = {"words": words}
    return GradeLead(grade=said), "cus_1", around  # type: ignore[arg-type]


@pytest.mark.parametrize("said", ["C", "c", "Ｃ", "initial", "丙级"])
def test_a_teams_word_for_a_grade_is_recorded_as_the_grade(said: str) -> None:
    (made,) = events(*graded({"C": "initial", "丙级": "initial"}, said))
    assert made.grade == "initial"  # type: ignore[attr-defined]


def test_a_word_for_no_grade_is_refused_and_a_correction_knows_the_words() -> None:
    assert refusal(*graded({"C": "initial"}, "D")) == "event.bad_value"
    (made,) = events(*graded({"C": "initial"}, "C"))
    around = Around("chen.jing", reason="错").after("cus_1", made, by="zhang.san")
    around.policies["grade-words"] = {"words": {"A": "key"}}
    (corrected,) = events(CorrectEvent(values={"grade": "a"}), around.heard("customer.graded"), around)
    assert corrected.values == {"grade": "key"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("values", "good"),
    [
        ({"words": {}}, True),
        ({"words": {"A": "key", "B": "high", "C": "initial"}}, True),
        ({"words": {"重点": "key", "高意向": "high"}}, True),
        ({"words": {"A": "best"}}, False),
        ({"words": {"key": "high"}}, False),
        ({"words": {"重点": "initial"}}, False),
        ({"words": {"A": "key", "a": "high"}}, False),
        ({"words": {"": "key"}}, False),
        ({"words": ["A"]}, False),
        ({"A": "key"}, False),
    ],
)
def test_the_policy_takes_words_that_mean_one_grade(values: dict[str, Any], good: bool) -> None:
    assert RULES["grade-words"].good(values) is good


def test_a_team_that_adopts_none_is_understood_in_chinese() -> None:
    words = RULES["grade-words"].default["words"]
    said = ("重点客户", "重点", "高意向", "初步意向", "初步", "A")
    assert [choice_of(words, each) for each in said] == ["key", "key", "high", "initial", "initial", None]
