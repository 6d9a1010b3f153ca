"""Whose records are: the customer that each belongs to as it stood, with its owner and the owner's group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from projections.customers import standing
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask
from projections.records.ask import Found


class Whose(NamedTuple):
    """A customer's id and name, who owned it, and the owner's group on the day asked about."""

    customer: str | None
    company: str | None
    owner: str | None
    group: str | None


NOBODY = Whose(None, None, None, None)


def with_customers(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    records: Iterable[Found],
    *,
    owner: str | None = None,
    group: str | None = None,
) -> Iterator[tuple[Found, Whose]]:
    """Yield the records whose customer stood then, those of an owner or a group alone where one is named.

    A record that belongs to no customer is nobody's. Asks tracking.
    """
    records = list(records)
    stood = standing(ask, moments, (each.customer for each in records if each.customer))
    for each in records:
        known = stood.get(each.customer or "")
        if each.customer and known is None:
            continue
        holder = known.owner if known else None
        team = organisation.group_of(holder, moments.day) if holder else None
        if owner in (None, holder) and group in (None, team):
            yield each, Whose(each.customer, known.company, holder, team) if known else NOBODY
