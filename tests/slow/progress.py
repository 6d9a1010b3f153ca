"""The rows of progress in a period, folded for one pair of moments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from domain.calendar.moment import instant
from domain.calendar.period import Period
from domain.kernel.money import ratio, shown
from tests.slow.contracts import contracts, credited, deltas, effective_at, new_customers, sales
from tests.slow.customers import captures, entity, owner_of, owner_on, reckoned
from tests.slow.fold import Belief, Entry, in_business_order
from tests.slow.people import calendar, groups, groups_of, persons
from tests.slow.targets import Told, allocated, in_place, targets

LINES = (
    ("sales", "signed", "signed"),
    ("sales", "collected", "collected"),
    ("new-customers", None, "new-customers"),
    ("repurchase-rate", None, ""),
    ("leads", None, "leads"),
    ("valid-leads", None, "valid-leads"),
    ("follow-ups", None, "follow-ups"),
)
FURTHER = (("sales", "invoiced", "invoiced"), ("sales", "delivered", "delivered"))
"""Shown in a period in which some target stands on them."""
Place = tuple[str, str | None]


class Fact(NamedTuple):
    """What counts, for whom: an amount on a day; of a count the currency is ''."""

    measure: str
    day: date
    owner: str | None
    amount: Decimal
    currency: str
    entry: Entry


def facts(belief: Belief) -> list[Fact]:
    """Return all that counts as of the moment asked."""
    found = [*leads(belief), *follow_ups(belief), *money(belief)]
    new = {entry.position for entry in new_customers(belief)}
    sold = {sale.position for contract in contracts(belief) for sale in sales(belief, contract)}
    for fact in [fact for fact in found if fact.measure == "signed" and fact.entry.position in sold]:
        counts = Decimal(int(fact.entry.position in new))
        found.append(fact._replace(measure="new-customers", amount=counts, currency=""))
    return [fact for fact in found if fact.entry.moment <= belief.micros]


def leads(belief: Belief) -> Iterator[Fact]:
    """Yield each lead, and each that is a valid one as of the moment asked, credited to its owner then."""
    for customer, capture in captures(belief).items():
        owner = owner_of(belief, customer, capture)
        yield Fact("leads", capture.day, owner, Decimal(1), "", capture)
        if valid(belief, capture):
            yield Fact("valid-leads", capture.day, owner, Decimal(1), "", capture)


def valid(belief: Belief, capture: Entry) -> bool:
    """Say whether a lead is neither invalid, nor merged into another, nor taken for the duplicate of one."""
    invalid = merged = False
    flagged = set(capture.data.get("duplicates") or ())
    own = [entry for entry in belief.of("cus_") if entry.stream == capture.stream]
    for entry in in_business_order(reckoned(belief, own)):
        if entry.moment > belief.micros:
            break
        match entry.name:
            case "customer.lead_invalidated":
                invalid = True
            case "customer.lead_validated":
                invalid = False
                flagged = set() if entry.data.get("distinct") else flagged
            case "customer.leads_merged":
                flagged -= {entry.data["duplicate"]}
            case "customer.merged_into":
                merged = True
    return not (invalid or merged or flagged)


def follow_ups(belief: Belief) -> Iterator[Fact]:
    """Yield each follow-up, credited to who did it."""
    for entry in belief.named("customer.followed_up"):
        yield Fact("follow-ups", entry.day, entry.actor, Decimal(1), "", entry)


def money(belief: Belief) -> Iterator[Fact]:
    """Yield what contracts add on each day, credited to their owner on it."""
    for contract in contracts(belief):
        for delta in deltas(belief, contract):
            owner = credited(belief, delta.entry)
            yield Fact(delta.measure, delta.entry.day, owner, delta.amount, delta.currency, delta.entry)


def places(belief: Belief, owner: str | None, day: date) -> list[Place]:
    """Return where something of an owner on a day counts: the company, the person, the person's groups."""
    return [("company", "company"), ("person", owner), *(("group", code) for code in groups_of(belief, owner, day))]


def repurchases(belief: Belief, period: Period) -> dict[Place, tuple[int, int]]:
    """Return who bought again of those who could: key accounts at the period's start with an earlier effective contract.

    A legal entity is one: it has the grade of the customer into which the others were merged, and the contracts of all.
    """
    start = instant(period.first.isoformat(), belief.zone)
    rates: dict[Place, tuple[int, int]] = {}
    if start > belief.micros:
        return rates
    signings = [sale for contract in contracts(belief) for sale in sales(belief, contract)]
    merged = {entry.stream for entry in belief.named("customer.merged_into")}
    for customer in captures(belief).keys() - merged:
        mine = [entry for entry in signings if entry.customer in entity(belief, customer)]
        earlier = [e for e in mine if e.day < period.first and effective_at(belief, e.stream, belief.micros)]
        again = [e for e in mine if e.day in period_until(period, belief.day) and e.moment <= belief.micros]
        if grade_before(belief, customer, start) != "key" or not earlier:
            continue
        owner = owner_on(belief, customer, period.first - timedelta(days=1))
        for place in places(belief, owner, period.first):
            bought, could = rates.get(place, (0, 0))
            rates[place] = (bought + bool(again), could + 1)
    return rates


