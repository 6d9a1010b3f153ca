"""Norms and scores: who kept what, week by week, and what each person's quarter comes to."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.year.reckoning import progress, whose
from tests.year.reckoning.book import Book
from tests.year.reckoning.cadence import windows
from tests.year.reckoning.contacts import late_days, norm_days
from tests.year.reckoning.deals import contracts, credited
from tests.year.reckoning.history import events
from tests.year.reckoning.ownership import unique
from tests.year.reckoning.periods import span, week, within
from tests.year.reckoning.targets import in_force

Cases = list[tuple[str | None, bool]]
"""Whom a case concerned, and whether the norm was kept in it."""


def rows(book: Book, period: str, ends: dict[date, Book]) -> list[dict[str, Any]]:
    """Return by norm, week and person in how many cases of how many it was kept; `ends` are the books of the weeks' ends."""
    found = []
    first, last = span(period)
    mondays = [day for day in (first + timedelta(days=n) for n in range((last - first).days + 1)) if day.weekday() == 0]
    for monday in (day for day in mondays if day <= book.as_of):
        until = min(monday + timedelta(days=6), book.as_of)
        then = ends[until]
        kept = {"entry": entry(then, monday), "cadence": cadence(then, monday), "file": file(then),
                "pool": pool(then, monday), "hand-over": hand_over(then, monday), "report": report(then, monday)}  # fmt: skip
        for norm, cases in kept.items():
            good, every = Counter(who for who, did in cases if did), Counter(who for who, _ in cases if who)
            found += [
                {"norm": norm, "week": week(monday), "owner": who, "numerator": good[who], "denominator": every[who]}
                for who in every
            ]
    return found


def in_week(day: date, monday: date) -> bool:
    return monday <= day <= monday + timedelta(days=6)


def entry(book: Book, monday: date) -> Cases:
    """Acts of the week, and whether each was entered in time."""
    mine = [act for act in events(book) if in_week(act.day, monday) and act.day <= book.as_of]
    return [(act.actor, late_days(book, act) <= norm_days(book, act.day)) for act in mine]


def cadence(book: Book, monday: date) -> Cases:
    """Windows that ended in the week, and whether each was met."""
    mine = [each for each in windows(book) if in_week(each["to"], monday) and each["state"] in ("met", "missed")]
    return [(each["owner"], each["state"] == "met") for each in mine if each["owner"]]


def looked_after(book: Book) -> list[dict[str, Any]]:
    """Return the customers that are somebody's, and neither lost nor invalid."""
    return [row for row in unique(book) if row["owner"] and row["stage"] not in ("lost", "invalid")]


def file(book: Book) -> Cases:
    """Customers, and whether the file of each is complete enough."""
    least = Decimal(whose.policy(book, "file-completeness", book.as_of)[1]["share"])
    return [(row["owner"], row["completeness"] >= least) for row in looked_after(book)]


def pool(book: Book, monday: date) -> Cases:
    """Customers, and whether each stayed whose it was: those who went to the pool by the rule did not."""
    lost: Cases = []
    for act in book.of("customer.recall"):
        if in_week(act.day, monday):
            before = [who for day, n, who in sorted(whose.passings(book)[act.subject]) if n < act.n]
            lost.append((before[-1], False))
    return [*((row["owner"], True) for row in looked_after(book)), *lost]


def hand_over(book: Book, monday: date) -> Cases:
    """Contracts whose hand-over was due in the week, and whether there was one by then."""
    days = whose.policy(book, "hand-over", book.as_of)[1]["working_days"]
    cases: Cases = []
    for contract in contracts(book):
        signed = contract.signing
        due = book.workdays.deadline(signed.day, days) if signed and signed.day <= book.as_of else date.max
        if in_week(due, monday) and due <= book.as_of and signed:
            over = [act.day for act in book.of("after-sale.hand-over") if act.data["contract"] == contract.key]
            cases.append((credited(book, contract, signed), any(day <= due for day in over)))
    return cases


def report(book: Book, monday: date) -> Cases:
    """Everybody in a group whose week before was to be reviewed by a day of this week, and whether it was."""
    days = whose.policy(book, "report-days", book.as_of)[1]["working_days"]
    if days is None:
        return []
    before = monday - timedelta(days=7)
    due = book.workdays.deadline(monday - timedelta(days=1), days)
    if due > book.as_of or not in_week(due, monday):
        return []
    held = [a for a in book.of("review.hold") if a.data.get("period") == week(before) and a.day <= due]
    cases: Cases = []
    for login in (act.data["login"] for act in book.standing if act.action == "person.register"):
        groups = whose.groups(book, login, before + timedelta(days=6))
        if groups and not departed(book, login, before + timedelta(days=6)):
            cases.append((login, any(act.data.get("group") in (None, *groups) for act in held)))
    return cases


def departed(book: Book, login: str, day: date) -> bool:
    """Say whether somebody's last day was over by a day."""
    return any(act.subject == login and act.data["date"] <= day.isoformat() for act in book.of("person.depart"))


def measures(book: Book, period: str) -> dict[str, dict[str, tuple[Decimal, Decimal]]]:
    """Return by measure and person what was reached of what."""
    found: dict[str, dict[str, tuple[Decimal, Decimal]]] = {name: {} for name in ("cadence", "entry", "file")}
    filed = {
        (each.said["metric"], each.said["owner"]) for each in in_force(book, period).values() if each.filed is not None
    }
    for row in progress.rows(book, period):
        if row["level"] == "person" and (row["metric"], row["owner"]) in filed and row["target"] is not None:
            name = "collected" if row["basis"] == "collected" else str(row["metric"])
            found.setdefault(name, {})[row["owner"]] = row["actual"], row["target"]
    for act in events(book):
        if within(act.day, period) and act.day <= book.as_of:
            add(found["entry"], act.actor, int(late_days(book, act) <= norm_days(book, act.day)), 1)
    for each in windows(book):
        if within(each["to"], period) and each["state"] in ("met", "missed") and each["owner"]:
            add(found["cadence"], each["owner"], int(each["state"] == "met"), 1)
    for row in unique(book):
        if row["owner"]:
            add(found["file"], row["owner"], row["completeness"] * 8, 8)
    return found


def sellers(book: Book, period: str) -> list[str]:
    """Return the reps and managers who had not gone before a period began."""
    first = span(period)[0] - timedelta(days=1)
    every = [act.data["login"] for act in book.standing if act.action == "person.register"]
    sell = [login for login in every if whose.role(book, login, 10**9) in ("rep", "manager")]
    return [login for login in sell if not departed(book, login, first)]


def add(of: dict[str, tuple[Decimal, Decimal]], who: str, good: Decimal | int, every: int) -> None:
    before = of.get(who, (Decimal(0), Decimal(0)))
    of[who] = before[0] + good, before[1] + every


def scorecard(book: Book, period: str) -> list[dict[str, Any]]:
    """Return for each person the measures with their points, and the score: what the weights that count make of them."""
    values, rows = whose.policy(book, "scorecard", min(span(period)[1], book.as_of))[1], []
    found = measures(book, period)
    for login in sellers(book, period):
        points = weights = Decimal(0)
        for name, weight in values["weights"].items():
            if login in found.get(name, {}):
                reached, of = found[name][login]
                cap = Decimal(values["caps"].get(name, 1))
                share = min(max(reached / of, Decimal(0)), cap)
                points, weights = points + Decimal(weight) * share, weights + Decimal(weight)
                rows.append({"owner": login, "measure": name, "numerator": reached, "denominator": of})
        if weights:
            rows.append({"owner": login, "measure": "score", "numerator": points, "denominator": weights})
    return rows
