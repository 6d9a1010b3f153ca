"""The public pool 公海: who is recalled into it and when, who gives a customer up to it, and who may take one from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.action import Action, Decision, action
from domain.context import Context, Told
from domain.customer import owning as o
from domain.customer.dispute import disputed
from domain.customer.events import CustomerRecalled
from domain.customer.standing import gone
from domain.customer.state import Customer
from domain.refusal import Refused
from domain.rights import ASSIGNING, may
from domain.standing import standing
from domain.words import OWNING, is_touch

if TYPE_CHECKING:
    from domain.calendar import WorkCalendar

KEPT: Final = ("signed", "performing", "completed", "invalid")
"""The stages in which a customer stays with its owner whatever happens."""

PROTECTING: Final = ("customer.protected", "customer.claimed")


class Held(NamedTuple):
    """How a customer is held: `owner` since `since`, or nobody after `former`.

    `untouched` is the day of the last touch, or the one on which the owner took the customer where that is later;
    `protected` the last day of a protection. Days of no such thing are None.
    """

    owner: str | None = None
    since: dt.date | None = None
    former: str | None = None
    untouched: dt.date | None = None
    protected: dt.date | None = None


def held(acts: Sequence[tuple[dt.date, str, Mapping[str, Any]]]) -> Held:
    """Return how a customer is held after what was done with it, in the order of its days: (day, event's name, data)."""
    now = Held()
    for day, name, data in acts:
        if name in OWNING:
            now = passed(now, day, data.get("owner"))
        if name in PROTECTING:
            now = now._replace(protected=dt.date.fromisoformat(data["protected_until"]))
        if name in OWNING or (name == "customer.followed_up" and is_touch(data)):
            now = now._replace(untouched=day)
    return now


def passed(now: Held, day: dt.date, owner: str | None) -> Held:
    """Return how a customer is held after it has passed to an owner, or stayed with the one it had."""
    if owner == now.owner and now.since:
        return now
    return now._replace(owner=owner, since=day, former=None if owner else now.owner, protected=None)


def told(history: Sequence[Told], day_of: Callable[[Told], dt.date]) -> Held:
    """Return how a customer is held after its events, which stand as corrected, in the order of their days."""
    acts = [(day_of(each.told), each.told.position, each) for each in standing(history) if each.values is not None]
    return held([(day, each.told.name, each.values or {}) for day, _, each in sorted(acts, key=lambda act: act[:2])])


def recall_day(now: Held, days: int | None, calendar: WorkCalendar) -> dt.date | None:
    """Return the day on which a customer is due for the pool: never within its protection, None for never."""
    if days is None or now.owner is None or now.untouched is None:
        return None
    due = calendar.deadline(now.untouched, days)
    return max(due, calendar.deadline(now.protected, 1)) if now.protected else due


def claimable_from(now: Held, login: str, wait: int, calendar: WorkCalendar) -> dt.date | None:
    """Return from which day on somebody may take a customer that nobody owns: the former owner waits longer."""
    if now.since is None:
        return None
    return calendar.deadline(now.since, wait) if login == now.former else now.since


def kept(state: Customer, context: Context) -> Refused | None:
    """Return why a customer can't go into the pool, if so."""
    refused = gone(state, context)
    if refused:
        return refused
    if state.owner is None:
        return Refused("pool.unowned", subject=context.subject)
    signed = any(context.contract(contract).signed_on for contract in context.contracts_of(context.subject))
    return disputed(state, context) or (Refused("pool.signed", subject=context.subject) if signed else None)


@action("customer.recall", subject="customer", looks_up=True, example="sales customer recall 某某科技有限公司")
class RecallCustomer(Action):
    """Take a customer whom nobody has touched for too long back into the pool.

    One with a running contract stays, and so does one that is protected or in dispute.
    """

    def decide(self, state: Customer, context: Context) -> Decision:
        refused = kept(state, context)
        if refused:
            return refused
        now = told(context.history(context.subject), context.day_of)
        due = recall_day(now, context.policy("pool")["recall_after"], context.calendar)
        if due is None or now.untouched is None or context.day < due:
            return Refused("pool.not_due", since=now.untouched or "-", due=due or "-")
        return CustomerRecalled(former=state.owner or "", untouched_since=now.untouched)


@action(
    "customer.release",
    subject="customer",
    looks_up=True,
    example="sales customer release 某某科技有限公司 --reason 行业不符",
)
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
    return waiting(context.actor, context)


def waiting(login: str, context: Context) -> Refused | None:
    """Return why somebody can't have a customer from the pool yet, if so; a day before it was there never counts."""
    person = context.person(login)
    if person and person.departed and person.departed < context.day:
        return Refused("person.departed", login=login, date=person.departed)
    now = told(context.history(context.subject), context.day_of)
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
    return waiting(owner, context)
