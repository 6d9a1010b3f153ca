"""The public pool 公海: who is recalled into it and when, who gives a customer up to it, and who may take one from it."""

from __future__ import annotations

from domain.customer import ownership as o
from domain.customer.claim import holding, waiting
from domain.customer.events import CustomerRecalled
from domain.customer.guard import disputed, gone
from domain.customer.state import Customer
from domain.customer.tenure import recall_day
from domain.kernel.action import Action, Decision, action
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.rights import ASSIGNING, may


def kept(state: Customer, context: Context) -> Refused | None:
    """Return why a customer can't go into the pool, if so."""
    refused = gone(state, context)
    if refused:
        return refused
    if state.owner is None:
        return Refused("pool.unowned", subject=context.subject)
    signed = any(context.load(contract).signed_on for contract in context.contracts_of(context.subject))
    return disputed(state, context) or (Refused("pool.signed", subject=context.subject) if signed else None)


@action("customer.recall", subject="customer", example="sales customer recall 某某科技有限公司")
class RecallCustomer(Action):
    """Take a customer whom nobody has touched for too long back into the pool.

    One with a running contract stays, and so does one that is protected or in dispute.
    """

    def decide(self, state: Customer, context: Context) -> Decision:
        refused = kept(state, context)
        if refused:
            return refused
        now = holding(state, context)
        due = recall_day(now, context.policy("pool")["recall_after"], context.calendar)
        if due is None or now.untouched is None or context.day < due:
            return Refused("pool.not_due", since=now.untouched or "-", due=due or "-")
        return CustomerRecalled(former=state.owner or "", untouched_since=now.untouched)


@action("customer.release", subject="customer", example="sales customer release 某某科技有限公司 --reason 行业不符")
class ReleaseCustomer(Action):
    """Give a customer up into the pool; one with a signed contract or in dispute stays."""

    def decide(self, state: Customer, context: Context) -> Decision:
        refused = kept(state, context)
        if refused:
            return refused
        if context.actor != state.owner and not may(context.role, ASSIGNING):
            return Refused("lead.owned", owner=state.owner)
        return o.CustomerReleased(former=state.owner or "")


@action("customer.claim", subject="customer", looks_up=True, example="sales customer claim 某某科技有限公司")
class ClaimCustomer(Action):
    """Take a customer that nobody owns out of the pool; it is protected for a while (sales policy show pool)."""

    def decide(self, state: Customer, context: Context) -> Decision:
        refused = gone(state, context) or takeable(state, context)
        if refused:
            return refused
        policy = context.policy("pool")
        cap = policy["holding_cap"]
        holds = len(context.holding(context.actor)) if cap is not None else 0
        if cap is not None and holds >= cap:
            return Refused("pool.cap", actor=context.actor, count=holds, cap=cap)
        until = context.calendar.deadline(context.day, policy["protection_days"])
        return o.CustomerClaimed(owner=context.actor, protected_until=until)


def takeable(state: Customer, context: Context) -> Refused | None:
    """Return why the actor can't claim a customer, if so; whether they hold too many already is asked elsewhere."""
    if state.valid is False:
        return Refused("lead.invalid")
    if state.owner:
        return Refused("pool.owned", owner=state.owner, subject=context.subject)
    return waiting(context.actor, state, context)
