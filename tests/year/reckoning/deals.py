"""Contracts: what each has added to what is signed, collected, invoiced and delivered, when, and whose it was."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from tests.year.reckoning import whose
from tests.year.reckoning.book import Act, Book

ACTIONS = ("contract.", "payment.", "delivery.")


class Delta(NamedTuple):
    """What one act adds to a measure of its contract on its day."""

    measure: str
    act: Act
    amount: Decimal


class Contract(NamedTuple):
    """A contract's acts in the order in which they were entered, whenever they were."""

    key: str
    customer: str
    acts: list[Act]

    def named(self, *actions: str) -> list[Act]:
        return [act for act in self.acts if act.action in actions]

    @property
    def draft(self) -> Act:
        """The draft as it was made last."""
        return self.named("contract.draft")[-1]

    @property
    def currency(self) -> str:
        return str(self.draft.data["currency"])

    @property
    def framework(self) -> bool:
        return self.draft.data.get("kind") == "framework"

    @property
    def signing(self) -> Act | None:
        return next(iter(self.named("contract.sign")), None)

    @property
    def ending(self) -> Act | None:
        return next(iter(self.named("contract.cancel")), None)

    @property
    def sales(self) -> list[Act]:
        """What makes it effective: its signing, or of a framework each order."""
        return self.named("contract.order" if self.framework else "contract.sign")

    def deltas(self) -> list[Delta]:
        worth, found = Decimal(0), []
        for act in self.acts:
            data = act.data
            match act.action:
                case "contract.draft":
                    worth = Decimal(0) if self.framework else Decimal(data["amount"])
                case "contract.sign":
                    found.append(Delta("signed", act, worth))
                case "contract.amend" if act.n < self.signing.n if self.signing else True:
                    worth += Decimal(data["delta"])
                case "contract.amend":
                    worth += Decimal(data["delta"])
                    found.append(Delta("signed", act, Decimal(data["delta"])))
                case "contract.order":
                    worth += Decimal(data["amount"])
                    found.append(Delta("signed", act, Decimal(data["amount"])))
                case "contract.cancel":
                    found.append(Delta("signed", act, -worth))
                case "payment.receive":
                    found.append(Delta("collected", act, Decimal(data["amount"])))
                case "payment.refund":
                    found.append(Delta("collected", act, -Decimal(data["amount"])))
                case "payment.invoice":
                    found.append(Delta("invoiced", act, Decimal(data["amount"])))
                case "delivery.deliver":
                    found.append(Delta("delivered", act, Decimal(data.get("amount", 0))))
        return found


@cache
def contracts(book: Book) -> list[Contract]:
    """Return every contract that is known of, the first drafted first."""
    found: dict[str, Contract] = {}
    for act in book.standing:
        if act.action.startswith(ACTIONS):
            root = book.root(act)
            found.setdefault(root.key, Contract(root.key, book.customer(act), [])).acts.append(act)
    return list(found.values())


def owner(book: Book, contract: Contract, day: date) -> str | None:
    """Return who owns a contract on a day: whom a hand-over named, else its draft, else the customer's owner at signing."""
    handed = [(at, n, to) for at, n, to in handed_over(book).get(contract.key, []) if at <= day]
    if handed:
        return max(handed)[2]
    named = contract.draft.data.get("owner")
    signed = contract.signing
    return named or whose.owner(book, contract.customer, signed.day if signed else day)


def credited(book: Book, contract: Contract, act: Act) -> str | None:
    """Return to whom what an act adds is credited: who owns the contract at its moment, of a whole day at its end."""
    changes: list[whose.Change] = [*handed_over(book).get(contract.key, [])]
    handed = (
        [each for each in changes if each[0] <= act.day] if whose.whole_day(act) else whose.before(book, changes, act)
    )
    named = contract.draft.data.get("owner")
    return whose.last(handed) or named or whose.owner_of(book, contract.customer, contract.signing or act)


@cache
def handed_over(book: Book) -> dict[str, list[tuple[date, int, str]]]:
    """Return by contract the hand-overs that moved it: those of its owner while it was running."""
    found: dict[str, list[tuple[date, int, str]]] = {}
    for act in book.standing:
        if act.action != "person.hand-over":
            continue
        for contract in contracts(book):
            before = [each for each in contract.acts if each.n < act.n]
            ended = [each for each in before if each.action in ("contract.cancel", "contract.complete")]
            if not before or ended:
                continue
            named = [each.data.get("owner") for each in before if each.action == "contract.draft"][-1]
            signed = [each.day for each in before if each.action == "contract.sign"]
            mine = named or owner_before(book, contract.customer, act.n, signed[0] if signed else act.day)
            if mine == act.subject:
                found.setdefault(contract.key, []).append((act.day, act.n, act.data["to"]))
    return found


def owner_before(book: Book, customer: str, n: int, day: date) -> str | None:
    """Return who owned a customer on a day, as line `n` found it."""
    changes = [change for change in whose.passings(book)[customer] if change[0] <= day and change[1] < n]
    return max(changes)[2] if changes else None


@cache
def entities(book: Book) -> dict[str, str]:
    """Return for each lead that is merged into another the other: they are one legal entity, whenever that was told."""
    from tests.year.reckoning.book import pair

    return {duplicate: survivor for survivor, duplicate in (pair(a) for a in book.standing if a.action == "lead.merge")}


def entity(book: Book, customer: str) -> str:
    return entities(book).get(customer, customer)


def running(contract: Contract, moment: Act | date) -> bool:
    """Say whether a contract was not cancelled by the moment of an act, or by the end of a day."""
    if contract.ending is None:
        return True
    return contract.ending.day > moment if isinstance(moment, date) else contract.ending.moment > moment.moment
