"""Opportunities: opened for a customer, moved, forecast, and lost with a reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from domain.customer import events as customers
from domain.sales.opportunity import (
    ForecastOpportunity,
    LoseOpportunity,
    MoveOpportunity,
    OpenOpportunity,
    OpportunityForecast,
    OpportunityLost,
    OpportunityMoved,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityWon,
    ReopenOpportunity,
)
from tests.domain.context import Around, events, refusal

OPENED = OpportunityOpened(customer="cus_1", amount=Decimal(300000), currency="CNY", close_date=dt.date(2024, 3, 28))


def opened() -> Around:
    around = Around().after("cus_1", customers.LeadCaptured(company="甲", channel="online"))
    return around.after("opp_1", OPENED)


def test_an_opportunity_is_opened_for_a_customer_that_was_not_merged_away() -> None:
    asked = OpenOpportunity(customer="cus_1", amount=Decimal(300000), close_date=dt.date(2024, 3, 28))
    assert events(asked, "opp_1", Around()) == [OPENED]
    merged = opened().after("cus_1", customers.MergedInto(survivor="cus_2"))
    assert refusal(asked, "opp_2", merged) == "lead.merged"


def test_an_open_opportunity_moves_and_is_forecast() -> None:
    assert events(MoveOpportunity(stage="proposed"), "opp_1", opened()) == [
        OpportunityMoved(customer="cus_1", stage="proposed")
    ]
    asked = ForecastOpportunity(amount=Decimal(1), probability=Decimal("0.6"))
    assert events(asked, "opp_1", opened()) == [
        OpportunityForecast(customer="cus_1", amount=Decimal(1), probability=Decimal("0.6"))
    ]
    assert refusal(ForecastOpportunity(), "opp_1", opened()) == "event.nothing_changes"
    unlikely = ForecastOpportunity(probability=Decimal("1.1"))
    assert refusal(unlikely, "opp_1", opened()) == "opportunity.probability"


@pytest.mark.parametrize(("told", "taken"), [("0", True), ("1", True), ("1.01", False), ("-0.01", False)])
def test_a_probability_lies_from_none_to_certain(told: str, taken: bool) -> None:
    asked = ForecastOpportunity(probability=Decimal(told))
    if taken:
        assert events(asked, "opp_1", opened()) == [OpportunityForecast(customer="cus_1", probability=Decimal(told))]
    else:
        assert refusal(asked, "opp_1", opened()) == "opportunity.probability"


def test_an_opportunity_is_lost_with_a_reason() -> None:
    around = opened()
    assert refusal(LoseOpportunity(competitor="某司"), "opp_1", around) == "reason.missing"
    around.reason = "价格"
    assert events(LoseOpportunity(competitor="某司"), "opp_1", around) == [
        OpportunityLost(customer="cus_1", competitor="某司")
    ]


@pytest.mark.parametrize("end", [OpportunityLost(customer="cus_1"), OpportunityWon(customer="cus_1", contract="con_1")])
def test_what_is_closed_stays_closed(end: OpportunityLost | OpportunityWon) -> None:
    around = opened().after("opp_1", end)
    around.reason = "价格"
    for asked in (MoveOpportunity(stage="proposed"), ForecastOpportunity(amount=Decimal(1)), LoseOpportunity()):
        assert refusal(asked, "opp_1", around) == "opportunity.closed"


def test_a_lost_opportunity_is_taken_up_again_with_a_reason() -> None:
    lost = OpportunityLost(customer="cus_1")
    around = opened().after("opp_1", lost)
    assert refusal(ReopenOpportunity(), "opp_1", around) == "reason.missing"
    around.reason = "客户重新询价"
    assert events(ReopenOpportunity(), "opp_1", around) == [OpportunityReopened(customer="cus_1")]
    around.after("opp_1", OpportunityReopened(customer="cus_1"))
    assert events(MoveOpportunity(stage="proposed"), "opp_1", around) == [
        OpportunityMoved(customer="cus_1", stage="proposed")
    ]


@pytest.mark.parametrize("end", [None, OpportunityWon(customer="cus_1", contract="con_1")])
def test_only_a_lost_opportunity_is_taken_up_again(end: OpportunityWon | None) -> None:
    around = opened().after("opp_1", *([end] if end else []))
    around.reason = "客户重新询价"
    assert refusal(ReopenOpportunity(), "opp_1", around) == "opportunity.not_lost"
