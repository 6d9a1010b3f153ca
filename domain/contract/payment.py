"""What a customer pays for a contract: schedule, invoice, receive, refund, and what it promises to pay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from domain.contract import events as e
from domain.contract.instalments import Instalment, amounts, write_instalment
from domain.contract.state import Contract, foreign
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.money import plain
from domain.kernel.refusal import Refused
from domain.kernel.types import Currency, Paid

INSTALMENT = "Number of the instalment, from 1 on; the oldest open one unless given."


@action(
    "payment.receive",
    subject="contract",
    dated="date",
    example="sales payment receive HT-2024-001 --amount 90000 --date 2024-04-02",
)
class ReceivePayment(Action):
    """Record a receipt; more than is outstanding is refused unless it is booked as an advance."""

    amount: Paid = given("What came in.", positional=True)
    date: dt.date | None = given("Day of the receipt; the action's own day unless given.", default=None)
    currency: Currency | None = given("Currency; the contract's unless given.", default=None)
    instalment: int | None = given(INSTALMENT, default=None)
    advance: bool = given("Book what is above the outstanding as an advance.", default=False)

    def decide(self, state: Contract, context: Context) -> Decision:
        received = e.PaymentReceived(
            customer=state.customer,
            amount=self.amount,
            currency=state.currency,
            date=self.date or context.day,
            instalment=self.instalment,
            advance=self.advance,
        )
        refused = misplaced(state, self.currency, self.instalment)
        return refused or self.above(state) or received

    def above(self, state: Contract) -> Refused | None:
        """Return a refusal if more came in than is outstanding and it is not booked as an advance."""
        if self.amount > state.outstanding and not self.advance:
            return Refused(
                "payment.above_outstanding",
                amount=format(self.amount, "f"),
                outstanding=format(max(state.outstanding, 0), "f"),
                currency=state.currency,
            )
        return None


def misplaced(state: Contract, currency: str | None, instalment: int | None) -> Refused | None:
    """Return a refusal of another currency than the contract's, or of an instalment that its schedule has not."""
    return foreign(state, currency) or no_such(state, instalment)


def no_such(state: Contract, instalment: int | None) -> Refused | None:
    """Return a refusal of an instalment that the contract's schedule has not; without a schedule it may come later."""
    last = len(state.instalments)
    if instalment is None or 1 <= instalment <= (last or instalment):
        return None
    return Refused("payment.no_such_instalment", instalment=instalment, last=last)


@action(
    "payment.schedule",
    subject="contract",
    example='sales payment schedule HT-2024-001 --instalments "30% @ signing+10" --instalments "60% @ delivery+30" '
    '--instalments "10% @ 2025-05-20"',
)
class SchedulePayments(Action):
    """Agree by which instalments a contract is paid; a later schedule replaces the one before."""

    instalments: tuple[Instalment, ...] = given(
        "'30% @ signing+10', '90000 @ 2024-04-10', '60% @ delivery+30', '10% @ acceptance+365'; repeated, in their order.",
        also=("instalment",),
    )
    currency: Currency | None = given("Currency; the contract's unless given.", default=None)

    def decide(self, state: Contract, context: Context) -> Decision:
        if state.status in ("", "cancelled", "completed"):
            return Refused("payment.no_contract", state=state.status, contract=state.number)
        scheduled = e.PaymentScheduled(
            customer=state.customer, instalments=tuple(map(write_instalment, self.instalments))
        )
        refused = foreign(state, self.currency) or scheduled.refused(context, context.subject)
        return refused or self.uneven(state) or scheduled

    def uneven(self, state: Contract) -> Refused | None:
        """Return a refusal unless the instalments come to what the contract is worth."""
        worth = state.value if state.signed_on else state.amount
        total = sum(amounts(self.instalments, worth), Decimal(0))
        if total == worth and worth > 0:
            return None
        facts = {"total": format(plain(total), "f"), "value": format(worth, "f"), "currency": state.currency}
        return Refused("payment.uneven", **facts)


