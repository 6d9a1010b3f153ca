"""Follow-ups planned ahead: kept by the follow-up that names them, or missed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.customer.guard import gone
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.event import Event, event
from domain.kernel.items import Record, chosen, moved, opened, standing_in
from domain.kernel.refusal import Refused
from domain.kernel.types import Counted, PersonalText

KIND = "planned follow-up"
ITEM_HELP = "Which one: its number (l2) or whom it is with; not needed when only one is planned."


@event("customer.follow_up_planned", adds=True)
class FollowUpPlanned(Event):
    item: str
    channel: Counted
    on: dt.date
    contact: PersonalText | None = None
    what: PersonalText | None = None


@event("customer.follow_up_missed")
class FollowUpMissed(Event):
    item: str


def evolve(customer: Customer, happened: Any) -> Customer:
    """Return `customer` after `happened`; a plan is kept by the follow-up that names it."""
    match happened:
        case FollowUpPlanned(item=item, contact=contact):
            customer.number(item)
            opened(customer.records, item, KIND, "planned", contact or "")
        case FollowUpMissed(item=item):
            moved(customer.records, item, "missed")
    return customer


def planned(state: Customer, named: str | None, context: Context) -> Record | Refused:
    """Return the planned follow-up that `named`, the subject's key, or being the only one, points to."""
    keyed = None if named else context.item
    keyed = keyed if keyed and keyed.startswith("l") else None
    return chosen(standing_in(state.records, KIND, ("planned",)), named or keyed, None, kind=KIND, state="open")


@action(
    "follow-up.plan",
    subject="customer",
    plans=True,
    example="sales follow-up plan 某某科技有限公司 --channel visit --on 2024-03-05 --contact 王经理",
)
class PlanFollowUp(Action):
    """Plan a contact with the customer: how, when, with whom."""

    channel: Counted = given("How: call, visit, e-mail, message or meeting.")
    on: dt.date | None = given(
        "The day it is planned for; the action's own day, which may be yet to come, unless given.",
        default=None,
        also=("due", "date", "when"),
    )
    contact: str | None = given("With whom (personal).", default=None)
    what: str | None = given("What it is to be about (personal).", default=None, also=("summary",))

    def decide(self, state: Customer, context: Context) -> Decision:
        on = self.on or context.day
        if on < context.day:
            return Refused("follow_up.plan_past", on=on, day=context.day)
        item = state.next_item("l")
        return gone(state, context) or FollowUpPlanned(
            item=item, channel=self.channel, on=on, contact=self.contact, what=self.what
        )


@action("follow-up.miss", subject="customer", example="sales follow-up miss 某某科技有限公司 l1 --reason 客户临时出差")
class MissFollowUp(Action):
    """Record that a planned follow-up did not happen, and why (--reason)."""

    item: str | None = given(ITEM_HELP, default=None, positional=True, also=("plan",))

    def decide(self, state: Customer, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="follow-up.miss")
        which = planned(state, self.item, context)
        return which if isinstance(which, Refused) else FollowUpMissed(item=which.item)
