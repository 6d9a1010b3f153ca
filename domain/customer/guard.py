"""What every action on a customer asks first: whether its history still goes on here."""

from __future__ import annotations

from domain.customer.state import Customer
from domain.kernel.context import Context
from domain.kernel.items import Record, standing_in
from domain.kernel.refusal import Refused


def gone(state: Customer, context: Context) -> Refused | None:
    """Return why nothing more can be recorded on this customer, if so."""
    return ended(state, context.subject)


def ended(state: Customer, customer: str) -> Refused | None:
    """Return why nothing more can be made of a customer, if so: its capture was withdrawn, or it was merged into another."""
    if state.merged_into:
        return Refused("lead.merged", subject=customer, into=state.merged_into)
    return None if state.known else Refused("customer.withdrawn", subject=customer)


def open_disputes(state: Customer) -> list[Record]:
    """Return the disputes that nobody has ruled on yet."""
    return standing_in(state.records, "dispute", ("open",))


def disputed(state: Customer, context: Context) -> Refused | None:
    """Return why a customer's owner can't change for now, if so: a ruling is awaited."""
    waiting = open_disputes(state)
    if not waiting:
        return None
    return Refused("ownership.disputed", subject=context.subject, item=waiting[0].item, claimant=waiting[0].label)
