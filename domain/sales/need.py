"""Needs 需求: what a customer needs, as it was found out and as it has changed since."""

from __future__ import annotations

from typing import Any

from domain.customer.guard import gone
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.event import Event, event
from domain.kernel.items import chosen, moved, opened, standing_in
from domain.kernel.refusal import Refused
from domain.kernel.types import PersonalText

ITEM_HELP = "Which one: its number (d1) or its text; not needed when there is only one."


@event("need.identified", adds=True)
class NeedIdentified(Event):
    item: str
    what: PersonalText


@event("need.changed", adds=True)
class NeedChanged(Event):
    item: str
    what: PersonalText


def evolve(customer: Customer, happened: Any) -> Customer:
    """Return `customer` after `happened`."""
    match happened:
        case NeedIdentified(item=item, what=what):
            customer.number(item)
            customer.need = customer.need or what
            opened(customer.records, item, "need", "identified", what)
        case NeedChanged(item=item, what=what):
            moved(customer.records, item, "changed")
            if item in customer.records:
                customer.records[item].label = what
    return customer


@action("need.identify", subject="customer", example="sales need identify 某某科技有限公司 --what 替换旧产线")
class IdentifyNeed(Action):
    """Record a need that was found out with the customer."""

    what: str = given("What they need (personal).", positional=True, also=("need",))

    def decide(self, state: Customer, context: Context) -> Decision:
        return gone(state, context) or NeedIdentified(item=state.next_item("d"), what=self.what)


@action("need.change", subject="customer", example="sales need change 某某科技有限公司 --what 先改造一条产线")
class ChangeNeed(Action):
    """Record how a need has changed."""

    item: str | None = given(ITEM_HELP, default=None)
    what: str = given("What they need now (personal).", also=("need",))

    def decide(self, state: Customer, context: Context) -> Decision:
        needs = standing_in(state.records, "need", ("identified", "changed"))
        which = chosen(needs, self.item, context.item, kind="need", state="identified")
        if isinstance(which, Refused):
            return which
        if which.label == self.what:
            return Refused("event.nothing_changes")
        return gone(state, context) or NeedChanged(item=which.item, what=self.what)
