"""What counts: each lead, follow-up, new customer and sum of money, on its day, for whom."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from tests.year.reckoning import whose
from tests.year.reckoning.book import Act, Book, pair
from tests.year.reckoning.deals import contracts, credited, entity, running


class Fact(NamedTuple):
    """One thing that counts; the currency of what is no money is ''."""

    measure: str
    day: date
    owner: str | None
    amount: Decimal
    currency: str
    act: Act


@cache
def facts(book: Book) -> list[Fact]:
    """Return all that counts up to the day asked about."""
    found = []
    for act in book.of("lead.capture"):
        whom = whose.owner_of(book, act.key, act)
        found.append(Fact("leads", act.day, whom, Decimal(1), "", act))
        if valid(book, act):
            found.append(Fact("valid-leads", act.day, whom, Decimal(1), "", act))
    found += [Fact("follow-ups", act.day, act.actor, Decimal(1), "", act) for act in book.of("follow-up.log")]
    new = {act.n for act in new_customers(book)}
    for contract in contracts(book):
        for measure, act, amount in contract.deltas():
            if act.day <= book.as_of:
                found.append(Fact(measure, act.day, credited(book, contract, act), amount, contract.currency, act))
        first = [act for act in contract.sales if act.n in new and act.day <= book.as_of]
        found += [Fact("new-customers", a.day, credited(book, contract, a), Decimal(1), "", a) for a in first]
    return found


def valid(book: Book, capture: Act) -> bool:
    """Say whether a lead is neither invalid, nor merged into another, nor taken for another's duplicate."""
    if capture.key in whose.survivors(book):
        return False
    good, flagged = True, bool(duplicates_of(book, capture))
    for act in judgements(book).get(capture.key, ()):
        if act.action == "lead.invalidate":
            good = False
        else:
            good = True
            flagged = flagged and not act.data.get("distinct")
    return good and not flagged


def duplicates_of(book: Book, capture: Act) -> set[str]:
    """Return the leads of the same name or registration number that were entered before this one."""
    code, found = capture.data.get("credit_code"), set[str]()
    captures, coded = alike(book)
    found |= {act.key for act in captures[whose.bare(capture.data["company"])] if act.n < capture.n}
    if code:
        found |= {act.subject for act in coded[code] if act.n < capture.n}
    return {each for each in found if (capture.key, each) not in merged(book)}


@cache
def judgements(book: Book) -> dict[str, list[Act]]:
    """Return by lead the acts that say whether it is a good one."""
    found: dict[str, list[Act]] = defaultdict(list)
    for act in book.acts:
        if act.action in ("lead.invalidate", "lead.validate"):
            found[act.subject].append(act)
    return found


@cache
def alike(book: Book) -> tuple[dict[str, list[Act]], dict[str, list[Act]]]:
    """Return the leads by their bare names, and what names a registration number by that."""
    captures: dict[str, list[Act]] = defaultdict(list)
    coded: dict[str, list[Act]] = defaultdict(list)
    for act in book.standing:
        if act.action == "lead.capture":
            captures[whose.bare(act.data["company"])].append(act)
        coded[act.data.get("credit_code", "")].append(act)
    return captures, coded


@cache
def merged(book: Book) -> set[tuple[str, str]]:
    """Return the pairs of leads that were merged."""
    return {pair(act) for act in book.acts if act.action == "lead.merge"}


def new_customers(book: Book) -> list[Act]:
    """Return the sales by which a customer was new: no effective contract in the months before."""
    sales = [(act, contract) for contract in contracts(book) for act in contract.sales]
    new = []
    for act, contract in sales:
        months = whose.policy(book, "new-customer-window", act.day)[1]["months"]
        since = months_before(act.day, months)
        if not any(
            entity(book, other.customer) == entity(book, contract.customer)
            and (earlier.day, earlier.n) < (act.day, act.n)
            and earlier.day >= since
            and running(other, act)
            for earlier, other in sales
        ):
            new.append(act)
    return new


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last of that month."""
    number = day.year * 12 + day.month - 1 - months
    for wanted in (day.day, 30, 29, 28):
        try:
            return date(number // 12, number % 12 + 1, min(wanted, day.day))
        except ValueError:
            continue
    raise AssertionError(day)


def grade(book: Book, customer: str, day: date) -> str | None:
    """Return the grade of a customer at the end of a day."""
    given = [act.data["grade"] for act in book.of("lead.grade") if act.subject == customer and act.day <= day]
    return given[-1] if given else None
