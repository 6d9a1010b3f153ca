"""Whom a company that was just captured is like: a look at the names that begin alike, so that it costs next to nothing.

All names are compared by the question behind `sales duplicates`.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from domain.customer.names import core, normalised
from projections.duplicates.likeness import NEAR, likeness, similar

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
    found: dict[str, Near] = {}
    for beginning in {text[:ALIKE] for text in (mine, core(company).replace(" ", "")) if len(text) >= ALIKE}:
        for name, customer in db.all(NAMED, (beginning, beginning + "\U0010ffff", MANY)):
            like = max(likeness(company, name), similar(mine, name))  # words written as one have no order
            if customer not in but and name != mine and like >= NEAR:
                found[customer] = Near(customer, name, like)
    return sorted(found.values(), key=lambda each: (-each.likeness, each.customer))
