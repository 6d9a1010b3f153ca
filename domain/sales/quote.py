"""Quotes 报价: issued under a number for an amount, valid until a day, replaced by later ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from domain.customer.guard import gone
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.event import Claim, Event, event
from domain.kernel.items import Record, chosen, moved, opened, standing_in
from domain.kernel.refusal import Refused
from domain.kernel.types import Currency, Offered, OpportunityId

if TYPE_CHECKING:
    from domain.kernel.context import Context


@event("quote.issued", adds=True)
class QuoteIssued(Event):
    item: str
    number: str
    amount: Offered
    currency: Currency
    valid_until: dt.date
    opportunity: OpportunityId | None = None
    replaces: str | None = None

    def claims(self) -> Iterable[Claim]:
        yield Claim("quote-number", self.number, False, again=True)

    def refused(self, context: Context, stream: str) -> Refused | None:
        for holder in context.holders("quote-number", self.number):
            if any(self.is_borne(quote, holder == stream) for quote in context.load(holder).records.values()):
                return Refused("quote.number_taken", number=self.number, customer=holder)
        return None

    def is_borne(self, other: Record, own: bool) -> bool:
        """Say whether another record, one of the quote's `own` customer or not, is a quote of the same number."""
        return (other.kind, other.label) == ("quote", self.number) and not (own and other.item == self.item)


def evolve(customer: Customer, happened: Any) -> Customer:
    """Return `customer` after `happened`."""
    match happened:
        case QuoteIssued(item=item):
            customer.number(item)
            opened(customer.records, item, "quote", "issued", happened.number, opportunity=happened.opportunity)
            if happened.replaces:
                moved(customer.records, happened.replaces, "superseded")
    return customer


@action(
    "quote.issue",
    subject="customer",
    example="sales quote issue 某某科技有限公司 Q-2024-017 --amount 280000 --valid-until 2024-03-31",
)
class IssueQuote(Action):
    """Issue a quote; one for the same opportunity, or the one that --replaces names, is superseded by it."""

    number: str = given("The quote's number; unique.", positional=True)
    amount: Offered = given("What is offered for how much.")
    currency: Currency | None = given("Currency; the store's unless given.", default=None)
    valid_until: dt.date = given("The last day on which it holds.", also=("valid",))
    opportunity: OpportunityId | None = given("The opportunity that it is for.", default=None)
    replaces: str | None = given("The quote that it replaces: its number, or its item (q1).", default=None)

    @staticmethod
    def looks(values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return the claims that the decision will ask about, so that a batch reads them at once."""
        return [("quote-number", values["number"])]

    def decide(self, state: Customer, context: Context) -> Decision:
        before = self.replaced(state)
        if isinstance(before, Refused):
            return before
        issued = QuoteIssued(
            item=state.next_item("q"),
            number=self.number,
            amount=self.amount,
            currency=self.currency or context.currency,
            valid_until=self.valid_until,
            opportunity=self.opportunity,
            replaces=before.item if before else None,
        )
        return gone(state, context) or issued.refused(context, context.subject) or self.refused(context) or issued

    def refused(self, context: Context) -> Refused | None:
        if self.valid_until < context.day:
            return Refused("quote.over", until=self.valid_until, day=context.day)
        if self.opportunity and context.load(self.opportunity).customer != context.subject:
            return Refused("contract.foreign_opportunity", opportunity=self.opportunity)
        return None

    def replaced(self, state: Customer) -> Record | Refused | None:
        """Return the standing quote that this one supersedes, if any."""
        standing = standing_in(state.records, "quote", ("issued",))
        if self.replaces:
            return chosen(standing, self.replaces, None, kind="quote", state="standing")
        same = [each for each in standing if self.opportunity and each.data["opportunity"] == self.opportunity]
        return same[-1] if same else None
