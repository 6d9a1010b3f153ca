"""Giving a customer to an owner, whether one speaks of it as a lead or as a customer."""

from __future__ import annotations

from domain.customer import events as e
from domain.customer.guard import disputed, gone
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.rights import ASSIGNING, may
from domain.kernel.types import Login


def assigned(owner: str, state: Customer, context: Context) -> Decision:
    """Return the event by which a customer becomes `owner`'s, or why that may not be."""
    person = context.person(owner)
    if person is None:
        return Refused("person.unknown", login=owner)
    if person.departed and person.departed < context.day:
        return Refused("person.departed", login=owner, date=person.departed)
    if state.owner and context.actor != state.owner and not may(context.role, ASSIGNING):
        return Refused("lead.owned", owner=state.owner)
    refused = gone(state, context) or disputed(state, context)
    if refused is None and state.former is not None:
        from domain.customer.claim import assignable

        refused = assignable(owner, state, context)
    return refused or e.CustomerAssigned(owner=owner)


@action("customer.assign", subject="customer", example="sales customer assign 某某科技有限公司 --owner zhang.san")
class AssignCustomer(Action):
    """Give a customer to an owner, as lead assign does. Only its owner, a manager or a director may reassign it."""

    owner: Login = given("Login of the owner.", positional=True)

    def decide(self, state: Customer, context: Context) -> Decision:
        return assigned(self.owner, state, context)
