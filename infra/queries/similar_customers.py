"""Whom a company that was just captured is like: a look at the names that begin alike, so that it costs next to nothing.

All names are compared by the question behind `sales duplicates`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from domain.customer.company_name import core, normalised

if TYPE_CHECKING:
    from infra.db.database import Database

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
    named = _named(db, company)
    return _likest(company, named, but) if named else []


def several(db: Database, captured: Sequence[tuple[str, str]]) -> set[str]:
    """Return the customers of `captured`, given with their companies' names, of which `near` finds others, or others find them.

    A fraction of a millisecond for each: rapidfuzz, whose import would cost a single look more, leaves few names to it.
    """
    found: set[str] = set()
    for customer, company in captured:
        like = _likest(company, _promising(company, _named(db, company)), (customer,))
        found.update({customer} if like else (), (each.customer for each in like))
    return found & {customer for customer, _company in captured}


def _named(db: Database, company: str) -> list[Sequence[str]]:
    """Return the names that begin like a company's, in the form under which they are compared, each with its customer."""
    texts = (normalised(company), core(company).replace(" ", ""))
    beginnings = {text[:ALIKE] for text in texts if len(text) >= ALIKE}
    return [row for start in sorted(beginnings) for row in db.all(NAMED, (start, start + "\U0010ffff", MANY))]


def _likest(company: str, named: Sequence[Sequence[str]], but: Collection[str]) -> list[Near]:
    """Return those of some names that are like a company's: what is like is said here alone."""
    from projections.engine.name_similarity import NEAR, apart, likeness, similar

    found: dict[str, Near] = {}
    mine = normalised(company)
    for name, customer in named:
        if customer not in but and name != mine and not apart(mine, name):
            like = max(likeness(company, name), similar(mine, name))  # words written as one have no order
            if like >= NEAR and (customer not in found or like > found[customer].likeness):
                found[customer] = Near(customer, name, like)
    return sorted(found.values(), key=lambda each: (-each.likeness, each.customer))


def _promising(company: str, named: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return those of some names that `_likest` could find: it finds none whose whole and whose core are both less like."""
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import extract

    from projections.engine.name_similarity import NEAR, cutoff, of_cores

    mine, whole = normalised(company), [name for name, _customer in named]
    kept = {n for n, name in enumerate(whole) if normalised(name) == mine}  # as its core may be written in other words
    for one, others, least in ((mine, whole, cutoff(NEAR)), (core(company), [*map(core, whole)], of_cores(NEAR))):
        scorer = Indel.normalized_similarity
        alike = extract(one, others, scorer=scorer, score_cutoff=least, limit=None, processor=None)
        kept.update(n for _name, _like, n in alike)
    return [named[n] for n in sorted(kept)]
