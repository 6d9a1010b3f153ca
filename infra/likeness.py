"""Whom a company that was just captured is like: a look at the names that begin alike, so that it costs next to nothing.

All names are compared by the question behind `sales duplicates`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from domain.customer.names import core, normalised

if TYPE_CHECKING:
    from infra.database import Database

ALIKE: Final = 2  # letters with which names begin
MANY: Final = 300
NAMED: Final = "SELECT value, stream FROM claims WHERE kind = 'company' AND value >= ? AND value < ? LIMIT ?"


class Near(NamedTuple):
    """A customer whose name is like another; `name` is the form under which it is compared."""

    customer: str
    name: str
    likeness: Decimal


def near(db: Database, company: str, but: Collection[str]) -> list[Near]:
    """Return the customers with a name like `company` that begins like it, the likest first; not those of `but`."""
    mine = normalised(company)
    beginnings = {text[:ALIKE] for text in (mine, core(company).replace(" ", "")) if len(text) >= ALIKE}
    named = [row for start in sorted(beginnings) for row in db.all(NAMED, (start, start + "\U0010ffff", MANY))]
    return _likest(company, mine, named, but) if named else []


def _likest(company: str, mine: str, named: Sequence[Sequence[str]], but: Collection[str]) -> list[Near]:
    from projections.duplicates.likeness import NEAR, apart, likeness, similar

    found: dict[str, Near] = {}
    for name, customer in named:
        if customer not in but and name != mine and not apart(mine, name):
            like = max(likeness(company, name), similar(mine, name))  # words written as one have no order
            if like >= NEAR:
                found[customer] = Near(customer, name, like)
    return sorted(found.values(), key=lambda each: (-each.likeness, each.customer))