@action(
    "payment.invoice",
    subject="contract",
    dated="date",
    example="sales payment invoice HT-2024-001 0123456789 --amount 90000 --date 2024-04-01",
)
class InvoicePayment(Action):
    """Record an invoice for a signed contract; a negative amount takes back what was invoiced."""

    number: str = given("The invoice's number; unique.", positional=True)
    amount: Decimal = given("What was invoiced.")
    date: dt.date | None = given("Day of the invoice; the action's own day unless given.", default=None)
    currency: Currency | None = given("Currency; the contract's unless given.", default=None)
    instalment: int | None = given(INSTALMENT, default=None)

    @staticmethod
    def looks(values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return the claims that the decision will ask about, so that a batch reads them at once."""
        return [("invoice-number", values["number"])]

    def decide(self, state: Contract, context: Context) -> Decision:
        if not state.signed_on:
            return Refused("payment.no_contract", state=state.status, contract=state.number)
        invoiced = e.PaymentInvoiced(
            customer=state.customer,
            item=state.next_item("b"),
            number=self.number,
            amount=self.amount,
            currency=state.currency,
            date=self.date or context.day,
            instalment=self.instalment,
        )
        refused = misplaced(state, self.currency, self.instalment) or invoiced.refused(context, context.subject)
        return refused or self.refused(state) or invoiced

    def refused(self, state: Contract) -> Refused | None:
        if any(invoice.number == self.number for invoice in state.invoices.values()):
            return Refused("payment.invoice_taken", number=self.number, contract=state.number)
        total = state.invoiced + self.amount
        if total < 0 or (self.amount > 0 and total > state.value):
            facts = {"total": format(total, "f"), "value": format(state.value, "f"), "currency": state.currency}
            return Refused("payment.above_value", **facts)
        return None


@action(
    "payment.refund",
    subject="contract",
    dated="date",
    example="sales payment refund HT-2024-001 --amount 20000 --date 2024-07-01 --reason 退货",
)
class RefundPayment(Action):
    """Record that money was paid back, on its own date; not more than has come in."""

    amount: Paid = given("What was paid back.", positional=True)
    date: dt.date | None = given("Day of the refund; the action's own day unless given.", default=None)
    currency: Currency | None = given("Currency; the contract's unless given.", default=None)
    instalment: int | None = given(
        "Number of the instalment that it is taken from; the last one paid unless given.", default=None
    )

    def decide(self, state: Contract, context: Context) -> Decision:
        refunded = e.PaymentRefunded(
            customer=state.customer,
            item=state.next_item("u"),
            amount=self.amount,
            currency=state.currency,
            date=self.date or context.day,
            instalment=self.instalment,
        )
        refused = misplaced(state, self.currency, self.instalment)
        return refused or above_collected(state, self.amount) or refunded


def above_collected(state: Contract, amount: Decimal) -> Refused | None:
    """Return a refusal if more is paid back than has come in."""
    if amount <= state.collected:
        return None
    facts = {"amount": format(amount, "f"), "collected": format(state.collected, "f"), "currency": state.currency}
    return Refused("payment.above_collected", **facts)


@action(
    "payment.promise",
    subject="contract",
    example="sales payment promise HT-2024-001 --amount 130000 --due 2024-06-15",
)
class PromisePayment(Action):
    """Record that the customer promises to pay so much by a day; whether it was kept shows in the receivables."""

    amount: Paid = given("What was promised.", positional=True)
    due: dt.date = given("The day by which it is to come in.", also=("date",))
    currency: Currency | None = given("Currency; the contract's unless given.", default=None)
    instalment: int | None = given(INSTALMENT, default=None)

    def decide(self, state: Contract, context: Context) -> Decision:
        if not state.signed_on:
            return Refused("payment.no_contract", state=state.status, contract=state.number)
        if self.due < context.day:
            return Refused("payment.promised_past", due=self.due.isoformat(), day=context.day.isoformat())
        promised = e.PaymentPromised(
            customer=state.customer,
            item=state.next_item("g"),
            amount=self.amount,
            currency=state.currency,
            due=self.due,
            instalment=self.instalment,
        )
        return misplaced(state, self.currency, self.instalment) or promised
