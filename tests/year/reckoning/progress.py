"""Progress in a period: the company, each group, each person and nobody, for each metric and basis."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.year.reckoning import whose
from tests.year.reckoning.book import Book
from tests.year.reckoning.deals import contracts, entities, entity, running
from tests.year.reckoning.measures import facts, grade
from tests.year.reckoning.periods import span, within
from tests.year.reckoning.targets import Target, allocated, in_force

Place = tuple[str, str | None]
COUNTS = ("new-customers", "repurchase-rate", "leads", "valid-leads", "follow-ups")


def rounded(number: Decimal, places: str = "0.000001") -> Decimal:
    return number.quantize(Decimal(places), ROUND_HALF_UP)


def places(book: Book, owner: str | None, day: date) -> list[Place]:
    """Return where what somebody did on a day counts."""
    return [("company", "company"), ("person", owner), *(("group", code) for code in whose.groups(book, owner, day))]


def rows(book: Book, period: str) -> list[dict[str, Any]]:
    """Return a row for each place, metric, basis and currency."""
    sums: dict[tuple[Place, str, str], Decimal] = {}
    for fact in facts(book):
        if within(fact.day, period):
            for place in places(book, fact.owner, fact.day):
                key = (place, fact.measure, fact.currency)
                sums[key] = sums.get(key, Decimal(0)) + fact.amount
    rates = repurchases(book, period)
    told = in_force(book, period)
    everyone: list[Place] = [("company", "company")]
    everyone += [("group", act.data["code"]) for act in book.standing if act.action == "group.form"]
    everyone += [("person", act.data["login"]) for act in book.standing if act.action == "person.register"]
    if any(place == ("person", None) for place, _, _ in sums) or ("person", None) in rates:
        everyone.append(("person", None))
    found = []
    for place in everyone:
        for basis in ("signed", "collected", "invoiced", "delivered"):
            target = told.get(("sales", basis, place[1] or ""))
            if basis in ("invoiced", "delivered") and not any(named == basis for _, named, _ in told):
                continue
            if target is None and basis == "collected":
                target = told.get(("sales", "signed", place[1] or ""))
            used = {currency for where, measure, currency in sums if (where, measure) == (place, basis)}
            first = {target.currency or ""} if target else set() if used else {"CNY"}
            for currency in used | first:
                mine = target if target and target.currency == currency else None
                actual = sums.get((place, basis, currency), Decimal(0))
                found.append(held(book, period, place, ("sales", basis, currency), mine, actual))
        for metric in COUNTS:
            target = told.get((metric, None, place[1] or ""))
            counted: Decimal | None = sums.get((place, metric, ""), Decimal(0))
            could = None
            if metric == "repurchase-rate":
                bought, could = rates.get(place, (0, 0))
                counted = Decimal(bought) / could if could else None
            row = held(book, period, place, (metric, None, None), target, counted, rate=metric == "repurchase-rate")
            if metric == "repurchase-rate":
                row |= {"numerator": bought, "denominator": could}
            found.append(row)
    return found


def held(
    book: Book,
    period: str,
    place: Place,
    line: tuple[str, str | None, str | None],
    target: Target | None,
    actual: Decimal | None,
    *,
    rate: bool = False,
) -> dict[str, Any]:
    """Return what was reached, held against a target."""
    first, last = span(period)
    working = book.workdays.count(first, last)
    elapsed = book.workdays.count(first, min(last, book.as_of))
    metric, basis, currency = line
    level, owner = place
    value = target.value if target else None
    shown = rounded(actual) if rate and actual is not None else actual
    row: dict[str, Any] = {
        "level": level, "owner": owner, "metric": metric, "basis": basis, "currency": currency,
        "state": target.state if target else None,
        "target": value,
        "original_target": target.original if target else None,
        "actual": shown,
        "numerator": None,
        "denominator": None,
        "attainment": None,
        "gap": None,
        "working_days": working,
        "elapsed_days": elapsed,
        "daily_need": None,
        "allocated": allocated(book, target) if target else None,
        "unallocated": target.value - allocated(book, target) if target else None,
    }  # fmt: skip
    if value is not None and actual is not None and shown is not None:
        row["attainment"] = rounded(actual / value)
        row["gap"] = value - shown
        left = working - elapsed
        if not rate and row["gap"] <= 0:
            row["daily_need"] = Decimal(0)
        elif not rate and left:
            row["daily_need"] = rounded((value - shown) / left, "0.01" if metric == "sales" else "0.000001")
    return row


def repurchases(book: Book, period: str) -> dict[Place, tuple[int, int]]:
    """Return who bought again of those who could: key at the period's start, with an earlier effective contract."""
    first, last = span(period)
    rates: dict[Place, tuple[int, int]] = {}
    if first > book.as_of:
        return rates
    until = min(last, book.as_of)
    for capture in (act for act in book.standing if act.action == "lead.capture"):
        customer = capture.key
        if customer in entities(book) or grade(book, customer, first - timedelta(days=1)) != "key":
            continue
        mine = [each for each in contracts(book) if entity(book, each.customer) == customer]
        earlier = [act for each in mine for act in each.sales if act.day < first and running(each, book.as_of)]
        again = [act for each in mine for act in each.sales if first <= act.day <= until]
        if earlier:
            for place in places(book, whose.owner(book, customer, first - timedelta(days=1)), first):
                bought, could = rates.get(place, (0, 0))
                rates[place] = (bought + bool(again), could + 1)
    return rates
