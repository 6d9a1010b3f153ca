"""Whose records are: the customer that each belongs to as it stood."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import Standing, standing
from projections.queries.record_events import Found


class Owned(NamedTuple):
    """A record with its customer."""

    found: Found
    customer: Standing

    def row(self) -> dict[str, Any]:
        """Return how a row begins that tells of the record."""
        return {"customer": self.customer.customer, "company": self.customer.company, "item": self.found.number}


def owned(ask: Ask, moments: AsOf, records: Iterable[Found]) -> list[Owned]:
    """Return the records of customers that stood then, in their order. A customer that was merged by then stands for its survivor."""
    several = list(records)
    known = standing(ask, moments, (each.customer for each in several if each.customer))
    stood = ((each, known.get(each.customer or "")) for each in several)
    return [Owned(each, customer) for each, customer in stood if customer is not None]
