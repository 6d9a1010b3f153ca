"""What every action on a customer asks first: whether its history still goes on here."""

from __future__ import annotations

from domain.context import Context
from domain.customer.state import Customer
from domain.refusal import Refused


def gone(state: Customer, context: Context) -> Refused | None:
    """Return why nothing more can be recorded on this customer, if so."""
    if not state.known:
        return Refused("customer.withdrawn", subject=context.subject)
    if state.merged_into:
        return Refused("lead.merged", subject=context.subject, into=state.merged_into)
    return None
