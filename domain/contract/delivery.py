"""Deliveries: what was delivered under a contract, milestone by milestone, and what the customer accepted."""

from __future__ import annotations

import datetime as dt

from domain.contract.approval import wrong_state
from domain.contract.events import DeliveryAccepted, MilestoneDelivered
from domain.contract.state import Contract, foreign
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.types import Currency, Paid


@action(
    "delivery.deliver",
    subject="contract",
    dated="date",
    example="sales delivery deliver HT-2024-001 --milestone 首批设备 --amount 180000 --date 2024-05-20",
)
class Deliver(Action):
    """Record that a milestone of a signed contract was delivered; its amount counts as delivered on that day."""

    milestone: str = given("What was delivered.", positional=True)
    amount: Paid | None = given("What it is worth of the contract; nothing is counted unless given.", default=None)
    currency: Currency | None = given("Currency; the contract's unless given.", default=None)
    date: dt.date | None = given("Day of the delivery; the action's own day unless given.", default=None)

    def decide(self, state: Contract, context: Context) -> Decision:
        delivered = MilestoneDelivered(
            customer=state.customer,
            item=state.next_item("d"),
            milestone=self.milestone,
            amount=self.amount,
            date=self.date or context.day,
        )
        refused = wrong_state(state, context, "delivery.deliver", "signed") or state.unsigned_on(delivered.date)
        return refused or foreign(state, self.currency) or self.refused(state) or delivered

    def refused(self, state: Contract) -> Refused | None:
        if any(each.milestone == self.milestone for each in state.deliveries.values()):
            return Refused("delivery.again", milestone=self.milestone)
        total = state.delivered + (self.amount or 0)
        if self.amount and total > state.value:
            facts = {"amount": format(total, "f"), "value": format(state.value, "f"), "currency": state.currency}
            return Refused("delivery.above_value", **facts)
        return None


@action(
    "delivery.accept",
    subject="contract",
    dated="date",
    example="sales delivery accept HT-2024-001 首批设备 --date 2024-06-03",
)
class AcceptDelivery(Action):
    """Record that the customer accepted what was delivered."""

    item: str | None = given(
        "Which delivery: its number (d1) or its milestone; not needed when only one waits.",
        default=None,
        positional=True,
        also=("milestone", "delivery"),
    )
    date: dt.date | None = given("Day of the acceptance; the action's own day unless given.", default=None)

    def decide(self, state: Contract, context: Context) -> Decision:
        wanted = self.item or (context.item if context.item in state.deliveries else None)
        waiting = {item: each for item, each in state.deliveries.items() if not each.accepted}
        matching = [item for item, each in waiting.items() if wanted in (None, item, each.milestone)]
        if len(matching) != 1:
            known = "; ".join(f"{item} {each.milestone}" for item, each in waiting.items()) or "-"
            return Refused("delivery.unknown", item=wanted or "?", known=known)
        (item,) = matching
        day, since = self.date or context.day, waiting[item].date
        if day < since:
            return Refused("delivery.not_yet", day=day.isoformat(), since=since.isoformat())
        return DeliveryAccepted(customer=state.customer, item=item, date=day)
