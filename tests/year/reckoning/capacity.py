"""Capacity: the touches that each person's customers demand in a week, and those that the own plans commit to."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.year.reckoning import norms, whose
from tests.year.reckoning.book import Book
from tests.year.reckoning.periods import span, week
from tests.year.reckoning.plans import demand, in_force, versions
from tests.year.reckoning.targets import targets

GRADES = ("key", "high", "initial")


def rows(book: Book, period: str) -> list[dict[str, Any]]:
    """Return a row for each person and week, the weeks at the period's edges whole."""
    first, last = span(period)
    found = []
    everyone: dict[str, list[dict[str, Any]]] = {}
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        sunday = monday + timedelta(days=6)
        then = book.at(min(sunday, book.as_of))
        working = book.workdays.count(monday, sunday)
        owned = [(row["owner"], row["grade"]) for row in norms.looked_after(then) if row["grade"]]
        plans = planned(book, monday)
        values = whose.policy(book, "cadence", sunday)[1]
        for who in {owner for owner, _ in owned} | set(plans):
            grades = [grade for owner, grade in owned if owner == who]
            needed = sum((needs(values[grade], working) for grade in grades), Fraction(0))
            row: dict[str, Any] = {
                "owner": who,
                "week": week(monday),
                "working_days": working,
                "planned": plans.get(who, Fraction(0)),
            }
            row |= {grade: grades.count(grade) for grade in GRADES} | {"needed": needed}
            row["result"] = None if not needed else "enough" if row["planned"] >= needed else "short"
            everyone.setdefault(who, []).append(row)
        monday += timedelta(days=7)
    for each in everyone.values():
        found += [{**row, "needed": plain(row["needed"]), "planned": plain(row["planned"])} for row in each]
    return found


def plain(number: Fraction) -> Decimal:
    return round(Decimal(number.numerator) / number.denominator, 2)


def needs(rhythm: dict[str, Any], working: int) -> Fraction:
    """Return what one customer demands of a week."""
    return min(Fraction(rhythm["touches"]), Fraction(working)) / rhythm["weeks"]


def planned(book: Book, monday: date) -> dict[str, Fraction]:
    """Return by person the touches that plans commit to in a week: one touch may be all of them, so the largest counts."""
    found: dict[str, Fraction] = {}
    for plan in book.of("plan.draft"):
        target = targets(book).get(plan.data.get("target", ""))
        if plan.subject != plan.key or target is None or target.state == "withdrawn":
            continue
        first, last = span(target.said["period"])
        begins, ends = max(first, monday), min(last, monday + timedelta(days=6))
        if begins > ends or target.said["owner"] not in whose.members(book):
            continue
        state, several = versions(book, plan)
        if state == "withdrawn":
            continue
        working, kinds = book.workdays.count(begins, ends), dict[str, int]()
        for (kind, channel, per), count in in_force(several, ends).items():
            if kind in ("touches", "intent-touches", "visits", "calls"):
                name = "channels" if kind in ("visits", "calls") or channel else kind
                kinds[name] = kinds.get(name, 0) + demand(count, per, working)
        who = target.said["owner"]
        found[who] = found.get(who, Fraction(0)) + max(kinds.values(), default=0)
    return found
