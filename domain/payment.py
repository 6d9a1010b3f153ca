"""Receipts: money that came in for a contract."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from domain.action import Action, Decision, action, given
from domain.context import Context
from domain.contract.events import PaymentReceived
from domain.contract.state import Contract
from domain.refusal import Refused


@action(
    "payment.receive",
    subject="contract",
    dated="date",
    example="sales payment receive HT-2024-001 --amount 90000 --date 2024-04-02",
)
class ReceivePayment(Action):
    """Record a receipt; more than is outstanding is refused unless it is booked as an advance."""

    amount: Decimal = given("What came in.", positional=True)
    date: dt.date | None = given("Day of the receipt; the action's own day unless given.", default=None)
    currency: str | None = given("Currency; the contract's unless given.", default=None)
    instalment: int | None = given("Number of the instalment.", default=None)
    advance: bool = given("Book what is above the outstanding as an advance.", default=False)

    def decide(self, state: Contract, context: Context) -> Decision:
        if self.currency and self.currency != state.currency:
            return Refused("payment.currency", expected=state.currency, currency=self.currency)
        received = PaymentReceived(
            customer=state.customer,
            amount=self.amount,
            currency=state.currency,
            date=self.date or context.day,
            instalment=self.instalment,
            advance=self.advance,
        )
        return received.refused(context, context.subject) or self.above(state) or received

    def above(self, state: Contract) -> Refused | None:
        """Return a refusal if more came in than is outstanding and it is not booked as an advance."""
        outstanding = (state.value if state.signed_on else 0) - state.collected
        if self.amount > outstanding and not self.advance:
            return Refused(
                "payment.above_outstanding",
                amount=format(self.amount, "f"),
                outstanding=format(max(outstanding, 0), "f"),
                currency=state.currency,
            )
        return None
