"""Cadence: the windows in which each graded customer was to be met, and whether it was."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.year.reckoning import whose
from tests.year.reckoning.book import Book
from tests.year.reckoning.deals import contracts, running
from tests.year.reckoning.pipeline import begun, courses, follow
from tests.year.reckoning.tracking import histories, is_touch

DAY = timedelta(days=1)
FOREVER = date(2026, 12, 31)


def lost_on(book: Book, customer: str, day: date) -> bool:
    """Say whether all of a customer's opportunities were lost at the end of a day, and nothing was signed."""
    for contract in contracts(book):
        mine = whose.shown_as(book, contract.customer) == customer
        if mine and contract.signing and contract.signing.day <= day and running(contract, day):
            return False
    states = []
    for first, *others in courses(book).values():
        if first.day <= day and whose.shown_as(book, first.data["customer"]) == customer:
            hope = begun(first)
            for act in others:
                if act.day <= day:
                    follow(hope, act)
            states.append(hope.status)
    return bool(states) and all(state == "lost" for state in states)


@cache
def grades(book: Book) -> dict[str, list[tuple[date, str | None]]]:
    """Return by customer the days on which its grade became another one; lost, it has none to be met by."""
    found: dict[str, list[tuple[date, str | None]]] = {}
    graded = {act.subject for act in book.of("lead.grade")}
    turning = ("lead.grade", "contract.sign", "contract.cancel")
    for customer, acts in histories(book).items():
        if customer not in graded:
            continue
        days = {act.day for act in acts if act.action in turning or act.action.startswith("opportunity.")}
        for day in sorted(days):
            given = [act.data["grade"] for act in acts if act.action == "lead.grade" and act.day <= day]
            grade = given[-1] if given and not lost_on(book, customer, day) else None
            before = found.setdefault(customer, [])
            if grade != (before[-1][1] if before else None):
                before.append((day, grade))
    return found


@cache
def windows(book: Book) -> list[dict[str, Any]]:
    """Return every window that has begun by the day asked about."""
    return [window for customer in grades(book) for window in windows_of(book, customer)]


def windows_of(book: Book, customer: str) -> list[dict[str, Any]]:
    """Return a customer's windows, one after the other; another grade begins one of its own."""
    turns, found = grades(book)[customer], []
    for number, (graded, grade) in enumerate(turns):
        day = graded
        end = turns[number + 1][0] - DAY if number + 1 < len(turns) else FOREVER
        while grade and day <= min(end, book.as_of):
            since, values = whose.policy(book, "cadence", day)
            rhythm = values[grade]
            sunday = day + DAY * (7 - day.isoweekday())
            whole = sunday if rhythm["weeks"] == 1 else day + DAY * (7 * rhythm["weeks"] - 1)
            window = {"customer": customer, "grade": grade, "from": day, "to": min(whole, end), "policy_from": since}
            found.append(window | judged(book, window, rhythm, cut=whole > end))
            day = min(whole, end) + DAY
    return found


def judged(book: Book, window: dict[str, Any], rhythm: dict[str, Any], *, cut: bool) -> dict[str, Any]:
    """Return how a window stands."""
    acts = [a for a in histories(book)[window["customer"]] if window["from"] <= a.day <= window["to"]]
    touches = [act for act in acts if is_touch(act)]
    days = {act.day for act in touches}
    working = book.workdays.count(window["from"], window["to"])
    needed = min(rhythm["touches"], working)
    channels = rhythm.get("channels", [])
    used = [channel for channel in channels if channel in {act.data["channel"] for act in touches}]
    short = len(used) < min(needed, len(channels))
    if not needed:
        state = "free"
    elif len(days) >= needed and not short:
        state = "met"
    elif cut and book.as_of > window["to"]:
        state = "cut"
    else:
        state = "open" if book.as_of < window["to"] else "missed"
    owner = whose.owner(book, window["customer"], min(window["to"], book.as_of))
    sent = sum(1 for act in acts if act.action == "follow-up.log" and act.data["channel"] in ("minutes", "document"))
    return {
        "state": state,
        "needed": needed,
        "done": len(days),
        "working_days": working,
        "missing": len(channels) - len(used) if short else 0,
        "deliverables": sent,
        "owner": owner,
        "group": whose.group(book, owner, min(window["to"], book.as_of)),
    }
