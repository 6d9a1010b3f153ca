"""Proposals 方案: asked of departments with a due date, delivered to the customer in versions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.customer.guard import gone
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.event import Event, event
from domain.kernel.items import chosen, moved, opened, standing_in
from domain.kernel.refusal import Refused
from domain.kernel.types import PersonalText

ITEM_HELP = "Which one: its number (r1) or its text; not needed when only one is open."


@event("proposal.requested", adds=True)
class ProposalRequested(Event):
    item: str
    what: PersonalText
    departments: tuple[str, ...] = ()
    due: dt.date | None = None
    working_days: int | None = None
    counted_from: dt.date | None = None


@event("proposal.delivered", adds=True)
class ProposalDelivered(Event):
    item: str
    version: int
    parts: tuple[str, ...] = ()


def evolve(customer: Customer, happened: Any) -> Customer:
    """Return `customer` after `happened`."""
    match happened:
        case ProposalRequested(item=item, what=what):
            customer.number(item)
            opened(customer.records, item, "proposal", "requested", what, version=0)
        case ProposalDelivered(item=item, version=version):
            moved(customer.records, item, "delivered", version=version)
    return customer


@action(
    "proposal.request",
    subject="customer",
    example="sales proposal request 某某科技有限公司 --what 产线改造方案 --departments 技术部 --working-days 5",
)
class RequestProposal(Action):
    """Ask for a proposal to the customer: of which departments, by when."""

    what: str = given("What it is to be about (personal).", positional=True)
    departments: tuple[str, ...] = given("Of whom; may be repeated.", default=(), also=("department",))
    due: dt.date | None = given("The day it is due.", default=None)
    working_days: int | None = given("Due at the end of the n-th working day after the action's day.", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        if (self.due is None) == (self.working_days is None) or not 0 <= (self.working_days or 0) <= 1000:
            return Refused("proposal.when")
        if self.due is not None and self.due < context.day:
            return Refused("proposal.due_before", due=self.due, day=context.day)
        return gone(state, context) or ProposalRequested(
            item=state.next_item("r"),
            what=self.what,
            departments=self.departments,
            due=self.due,
            working_days=self.working_days,
            counted_from=context.day if self.working_days is not None else None,
        )


@action(
    "proposal.deliver",
    subject="customer",
    example="sales proposal deliver 某某科技有限公司 r1 --parts 技术方案 --parts 实施计划",
)
class DeliverProposal(Action):
    """Record that a version of a proposal went to the customer, and which parts it has."""

    item: str | None = given(ITEM_HELP, default=None, positional=True, also=("proposal",))
    version: int | None = given("Which version; the next one unless given.", default=None)
    parts: tuple[str, ...] = given("What it consists of; may be repeated.", default=())

    def decide(self, state: Customer, context: Context) -> Decision:
        every = standing_in(state.records, "proposal", ("requested", "delivered"))
        waiting = [each for each in every if each.state == "requested"]
        unnamed = self.item is None and context.item not in [each.item for each in every]
        among = waiting if unnamed and waiting else every
        which = chosen(among, self.item, context.item, kind="proposal", state="requested")
        if isinstance(which, Refused):
            return which
        last = which.data["version"]
        version = last + 1 if self.version is None else self.version
        if version <= last:
            return Refused("proposal.version", version=version, last=last, item=which.item)
        return gone(state, context) or ProposalDelivered(item=which.item, version=version, parts=self.parts)
