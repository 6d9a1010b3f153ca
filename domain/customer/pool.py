"""The public pool: a customer whom nobody has touched for too long is taken from its owner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from domain.action import Action, Decision, action
from domain.context import Context, Told
from domain.customer import events as e
from domain.customer.standing import gone
from domain.customer.state import Customer
from domain.refusal import Refused
from domain.standing import standing
from domain.words import OWNING, is_touch


def untouched_since(history: Sequence[Told], day_of: Callable[[Told], dt.date]) -> dt.date | None:
    """Return the day of the last touch, or the day on which the owner took the customer where that is later."""
    last: dt.date | None = None
    for each in standing(history):
        values, name = each.values, each.told.name
        if values is None:
            continue
        if name in OWNING or (name == "customer.followed_up" and is_touch(values)):
            day = day_of(each.told)
            last = day if last is None else max(last, day)
    return last


@action("customer.recall", subject="customer", looks_up=True, example="sales customer recall 某某科技有限公司")
class RecallCustomer(Action):
    """Take a customer whom nobody has touched for too long back into the pool; one with a running contract stays."""

    def decide(self, state: Customer, context: Context) -> Decision:
        refused = gone(state, context)
        if refused:
            return refused
        if state.owner is None:
            return Refused("pool.unowned", subject=context.subject)
        if any(context.contract(contract).signed_on for contract in context.contracts_of(context.subject)):
            return Refused("pool.signed", subject=context.subject)
        since = untouched_since(context.history(context.subject), context.day_of)
        days = context.policy("pool")["recall_after"]
        due = None if days is None or since is None else context.calendar.deadline(since, days)
        if due is None or since is None or context.day < due:
            return Refused("pool.not_due", since=since, due=due or "-")
        return e.CustomerRecalled(former=state.owner, untouched_since=since)
