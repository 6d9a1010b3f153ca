"""Who may take a customer from the pool 公海, and when."""

from __future__ import annotations

from domain.customer.state import Customer
from domain.customer.tenure import Held, claimable_from, told
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.rights import ASSIGNING, may


def holding(state: Customer, context: Context) -> Held:
    """Return how the customer is held."""
    return told(context.history(context.subject), context.day_of, map(context.history, state.merged))


def waiting(login: str, state: Customer, context: Context) -> Refused | None:
    """Return why somebody can't have a customer from the pool yet, if so; a day before it was there never counts."""
    person = context.person(login)
    if person and person.departed and person.departed < context.day:
        return Refused("person.departed", login=login, date=person.departed)
    now = holding(state, context)
    first = claimable_from(now, login, context.policy("pool")["wait_days"], context.calendar)
    if first is None or context.day >= first:
        return None
    if now.since is not None and context.day < now.since:
        return Refused("pool.before", since=now.since)
    return Refused("pool.wait", login=login, since=now.since, first=first)


def assignable(owner: str, state: Customer, context: Context) -> Refused | None:
    """Return why a customer of the pool can't be given to somebody by one who may not assign what another owns, if so.

    What `customer.claim` asks for can't be had without it: neither a place under the cap nor an earlier day.
    """
    if state.former is None or may(context.role, ASSIGNING):
        return None
    if context.policy("pool")["holding_cap"] is not None:
        return Refused("pool.by_claim", subject=context.subject)
    return waiting(owner, state, context)
