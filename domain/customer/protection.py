"""Protection: for how long a customer is not recalled from its owner, however long nobody touches it."""

from __future__ import annotations

import datetime as dt

from domain.customer import ownership as o
from domain.customer.guard import disputed, gone
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.rights import ASSIGNING, may


@action(
    "customer.protect",
    subject="customer",
    example="sales customer protect 某某科技有限公司 --working-days 20 --reason 客户内部立项",
)
class ProtectCustomer(Action):
    """Protect a customer from being recalled: its owner once, whom the policy names longer and again."""

    until: dt.date | None = given("Last protected day.", default=None)
    working_days: int | None = given(
        "Protected to the end of the n-th working day from now; what the policy says unless given.", default=None
    )

    def decide(self, state: Customer, context: Context) -> Decision:
        refused = gone(state, context) or disputed(state, context)
        if refused:
            return refused
        if state.owner is None:
            return Refused("pool.unowned", subject=context.subject)
        if context.actor != state.owner and not may(context.role, ASSIGNING):
            return Refused("lead.owned", owner=state.owner)
        if self.until is not None and self.working_days is not None:
            return Refused("ownership.two_ends")
        return self.protected(state, context)

    def protected(self, state: Customer, context: Context) -> Decision:
        policy = context.policy("pool")
        extends = context.role in policy["extended_by"]
        if state.protections and not extends:
            allowed = ", ".join(policy["extended_by"])
            return Refused("ownership.extension", until=state.protected_until, allowed=allowed)
        most = policy["protection_most"] if extends else policy["protection_days"]
        asked = self.working_days
        if asked is not None and not 0 <= asked <= most:
            return Refused("ownership.too_long", days=most, most=context.calendar.deadline(context.day, most))
        until = self.until or context.calendar.deadline(
            context.day, policy["protection_days"] if asked is None else asked
        )
        last = context.calendar.deadline(context.day, most)
        if until < context.day or until > last:
            return Refused("ownership.too_long", days=most, most=last)
        if state.protected_until and until <= state.protected_until:
            return Refused("ownership.protected", until=state.protected_until)
        return o.CustomerProtected(owner=state.owner or "", protected_until=until)
