"""Contracts: what each adds on which day, to whom it is credited, and when it was effective."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tests.slow.customers import entity, owner_of
from tests.slow.fold import Belief, Entry
from tests.slow.people import window


class Delta(NamedTuple):
    """What one event of a contract adds to what is signed, collected, invoiced or delivered."""

    measure: str
    entry: Entry
    amount: Decimal
    currency: str


def of_contract(belief: Belief, contract: str) -> list[Entry]:
    """Return a contract's standing entries in recorded order, in which its approvals make sense."""
    return [entry for entry in belief.of("con_") if entry.stream == contract]


def contracts(belief: Belief) -> list[str]:
    """Return all contracts, the first drafted first."""
    return list(dict.fromkeys(entry.stream for entry in belief.of("con_")))


def deltas(belief: Belief, contract: str) -> Iterator[Delta]:
    """Yield a contract's deltas: signed with its amount, changed by amendments, taken back whole by a cancellation.

    A framework counts 0, and its orders count.
    """
    amount, currency, signed, counts = Decimal(0), "", False, True
    for entry in of_contract(belief, contract):
        data = entry.data
        if entry.name == "contract.drafted":
            counts = data.get("kind", "sale") != "framework"
            amount, currency = Decimal(data["amount"] if counts else 0), data["currency"]
        elif entry.name == "contract.signed":
            signed = True
            yield Delta("signed", entry, amount, currency)
        elif entry.name == "contract.amended":
            delta = Decimal(data["delta"] if counts else 0)
            amount += delta
            if signed:
                yield Delta("signed", entry, delta, currency)
        elif entry.name == "contract.order_placed":
            amount += Decimal(data["amount"])
            yield Delta("signed", entry, Decimal(data["amount"]), currency)
        elif entry.name == "contract.cancelled":
            if signed:
                yield Delta("signed", entry, -amount, currency)
            amount = Decimal(0)
        elif entry.name == "payment.received":
            yield Delta("collected", entry, Decimal(data["amount"]), currency)
        elif entry.name == "payment.refunded":
            yield Delta("collected", entry, -Decimal(data["amount"]), currency)
        elif entry.name == "payment.invoiced":
            yield Delta("invoiced", entry, Decimal(data["amount"]), currency)
        elif entry.name == "delivery.delivered":
            yield Delta("delivered", entry, Decimal(data.get("amount") or 0), currency)


def signing(belief: Belief, contract: str) -> Entry | None:
    """Return the signing of a contract, if it is signed."""
    return next((e for e in of_contract(belief, contract) if e.name == "contract.signed"), None)


def sales(belief: Belief, contract: str) -> list[Entry]:
    """Return what makes a contract effective: its signing, or of a framework each order."""
    mine = of_contract(belief, contract)
    kinds = [e.data.get("kind", "sale") for e in mine if e.name == "contract.drafted"]
    if kinds and kinds[-1] == "framework":
        return [e for e in mine if e.name == "contract.order_placed"]
    return [e for e in mine if e.name == "contract.signed"]


def ending(belief: Belief, contract: str) -> Entry | None:
    """Return the cancellation of a signed contract, if there is one."""
    if signing(belief, contract) is None:
        return None
    return next((e for e in of_contract(belief, contract) if e.name == "contract.cancelled"), None)


def credited(belief: Belief, entry: Entry) -> str | None:
    """Return to whom a delta is credited: who owns the contract at its moment, of a plain date at the end of its day.

    That is whom a hand-over up to then named last; else whom the draft names; else the customer's owner at signing.
    """
    mine = of_contract(belief, entry.stream)
    by_day = len(entry.occurred) == 10
    handed = [
        (e.day, e.position, e.data["owner"])
        for e in mine
        if e.name == "contract.handed_over" and (e.day <= entry.day if by_day else e.moment <= entry.moment)
    ]
    if handed:
        return str(max(handed)[2])
    named = [e.data.get("owner") for e in mine if e.name == "contract.drafted"][-1]
    signed = signing(belief, entry.stream)
    return named or owner_of(belief, entry.customer, signed or entry)


def new_customers(belief: Belief) -> list[Entry]:
    """Return the sales by which a customer was new: no effective contract of the legal entity in the months before."""
    signings = [sale for contract in contracts(belief) for sale in sales(belief, contract)]
    new = []
    for mine in signings:
        one = entity(belief, mine.customer or "")
        earlier = [
            other
            for other in signings
            if other.customer in one
            and (other.day, other.position) < (mine.day, mine.position)
            and effective_at(belief, other.stream, mine.moment)
        ]
        since = months_before(mine.day, window(belief, mine.day))
        if not any(other.day >= since for other in earlier):
            new.append(mine)
    return new


def effective_at(belief: Belief, contract: str, moment: int) -> bool:
    """Say whether a signed contract was not cancelled up to a moment."""
    ended = ending(belief, contract)
    return ended is None or ended.moment > moment


def months_before(day: date, months: int) -> date:
    """Return the same day months earlier, or the last of that month."""
    number = day.year * 12 + day.month - 1 - months
    for wanted in range(day.day, 0, -1):
        try:
            return date(number // 12, number % 12 + 1, wanted)
        except ValueError:
            continue
    raise AssertionError(day)
