"""Collaborations 协作节点: what a customer's business needs from another department, by when, and what came of it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from domain.calendar.due import DAYS_HELP, DUE_HELP, mistimed, timed, untimed
from domain.customer.guard import gone
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.event import Event, event
from domain.kernel.items import Record, chosen, moved, opened, standing_in
from domain.kernel.refusal import Refused
from domain.kernel.types import PersonalText

ITEM_HELP: Final = "Which one: its number (k1) or its department; not needed when only one is open."


@event("collaboration.asked", adds=True)
class CollaborationAsked(Event):
    item: str
    department: str
    what: PersonalText
    due: dt.date | None = None
    working_days: int | None = None
    counted_from: dt.date | None = None

    def refused(self, context: Context, stream: str) -> Refused | None:
        return mistimed(self.due, self.working_days, self.counted_from)


@event("collaboration.delivered")
class CollaborationDelivered(Event):
    item: str
    words: PersonalText | None = None


@event("collaboration.declined")
class CollaborationDeclined(Event):
    item: str


def evolve(customer: Customer, happened: Any) -> None:
    """Take into `customer` what happened with a department."""
    match happened:
        case CollaborationAsked(item=item):
            customer.number(item)
            opened(customer.records, item, "collaboration", "open", happened.department)
        case CollaborationDelivered(item=item):
            moved(customer.records, item, "delivered")
        case CollaborationDeclined(item=item):
            moved(customer.records, item, "declined")


def meant(state: Customer, named: str | None, context: Context) -> Record | Refused:
    """Return the open collaboration that is meant."""
    still = standing_in(state.records, "collaboration", ("open",))
    return chosen(still, named, context.item, kind="collaboration", state="open")


@action(
    "collaboration.ask",
    subject="customer",
    example="sales collaboration ask 某某科技有限公司 --department 技术部 --what 出具选型方案 --working-days 3",
)
class AskCollaboration(Action):
    """Ask another department for something that this customer's business needs."""

    department: str = given("Which department.", positional=True)
    what: str = given("What is asked for (personal).")
    due: dt.date | None = given(DUE_HELP, default=None)
    working_days: int | None = given(DAYS_HELP, default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        item = state.next_item("k")
        return (
            gone(state, context)
            or untimed(self.due, self.working_days)
            or CollaborationAsked(
                item=item,
                department=self.department,
                what=self.what,
                **timed(self.due, self.working_days, context),
            )
        )


@action(
    "collaboration.deliver",
    subject="customer",
    example="sales collaboration deliver 某某科技有限公司 k1 --words 方案一份",
)
class DeliverCollaboration(Action):
    """Record that the department has delivered what it was asked for."""

    item: str | None = given(ITEM_HELP, default=None, positional=True, also=("collaboration",))
    words: str | None = given("What was delivered (personal).", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        which = meant(state, self.item, context)
        return which if isinstance(which, Refused) else CollaborationDelivered(item=which.item, words=self.words)


@action(
    "collaboration.decline",
    subject="customer",
    example="sales collaboration decline 某某科技有限公司 k1 --reason 排期已满",
)
class DeclineCollaboration(Action):
    """Record that the department will not do it, and why (--reason)."""

    item: str | None = given(ITEM_HELP, default=None, positional=True, also=("collaboration",))

    def decide(self, state: Customer, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="collaboration.decline")
        which = meant(state, self.item, context)
        return which if isinstance(which, Refused) else CollaborationDeclined(item=which.item)
