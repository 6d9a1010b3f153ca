"""Opportunities: a deal hoped for, until its contract wins it or it is lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from domain.customer.guard import ended
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.currency import differ
from domain.kernel.declared import State, declared
from domain.kernel.event import Event, event
from domain.kernel.refusal import Refused
from domain.kernel.types import Chance, ContractId, Currency, CustomerId, Expected, PersonalText, Stage


@event("opportunity.opened")
class OpportunityOpened(Event):
    customer: CustomerId
    name: str | None = None
    amount: Expected
    currency: Currency
    close_date: dt.date | None = None


@event("opportunity.moved")
class OpportunityMoved(Event):
    customer: CustomerId
    stage: Stage


@event("opportunity.forecast")
class OpportunityForecast(Event):
    customer: CustomerId
    amount: Expected | None = None
    close_date: dt.date | None = None
    probability: Chance | None = None


@event("opportunity.lost")
class OpportunityLost(Event):
    customer: CustomerId
    competitor: PersonalText | None = None


@event("opportunity.reopened")
class OpportunityReopened(Event):
    customer: CustomerId


@event("opportunity.won")
class OpportunityWon(Event):
    customer: CustomerId
    contract: ContractId
    date: dt.date | None = None


@declared
class Opportunity(State):
    """An opportunity as the log knows it; `status` is open, won or lost."""

    customer: str = ""
    name: str | None = None
    amount: Decimal = Decimal(0)
    currency: str = ""
    close_date: dt.date | None = None
    probability: Decimal | None = None
    stage: str | None = None
    status: str = ""


def evolve(opportunity: Opportunity, happened: Any) -> Opportunity:
    """Return `opportunity` after `happened`."""
    match happened:
        case OpportunityOpened():
            opportunity.customer, opportunity.name = happened.customer, happened.name
            opportunity.amount = happened.amount
            opportunity.currency, opportunity.close_date = happened.currency, happened.close_date
            opportunity.status = opportunity.status or "open"
        case OpportunityMoved():
            opportunity.stage = happened.stage
        case OpportunityForecast():
            if happened.amount is not None:
                opportunity.amount = happened.amount
            if happened.probability is not None:
                opportunity.probability = happened.probability
            opportunity.close_date = happened.close_date or opportunity.close_date
        case OpportunityLost():
            opportunity.status = "lost"
        case OpportunityReopened():
            opportunity.status = "open"
        case OpportunityWon():
            opportunity.status = "won"
    return opportunity


def closed(state: Opportunity) -> Refused | None:
    """Return why the opportunity can't be worked on any more, if so."""
    return None if state.status == "open" else Refused("opportunity.closed", state=state.status)


@action(
    "opportunity.open",
    subject="opportunity",
    creates=True,
    example="sales opportunity open --customer 某某科技有限公司 --amount 300000 --close-date 2024-03-28",
)
class OpenOpportunity(Action):
    """Open an opportunity with what it may be worth and when it may close."""

    customer: CustomerId = given("The customer: id, key or exact name.", positional=True)
    amount: Expected = given("Expected amount.", also=("expected", "expected_amount"))
    currency: Currency | None = given("Currency; the store's unless given.", default=None)
    close_date: dt.date | None = given("Expected closing day.", default=None, also=("date",))
    name: str | None = given("What it is about.", default=None)

    def decide(self, state: Opportunity, context: Context) -> Decision:
        refused = ended(context.load(self.customer), self.customer)
        if refused:
            return refused
        return OpportunityOpened(
            customer=self.customer,
            name=self.name,
            amount=self.amount,
            currency=self.currency or context.currency,
            close_date=self.close_date,
        )


@action("opportunity.move", subject="opportunity", example="sales opportunity move opp_1 --stage proposed")
class MoveOpportunity(Action):
    """Move an opportunity to another stage."""

    stage: Stage = given("The stage reached.", positional=True)

    def decide(self, state: Opportunity, context: Context) -> Decision:
        return closed(state) or OpportunityMoved(customer=state.customer, stage=self.stage)


@action(
    "opportunity.forecast",
    subject="opportunity",
    example="sales opportunity forecast opp_1 --amount 280000 --close-date 2024-03-20 --probability 0.6",
)
class ForecastOpportunity(Action):
    """Say anew what the opportunity may be worth, when, and how likely."""

    amount: Expected | None = given("Expected amount.", default=None, also=("expected", "expected_amount"))
    currency: Currency | None = given("Currency; the opportunity's unless given.", default=None)
    close_date: dt.date | None = given("Expected closing day.", default=None, also=("date",))
    probability: Chance | None = given("How likely, from 0 to 1.", default=None)

    def decide(self, state: Opportunity, context: Context) -> Decision:
        if self.amount is None and self.close_date is None and self.probability is None:
            return Refused("event.nothing_changes")
        if self.currency and differ(self.currency, state.currency):
            return Refused("opportunity.currency", expected=state.currency, currency=self.currency)
        return closed(state) or OpportunityForecast(
            customer=state.customer, amount=self.amount, close_date=self.close_date, probability=self.probability
        )


@action(
    "opportunity.lose", subject="opportunity", example="sales opportunity lose opp_1 --reason 价格 --competitor 某司"
)
class LoseOpportunity(Action):
    """Record that the opportunity is lost, why (--reason), and to whom."""

    competitor: str | None = given("Who won it.", default=None)

    def decide(self, state: Opportunity, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="opportunity.lose")
        return closed(state) or OpportunityLost(customer=state.customer, competitor=self.competitor)


@action("opportunity.reopen", subject="opportunity", example="sales opportunity reopen opp_1 --reason 客户重新询价")
class ReopenOpportunity(Action):
    """Take up a lost opportunity again (--reason), with the amount that it was lost with."""

    def decide(self, state: Opportunity, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="opportunity.reopen")
        if state.status != "lost":
            return Refused("opportunity.not_lost", state=state.status, subject=context.subject)
        return OpportunityReopened(customer=state.customer)
