"""The opportunities: which are open, what they are worth, and what moved that between two days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from tests.year.reckoning import whose
from tests.year.reckoning.book import Act, Book


@dataclass
class Hope:
    """An opportunity after some of its acts."""

    key: str
    customer: str
    amount: Decimal
    currency: str
    stage: str | None = None
    probability: Decimal | None = None
    status: str = "open"

    @property
    def worth(self) -> Decimal:
        return self.amount if self.status == "open" else Decimal(0)


@cache
def courses(book: Book) -> dict[str, list[Act]]:
    """Return by opportunity its acts up to the day asked about, the signing that wins it among them."""
    found: dict[str, list[Act]] = {}
    wins = {act.subject: act.data["opportunity"] for act in book.standing
            if act.action == "contract.draft" and "opportunity" in act.data}  # fmt: skip
    for act in book.acts:
        if act.action.startswith("opportunity."):
            found.setdefault(act.subject, []).append(act)
        elif act.action == "contract.sign" and act.subject in wins:
            found[wins[act.subject]].append(act)
    return found


def follow(hope: Hope, act: Act) -> None:
    """Take one more act."""
    match act.action:
        case "opportunity.move":
            hope.stage = act.data["stage"]
        case "opportunity.forecast":
            hope.amount = Decimal(act.data.get("amount", hope.amount))
            if "probability" in act.data:
                hope.probability = Decimal(act.data["probability"])
        case "opportunity.lose":
            hope.status = "lost"
        case "opportunity.reopen":
            hope.status = "open"
        case "contract.sign":
            hope.status = "won"


def begun(act: Act) -> Hope:
    return Hope(act.subject, act.data["customer"], Decimal(act.data["amount"]), act.data["currency"])


@cache
def hopes(book: Book) -> list[Hope]:
    """Return every opportunity as it stood on the day asked about."""
    found = []
    for first, *others in courses(book).values():
        hope = begun(first)
        for act in others:
            follow(hope, act)
        found.append(hope)
    return found


def rows(book: Book) -> list[dict[str, Any]]:
    """Return the open ones."""
    found = []
    for hope in hopes(book):
        if hope.status == "open":
            owner = whose.owner(book, hope.customer, book.as_of)
            group = whose.group(book, owner, book.as_of)
            row = {"owner": owner, "group": group, "stage": hope.stage, "amount": hope.amount}
            found.append(row | {"currency": hope.currency, "probability": hope.probability})
    return found


def totals(book: Book) -> dict[tuple[str, str], Any]:
    """Return by currency how many are open, what they are worth, how many have a probability, and what those weigh."""
    found: dict[tuple[str, str], Any] = {}
    for hope in hopes(book):
        if hope.status == "open":
            add(found, hope.currency, "count", 1)
            add(found, hope.currency, "amount", hope.amount)
            add(found, hope.currency, "likely", int(hope.probability is not None))
            add(found, hope.currency, "weighted", hope.amount * (hope.probability or 0))
    return found


def waterfall(book: Book, start: date) -> dict[tuple[str, str], Decimal]:
    """Return by currency and bar what was added between the end of a day and the day asked about."""
    bars: dict[tuple[str, str], Decimal] = {}
    for first, *others in courses(book).values():
        hope = begun(first)
        add(bars, hope.currency, "open" if first.day <= start else "new", hope.worth)
        for act in others:
            worth, status = hope.worth, hope.status
            follow(hope, act)
            moved = hope.worth - worth
            if act.day <= start:
                bar = "open"
            elif status == hope.status:
                bar = "up" if moved > 0 else "down"
            else:
                bar = "new" if hope.status == "open" else hope.status
            add(bars, hope.currency, bar, moved)
        add(bars, hope.currency, "closing", hope.worth)
    return {bar: amount for bar, amount in bars.items() if amount}


def add(sums: dict[tuple[str, str], Any], currency: str, name: str, amount: Any) -> None:
    sums[currency, name] = sums.get((currency, name), 0) + amount
