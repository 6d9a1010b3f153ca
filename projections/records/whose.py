"""Whose records are: the customer that each belongs to as it stood, its owner and the owner's group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from projections.customers import Standing, standing, survivors
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask
from projections.records.ask import Found


class Owned(NamedTuple):
    """A record with its customer and the group of the customer's owner on the day asked about."""

    found: Found
    customer: Standing
    group: str | None

    def row(self) -> dict[str, Any]:
        """Return how a row begins that tells of the record."""
        return {"customer": self.customer.customer, "company": self.customer.company, "item": self.found.number}

    def whose(self) -> dict[str, Any]:
        return {"owner": self.customer.owner, "group": self.group}


def owned(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    records: Iterable[Found],
    *,
    owner: str | None = None,
    group: str | None = None,
    customer: str | None = None,
) -> list[Owned]:
    """Return the records of customers that stood then, in their order; only those of an owner, a group, a customer.

    A customer that was merged by then stands for its survivor.
    """
    several = list(records)
    if not several:
        return []
    groups: dict[str | None, str | None] = {None: None}
    if customer is not None:
        customer = survivors(ask, moments).get(customer, customer)
    known = standing(ask, moments, (each.customer for each in several if each.customer))
    kept = []
    for each in several:
        stood = known.get(each.customer or "")
        if stood is None or customer not in (None, stood.customer) or owner not in (None, stood.owner):
            continue
        if stood.owner not in groups:
            groups[stood.owner] = organisation.group_of(stood.owner or "", moments.day)
        team = groups[stood.owner]
        if group in (None, team):
            kept.append(Owned(each, stood, team))
    return kept
