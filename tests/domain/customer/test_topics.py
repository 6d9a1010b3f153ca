"""Plans, needs, proposals and quotes by themselves: which one is meant, and what a decision makes of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from domain.customer import events as e
from domain.customer.follow_up import LogFollowUp
from domain.customer.follow_up_plan import FollowUpMissed, FollowUpPlanned, MissFollowUp, PlanFollowUp
from domain.kernel.event import Event
from domain.sales.need import ChangeNeed, NeedChanged, NeedIdentified
from domain.sales.proposal import DeliverProposal, ProposalDelivered, ProposalRequested, RequestProposal
from domain.sales.quote import IssueQuote, QuoteIssued
from tests.domain.context import Around, events, refusal

DAY, TODAY = dt.date(2024, 3, 1), dt.date(2024, 2, 19)
PLANNED = (
    FollowUpPlanned(item="l1", channel="visit", on=DAY, contact="王经理"),
    FollowUpPlanned(item="l2", channel="call", on=DAY, contact="李总"),
)


def customer(*more: Event, reason: str | None = None, item: str | None = None) -> Around:
    around = Around(reason=reason, item=item)
    around.subject = "cus_1"
    return around.after("cus_1", e.LeadCaptured(company="甲", channel="online"), *more)


def test_a_plan_takes_its_day_from_the_action_unless_it_is_given() -> None:
    assert events(PlanFollowUp(channel="call"), "cus_1", customer()) == [
        FollowUpPlanned(item="l1", channel="call", on=TODAY)
    ]
    asked = PlanFollowUp(channel="visit", on=DAY, contact="王经理")
    (made,) = events(asked, "cus_1", customer(*PLANNED))
    assert made == FollowUpPlanned(item="l3", channel="visit", on=DAY, contact="王经理")


@pytest.mark.parametrize(("named", "kept"), [("l2", "l2"), ("王经理", "l1")])
def test_a_follow_up_keeps_the_plan_that_it_names(named: str, kept: str) -> None:
    (made,) = events(LogFollowUp(channel="call", plan=named), "cus_1", customer(*PLANNED))
    assert made == e.FollowUpLogged(item="f1", channel="call", plan=kept)


def test_without_a_name_a_follow_up_keeps_no_plan_and_several_must_be_told_apart() -> None:
    (made,) = events(LogFollowUp(channel="call"), "cus_1", customer(PLANNED[0]))
    assert made == e.FollowUpLogged(item="f1", channel="call")
    assert refusal(MissFollowUp(), "cus_1", customer(*PLANNED, reason="出差")) == "customer.no_such_item"
    (missed,) = events(MissFollowUp(), "cus_1", customer(PLANNED[0], reason="出差"))
    assert missed == FollowUpMissed(item="l1")
    over = customer(*PLANNED, FollowUpMissed(item="l1"), reason="出差", item="l1")
    assert refusal(MissFollowUp(), "cus_1", over) == "customer.no_such_item"


def test_a_need_is_named_by_its_present_text() -> None:
    needs = (NeedIdentified(item="d1", what="新线"), NeedIdentified(item="d2", what="培训"))
    changed = NeedChanged(item="d1", what="改线")
    assert events(ChangeNeed(item="改线", what="租线"), "cus_1", customer(*needs, changed)) == [
        NeedChanged(item="d1", what="租线")
    ]
    assert refusal(ChangeNeed(item="新线", what="租线"), "cus_1", customer(*needs, changed)) == "customer.no_such_item"


def test_a_proposal_that_waits_goes_before_one_that_was_delivered() -> None:
    asked = (ProposalRequested(item="r1", what="一", due=DAY), ProposalRequested(item="r2", what="二", due=DAY))
    first = ProposalDelivered(item="r1", version=1)
    assert refusal(DeliverProposal(), "cus_1", customer(*asked)) == "customer.no_such_item"
    assert events(DeliverProposal(), "cus_1", customer(*asked, first)) == [ProposalDelivered(item="r2", version=1)]
    assert events(DeliverProposal(item="一"), "cus_1", customer(*asked, first)) == [
        ProposalDelivered(item="r1", version=2)
    ]
    assert refusal(DeliverProposal(item="r1", version=1), "cus_1", customer(*asked, first)) == "proposal.version"


@pytest.mark.parametrize(
    ("due", "days", "code"),
    [
        (TODAY, None, None), (TODAY - dt.timedelta(1), None, "proposal.due_before"), (None, 0, None), (None, 1000, None),
        (None, -1, "proposal.when"), (None, 1001, "proposal.when"), (None, None, "proposal.when"), (DAY, 3, "proposal.when"),
    ],
)  # fmt: skip
def test_a_proposal_is_due_on_the_day_itself_or_within_a_thousand_working_days(
    due: dt.date | None, days: int | None, code: str | None
) -> None:
    asked = RequestProposal(what="一", due=due, working_days=days)
    if code:
        assert refusal(asked, "cus_1", customer()) == code
    else:
        assert [made.NAME for made in events(asked, "cus_1", customer())] == ["proposal.requested"]


def test_a_quote_replaces_the_one_that_it_names() -> None:
    def quote(item: str, number: str, replaces: str | None = None) -> QuoteIssued:
        return QuoteIssued(
            item=item, number=number, amount=Decimal(5), currency="CNY", valid_until=DAY, replaces=replaces
        )

    before = customer(quote("q1", "Q-1"))
    asked = IssueQuote(number="Q-2", amount=Decimal(5), valid_until=DAY, replaces="Q-1")
    assert events(asked, "cus_1", before) == [quote("q2", "Q-2", "q1")]
    gone = customer(quote("q1", "Q-1"), quote("q2", "Q-2", "q1"))
    again = IssueQuote(number="Q-3", amount=Decimal(5), valid_until=DAY, replaces="Q-1")
    assert refusal(again, "cus_1", gone) == "customer.no_such_item"
    assert refusal(IssueQuote(number="Q-2", amount=Decimal(5), valid_until=DAY), "cus_1", gone) == "quote.number_taken"