def period_until(period: Period, day: date) -> set[date]:
    return {each for each in period.days() if each <= day}


def grade_before(belief: Belief, customer: str, start: int) -> str | None:
    """Return the grade of a customer just before a moment."""
    grades = [entry for entry in belief.named("customer.graded") if entry.stream == customer]
    before = [entry for entry in in_business_order(reckoned(belief, grades)) if entry.moment < start]
    return before[-1].data["grade"] if before else None


def rows(belief: Belief, period: Period) -> list[dict[str, Any]]:
    """Return the rows of a period: the company, each group, each person, and what is nobody's."""
    sums: dict[tuple[str, Place, str], Decimal] = {}
    mine = in_place(belief, period.name)
    aimed = {(metric, basis) for metric, basis, _ in mine}
    lines = (*LINES, *(line for line in FURTHER if line[:2] in aimed))
    measures = {measure for *_, measure in lines}
    for fact in facts(belief):
        if fact.measure in measures and period.contains(fact.day):
            for place in places(belief, fact.owner, fact.day):
                key = (fact.measure, place, fact.currency)
                sums[key] = sums.get(key, Decimal(0)) + fact.amount
    rates = repurchases(belief, period)
    everyone: list[Place] = [("company", "company"), *(("group", code) for code in groups(belief))]
    everyone += [("person", login) for login in persons(belief)]
    counted = {place for _, place, _ in sums} | set(rates)
    everyone += [("person", None)] if ("person", None) in counted else []
    return [
        row for place in everyone for line in lines for row in rows_at(belief, period, place, line, mine, sums, rates)
    ]


def rows_at(
    belief: Belief,
    period: Period,
    place: Place,
    line: tuple[str, str | None, str],
    mine: dict[tuple[str, str | None, str], Told],
    sums: dict[tuple[str, Place, str], Decimal],
    rates: dict[Place, tuple[int, int]],
) -> Iterator[dict[str, Any]]:
    """Yield the rows of one place and metric: of money one in the target's currency, and one in each other that occurs."""
    metric, basis, measure = line
    level, owner = place
    told = mine.get((metric, basis, owner or ""))
    if told is None and basis == "collected":
        told = mine.get((metric, "signed", owner or ""))
    row = {"level": level, "owner": owner, "metric": metric, "basis": basis, "period": period.name}
    if metric == "repurchase-rate":
        bought, could = rates.get(place, (0, 0))
        yield row | {"currency": None} | held(belief, period, told, ratio(bought, could), (bought, could))
    elif metric != "sales":
        yield row | {"currency": None} | held(belief, period, told, sums.get((measure, place, ""), Decimal(0)))
    else:
        first = (told.said.get("currency") if told else None) or belief.currency
        used = {currency for m, p, currency in sums if (m, p) == (measure, place)}
        for currency in sorted(used | ({first} if told or not used else set())):
            against = told if told and told.said.get("currency") == currency else None
            actual = sums.get((measure, place, currency), Decimal(0))
            yield row | {"currency": currency} | held(belief, period, against, actual)


def held(
    belief: Belief, period: Period, told: Told | None, actual: Decimal | None, counts: tuple[int, int] | None = None
) -> dict[str, Any]:
    """Return an actual held against its target, if there is one."""
    known = calendar(belief)
    working = known.working_days(period.first, period.last)
    elapsed = known.working_days(period.first, min(period.last, belief.day))
    value = told.value if told else None
    gap = value - actual if value is not None and actual is not None else None
    shared = allocated(told, targets(belief)) if told and value is not None else None
    bought, could = counts or (None, None)
    exact = Decimal(bought or 0) / could if could else actual
    return {
        "state": told.state if told else None,
        "target": value,
        "original_target": told.original if told else None,
        "actual": actual,
        "numerator": bought,
        "denominator": could,
        "attainment": ratio(exact, value) if exact is not None and value and actual is not None else None,
        "gap": gap,
        "working_days": working,
        "elapsed_days": elapsed,
        "daily_need": None if counts else daily(gap, working - elapsed, told),
        "allocated": shared,
        "unallocated": value - shared if value is not None and shared is not None else None,
    }


def daily(gap: Decimal | None, left: int, told: Told | None) -> Decimal | None:
    """Return what a remaining working day needs: to the cent for money; 0 where nothing is lacking."""
    if gap is None or told is None:
        return None
    if gap <= 0:
        return Decimal(0)
    if not left:
        return None
    return shown(gap / left) if told.said["metric"] == "sales" else ratio(gap, left)
