"""Whose a customer is beside its capture and assignment: protection, the pool, disputes and their ruling."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.customer.state import Customer, passes
from domain.kernel.event import Event, event
from domain.kernel.items import moved, opened
from domain.kernel.types import Login, PersonalText


@event("customer.protected", by=("customer.protect",))
class CustomerProtected(Event):
    owner: Login
    protected_until: dt.date


@event("customer.released", by=("customer.release",))
class CustomerReleased(Event):
    former: Login


@event("customer.claimed", by=("customer.claim",))
class CustomerClaimed(Event):
    owner: Login
    protected_until: dt.date


@event("customer.ownership_disputed", adds=True, by=("customer.dispute",))
class OwnershipDisputed(Event):
    item: str
    claimant: Login
    owner: Login
    evidence: PersonalText | None = None


@event("customer.ownership_ruled", by=("customer.rule",))
class OwnershipRuled(Event):
    item: str
    owner: Login


def evolve(customer: Customer, happened: Any) -> Customer:
    """Return `customer` after `happened`."""
    match happened:
        case CustomerProtected(protected_until=until):
            customer.protected_until = until
            customer.protections += 1
        case CustomerReleased():
            passes(customer, None)
        case CustomerClaimed():
            passes(customer, happened.owner)
            customer.protected_until, customer.protections = happened.protected_until, 1
        case OwnershipDisputed(item=item):
            customer.number(item)
            parties = {"claimant": happened.claimant, "owner": happened.owner}
            opened(customer.records, item, "dispute", "open", happened.claimant, **parties)
        case OwnershipRuled(item=item):
            moved(customer.records, item, "ruled")
            passes(customer, happened.owner)
    return customer
