"""Reviews: of what they are, what they find by which events, and what is agreed and done."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from domain.correction.actions import EventVoided
from domain.customer.events import LeadCaptured, NextActionSet
from domain.period_close import PeriodName
from domain.review import events as e
from domain.review.actions import FinishReview, HoldReview
from domain.review.finding import AgreeImprovement, CompleteImprovement, MakeFinding
from domain.sales.opportunity import OpportunityLost, OpportunityOpened
from tests.domain.context import Around, events, refusal

HELD = e.ReviewHeld(kind="quarterly", period="2024Q1")
FOUND = e.FindingMade(item="f1", kind="failure", cause="慢")
AGREED = e.ImprovementAgreed(item="m1", what="快", owner="li.si", due=dt.date(2024, 3, 1))


@pytest.mark.parametrize(
    ("kind", "period", "good"),
    [
        ("weekly", "2024-W07", True),
        ("weekly", "2024-02", False),
        ("monthly", "2024-02", True),
        ("monthly", "2024-02-18", False),
        ("quarterly", "2024Q1", True),
        ("quarterly", "2024H1", False),
        ("quarterly", None, False),
    ],
)
def test_a_review_of_a_period_is_of_one_of_its_length(kind: e.ReviewKind, period: str | None, good: bool) -> None:
    asked = HoldReview(kind=kind, period=PeriodName(period) if period else None)
    if good:
        assert events(asked, "rev_1", Around()) == [e.ReviewHeld(kind=kind, period=period)]
    else:
        assert refusal(asked, "rev_1", Around()) == "review.period"


def test_a_review_of_a_deal_is_of_one_that_ended_so() -> None:
    opened = OpportunityOpened(customer="cus_1", amount=Decimal(1), currency="CNY")
    lost = Around().after("opp_1", opened, OpportunityLost(customer="cus_1"))
    asked = HoldReview(kind="deal-lost", opportunity="opp_1")
    assert events(asked, "rev_1", lost) == [e.ReviewHeld(kind="deal-lost", opportunity="opp_1", customer="cus_1")]
    assert refusal(HoldReview(kind="deal-won", opportunity="opp_1"), "rev_1", lost) == "review.other_end"
    assert refusal(asked, "rev_1", Around().after("opp_1", opened)) == "review.other_end"
    other = HoldReview(kind="deal-lost", opportunity="opp_1", customer="cus_2")
    assert refusal(other, "rev_1", lost) == "review.other_customer"
    assert refusal(HoldReview(kind="deal-won"), "rev_1", Around()) == "review.no_deal"
    assert events(HoldReview(kind="deal-won", customer="cus_1"), "rev_1", Around()) == [
        e.ReviewHeld(kind="deal-won", customer="cus_1")
    ]


def test_whose_work_it_is_of_is_known() -> None:
    period = PeriodName("2024Q1")
    assert refusal(HoldReview(kind="quarterly", period=period, owner="nobody"), "rev_1", Around()) == "person.unknown"
    assert refusal(HoldReview(kind="quarterly", period=period, group="g9"), "rev_1", Around()) == "group.unknown"


def test_each_event_that_shows_a_finding_exists() -> None:
    around = Around().after("cus_1", LeadCaptured(company="甲", channel="online")).after("rev_1", HELD)
    asked = MakeFinding(kind="success", cause="及时", evidence=("1", "e1"))
    assert events(asked, "rev_1", around) == [e.FindingMade(item="f1", kind="success", cause="及时", evidence=("e1",))]
    assert refusal(MakeFinding(kind="success", cause="及时", evidence=("1", "99")), "rev_1", around) == "event.unknown"
    around.after("cus_1", NextActionSet(item="n1", what="寄样品"))
    around.after("cus_1", EventVoided(event="e3", at=3, by="li.si"))
    assert refusal(MakeFinding(kind="failure", cause="慢", evidence=("3",)), "rev_1", around) == "event.gone"


def test_an_improvement_comes_from_a_finding_and_has_a_day() -> None:
    around = Around().after("rev_1", HELD, FOUND)
    asked = AgreeImprovement(what="快", owner="li.si", due=dt.date(2024, 3, 1), finding="f1")
    assert events(asked, "rev_1", around) == [
        e.ImprovementAgreed(item="m1", what="快", owner="li.si", finding="f1", due=dt.date(2024, 3, 1))
    ]
    lost = AgreeImprovement(what="快", owner="li.si", due=dt.date(2024, 3, 1), finding="f2")
    assert refusal(lost, "rev_1", around) == "review.no_finding"
    assert refusal(AgreeImprovement(what="快", owner="li.si"), "rev_1", around) == "due.when"
    assert refusal(AgreeImprovement(what="快", owner="nobody", working_days=1), "rev_1", around) == "person.unknown"


def test_a_finished_review_finds_and_agrees_no_more_but_its_improvements_are_completed() -> None:
    assert refusal(FinishReview(), "rev_1", Around().after("rev_1", HELD)) == "review.nothing_found"
    around = Around().after("rev_1", HELD, FOUND, AGREED)
    assert events(FinishReview(), "rev_1", around) == [e.ReviewFinished()]
    around.after("rev_1", e.ReviewFinished())
    assert refusal(FinishReview(), "rev_1", around) == "review.finished"
    assert refusal(MakeFinding(kind="success", cause="好"), "rev_1", around) == "review.finished"
    assert refusal(AgreeImprovement(what="快", owner="li.si", working_days=1), "rev_1", around) == "review.finished"
    assert events(CompleteImprovement(words="已做"), "rev_1", around) == [
        e.ImprovementCompleted(item="m1", words="已做")
    ]
    around.after("rev_1", e.ImprovementCompleted(item="m1"))
    assert refusal(CompleteImprovement(item="m1"), "rev_1", around) == "review.no_improvement"
