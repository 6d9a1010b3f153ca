"""A period replayed: what the company had reached on each day, as it was known then and as it is known now."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.year.reckoning.book import Act, Book
from tests.year.reckoning.measures import facts
from tests.year.reckoning.periods import within

MEASURES = ("signed", "collected", "new-customers", "leads", "valid-leads", "follow-ups")


def figures(acts: list[Act], period: str, days: list[date]) -> dict[str, Decimal]:
    """Return by day, measure and currency what was reached, where it is not 0."""
    found: dict[str, Decimal] = {}
    for day in days:
        for name, book in (("known", Book(acts, day, day)), ("hindsight", Book(acts, day))):
            for fact in facts(book):
                if fact.measure in MEASURES and within(fact.day, period):
                    of = f"{day} {name} {fact.measure} {fact.currency or None}"
                    found[of] = found.get(of, Decimal(0)) + fact.amount
    return {name: amount for name, amount in found.items() if amount}
