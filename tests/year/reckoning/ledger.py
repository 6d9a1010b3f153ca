"""The contract ledger, and what is outstanding by instalment and age."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.year.reckoning import whose
from tests.year.reckoning.book import Act, Book
from tests.year.reckoning.deals import Contract, contracts, owner

STATES = {"contract.draft": "draft", "contract.submit": "submitted", "contract.approve": "approved",
          "contract.return": "returned", "contract.sign": "signed", "contract.complete": "completed",
          "contract.cancel": "cancelled"}  # fmt: skip
MEASURES = ("signed", "collected", "invoiced", "delivered")


def sums(book: Book, contract: Contract) -> dict[str, Decimal]:
    """Return what a contract has come to by the day asked about."""
    found = dict.fromkeys(MEASURES, Decimal(0))
    for measure, act, amount in contract.deltas():
        if act.day <= book.as_of:
            found[measure] += amount
    return found


def past(book: Book, contract: Contract, *actions: str) -> list[Act]:
    return [act for act in contract.named(*actions) if act.day <= book.as_of]


def rows(book: Book) -> list[dict[str, Any]]:
    """Return a row for each contract that was drafted by then."""
    found = []
    for contract in contracts(book):
        steps = past(book, contract, *STATES)
        if not steps:
            continue
        total, signed = sums(book, contract), past(book, contract, "contract.sign")
        whom = owner(book, contract, book.as_of)
        accepted = {act.subject for act in past(book, contract, "delivery.accept")}
        deliveries = past(book, contract, "delivery.deliver")
        places = past(book, contract, "contract.archive")
        found.append(
            {
                "state": STATES[steps[-1].action],
                "kind": contract.draft.data.get("kind", "sale"),
                "signed_on": signed[0].day if signed else None,
                "owner": whom,
                "group": whose.group(book, whom, book.as_of),
                "currency": contract.currency,
                "value": total["signed"] if signed else None,
                "collected": total["collected"],
                "outstanding": max(total["signed"] - total["collected"], Decimal(0)),
                "overpaid": max(total["collected"] - total["signed"], Decimal(0)),
                "invoiced": total["invoiced"],
                "delivered": total["delivered"],
                "accepted": sum(
                    (Decimal(a.data.get("amount", 0)) for a in deliveries if a.key in accepted), Decimal(0)
                ),
                "deliveries": len(deliveries),
                "waiting": sum(1 for a in deliveries if a.key not in accepted),
                "orders": len(past(book, contract, "contract.order")),
                "place": places[-1].data["place"] if places else None,
                "reviews": len(past(book, contract, "contract.review")),
            }
        )
    return found


def receivables(book: Book) -> list[dict[str, Any]]:
    """Return the parts of signed contracts in which something is outstanding, or came in too much."""
    found = []
    for contract in contracts(book):
        if past(book, contract, "contract.sign"):
            whom = owner(book, contract, book.as_of)
            several = parts(book, contract)
            beside = next((part for part in several if part["amount"] > part["received"]), several[-1])
            for part in several:
                if part["amount"] != part["received"]:
                    promise = promised(book, contract) if part is beside else None
                    part |= {"owner": whom, "promise": promise, "currency": contract.currency}
                    found.append(part | aged(book, part))
    return found


def parts(book: Book, contract: Contract) -> list[dict[str, Any]]:
    """Return how a contract is paid: its instalments, the rest that no schedule speaks of, a surplus."""
    worth = sums(book, contract)["signed"]
    found: list[dict[str, Any]] = []
    schedules = past(book, contract, "payment.schedule")
    for each in schedules[-1].data["instalments"] if schedules else ():
        share, _, when = each.partition("% @ ")
        amount = Decimal(share) * worth_at(contract, schedules[-1]) / 100
        found.append({"part": "instalment", "due": due(book, contract, when), "amount": amount, "received": Decimal(0)})
    scheduled = sum((part["amount"] for part in found), Decimal(0))
    lacking = scheduled - worth
    for part in reversed(found):
        taken = min(max(lacking, Decimal(0)), part["amount"])
        part["amount"], lacking = part["amount"] - taken, lacking - taken
    rest = max(worth - scheduled, Decimal(0))
    found.append({"part": "rest", "due": None, "amount": rest, "received": Decimal(0)})
    surplus: dict[str, Any] = {"part": "surplus", "due": None, "amount": Decimal(0), "received": Decimal(0)}
    came = sums(book, contract)["collected"]
    for part in found:
        part["received"] = min(part["amount"], max(came, Decimal(0)))
        came -= part["received"]
    surplus["received"] = came
    return [*found, surplus]


def worth_at(contract: Contract, schedule: Act) -> Decimal:
    """Return what a contract was worth when its schedule was agreed; a correction of the draft says what it always was."""
    before = (amount for measure, act, amount in contract.deltas() if measure == "signed" and act.n < schedule.n)
    return sum(before, Decimal(0))


def due(book: Book, contract: Contract, when: str) -> date | None:
    """Return the day on which an instalment is due; None while what it is counted from hasn't happened."""
    since, plus, days = when.partition("+")
    if not plus:
        return date.fromisoformat(when)
    action = {"signing": "contract.sign", "delivery": "delivery.deliver", "acceptance": "delivery.accept"}[since]
    first = min((act.day for act in past(book, contract, action)), default=None)
    return first + timedelta(days=int(days)) if first else None


def aged(book: Book, part: dict[str, Any]) -> dict[str, Any]:
    """Return what is outstanding of a part, and how old that is."""
    left = part["amount"] - part["received"]
    row: dict[str, Any] = {"outstanding": max(left, Decimal(0)), "overpaid": max(-left, Decimal(0))}
    row |= {"days_overdue": None, "ageing": None}
    if left <= 0:
        return row
    days = max((book.as_of - part["due"]).days, 0) if part["due"] else None
    age = (
        "not-due" if not days else "0-30" if days <= 30 else "31-60" if days <= 60 else "61-90" if days <= 90 else "90+"
    )
    return row | {"days_overdue": days, "ageing": age}


def promised(book: Book, contract: Contract) -> str | None:
    """Return what became of the promise to pay: kept by what came in from its day to the day it names."""
    promises = past(book, contract, "payment.promise")
    if not promises:
        return None
    until = date.fromisoformat(promises[-1].data["due"])
    came = sum(
        Decimal(act.data["amount"])
        for act in past(book, contract, "payment.receive")
        if promises[-1].day <= act.day <= until
    )
    kept = came >= Decimal(promises[-1].data["amount"])
    return "kept" if kept else "open" if book.as_of <= until else "broken"
