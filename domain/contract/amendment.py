"""What changes a contract after its signing, as deltas on their own date: amend, cancel, and order under a framework."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from domain.contract import events as e
from domain.contract.approval import wrong_state
from domain.contract.state import Contract, foreign
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.money import plain
from domain.kernel.refusal import Refused
from domain.kernel.types import Currency, Paid, Worth


@action(
    "contract.amend",
    subject="contract",
    dated="date",
    example="sales contract amend HT-2024-001 --delta 50000 --date 2024-05-06",
    either=("delta", "to"),
    instead={"amount": ("delta", "to")},
)
class AmendContract(Action):
    """Change the amount by a delta, or to a new amount, on its own date; before the signing this voids the approval.

    The amount of a framework is the limit of its orders, and counts 0 before and after. Where more has come in than the
    contract is worth then, it is recorded with a warning, and the surplus is overpaid until it is refunded.
    """

    delta: Decimal | None = given("By how much, with its sign.", default=None)
    to: Worth | None = given("The new amount, instead of the delta that makes it.", default=None)
    currency: Currency | None = given("Currency; the contract's unless given.", default=None)
    date: dt.date | None = given("Day of the amendment; the action's own day unless given.", default=None)

    def decide(self, state: Contract, context: Context) -> Decision:
        refused = wrong_state(state, context, "contract.amend", "draft", "submitted", "approved", "returned", "signed")
        delta = self.to - state.agreed if self.to is not None else self.delta
        refused = refused or foreign(state, self.currency) or unfounded(state, delta)
        if refused or delta is None:
            return refused or ()
        return state.unsigned_on(self.date or context.day) or e.ContractAmended(
            customer=state.customer,
            delta=plain(delta),
            date=self.date or context.day,
            overpaid=state.overpaid_at(state.value if state.framework else state.value + delta),
        )


def unfounded(state: Contract, delta: Decimal | None) -> Refused | None:
    """Return a refusal of a change by nothing, to less than nothing, or of a framework to less than is ordered."""
    if not delta:
        return Refused("event.nothing_changes")
    agreed = state.agreed + delta
    if agreed < 0:
        return Refused("contract.below_zero", amount=format(agreed, "f"))
    return above_limit(state, state.ordered, agreed) if state.framework and 0 < agreed < state.ordered else None


@action(
    "contract.cancel",
    subject="contract",
    dated="date",
    example="sales contract cancel HT-2024-001 --date 2024-04-10 --reason 客户破产",
)
class CancelContract(Action):
    """Withdraw the whole value so far, on the day of the cancellation; receipts stay until they are refunded."""

    date: dt.date | None = given("Day of the cancellation; the action's own day unless given.", default=None)

    def decide(self, state: Contract, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="contract.cancel")
        refused = wrong_state(state, context, "contract.cancel", "draft", "submitted", "approved", "returned", "signed")
        day = self.date or context.day
        return refused or state.unsigned_on(day) or e.ContractCancelled(customer=state.customer, date=day)


def above_limit(state: Contract, ordered: Decimal, limit: Decimal) -> Refused:
    """Return the refusal of orders beyond what a framework agrees on."""
    return Refused(
        "contract.above_limit",
        ordered=format(ordered, "f"),
        limit=format(limit, "f"),
        currency=state.currency,
        contract=state.number,
    )


@action(
    "contract.order",
    subject="contract",
    dated="date",
    example="sales contract order HT-2024-009 DD-001 --amount 120000 --date 2024-04-10",
)
class PlaceOrder(Action):
    """Record an order under a signed framework contract; it counts on its date."""

    number: str = given("The order's number; unique under its contract.", positional=True)
    amount: Paid = given("What is ordered.")
    currency: Currency | None = given("Currency; the contract's unless given.", default=None)
    date: dt.date | None = given("Day of the order; the action's own day unless given.", default=None)

    def decide(self, state: Contract, context: Context) -> Decision:
        if not state.framework:
            return Refused("contract.not_framework", kind=state.kind, contract=state.number)
        placed = e.FrameworkOrderPlaced(
            customer=state.customer,
            item=state.next_item("o"),
            number=self.number,
            amount=self.amount,
            date=self.date or context.day,
        )
        refused = wrong_state(state, context, "contract.order", "signed") or foreign(state, self.currency)
        return refused or state.unsigned_on(placed.date) or self.refused(state) or placed

    def refused(self, state: Contract) -> Refused | None:
        if any(order.number == self.number for order in state.orders.values()):
            return Refused("contract.order_taken", number=self.number, contract=state.number)
        above = 0 < state.agreed < state.ordered + self.amount
        return above_limit(state, state.ordered + self.amount, state.agreed) if above else None
