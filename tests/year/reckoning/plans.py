"""Action plans: in which weeks and months their key actions were met."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.year.reckoning import whose
from tests.year.reckoning.book import Act, Book
from tests.year.reckoning.deals import contracts, owner, running
from tests.year.reckoning.measures import grade, valid
from tests.year.reckoning.periods import month_end, span, week
from tests.year.reckoning.targets import targets
from tests.year.reckoning.tracking import is_touch
from tests.year.reckoning.workdays import days

OTHERS = (("needs", "need.identify"), ("quotes", "quote.issue"), ("proposals", "proposal.deliver"))

Committed = dict[tuple[str, str | None, str], int]
"""(kind, channel, per) -> how many"""


def versions(book: Book, plan: Act) -> tuple[str, list[tuple[date, Committed]]]:
    """Return a plan's state, and the key actions in force: each version with the day of its filing; else as they stand."""
    state, committed = "draft", dict[tuple[str, str | None, str], int]()
    filed: list[tuple[date, Committed]] = []
    names = {"submit": "submitted", "approve": "approved", "return": "returned", "file": "filed", "commit": "draft",
             "draft": "draft", "withdraw": "withdrawn"}  # fmt: skip
    for act in book.about("plan"):
        if act.subject != plan.key:
            continue
        verb = act.action.removeprefix("plan.")
        state = names[verb]
        if verb == "commit":
            committed = {**committed, (act.data["kind"], act.data.get("channel"), act.data["per"]): act.data["count"]}
        if verb == "file":
            filed.append((act.day, committed))
    return state, filed or [(date.min, committed)]


def rows(book: Book, period: str) -> list[dict[str, Any]]:
    """Return each key action in each of its steps."""
    found = []
    for plan in book.of("plan.draft"):
        target = targets(book).get(plan.data.get("target", ""))
        if plan.subject != plan.key or target is None or target.said["period"] != period or target.state == "withdrawn":
            continue
        state, several = versions(book, plan)
        if state == "withdrawn":
            continue
        for place in dict.fromkeys(each for _, committed in several for each in committed):
            for name, first, last in steps(period, place[2]):
                count = in_force(several, last).get(place)
                if count is not None:
                    row = {"owner": target.said["owner"], "state": state, "step": name, "count": count}
                    row |= dict(zip(("kind", "channel", "per"), place, strict=True))
                    found.append(row | judged(book, row, first, last))
    return found


def in_force(several: list[tuple[date, Committed]], last: date) -> Committed:
    """Return what counts in a step: what was filed last by its end, before any filing the first."""
    return [committed for day, committed in several if day <= last or (day, committed) == several[0]][-1]


def steps(period: str, per: str) -> list[tuple[str, date, date]]:
    """Return the steps of a period: its months, or its weeks, cut at its edges."""
    first, last = span(period)
    found: list[tuple[str, date, date]] = []
    day = first
    while day <= last:
        if per == "month":
            name, end = f"{day.year}-{day.month:02d}", month_end(day.year, day.month)
        else:
            name, end = week(day), min(day + timedelta(days=7 - day.isoweekday()), last)
        found.append((name, day, end))
        day = end + timedelta(days=1)
    return found


def judged(book: Book, row: dict[str, Any], first: date, last: date) -> dict[str, Any]:
    """Return what was due in a step, and what was done."""
    working = book.workdays.count(first, last)
    demanded = demand(row["count"], row["per"], working)
    mine = [day for day in days(first, last) if day <= book.as_of]
    acts = acts_of(book, row["owner"], row["kind"], row["channel"])
    done = sum(1 for day, _ in acts if day in mine)
    result = None
    if demanded:
        result = "met" if done >= demanded else "missed" if last <= book.as_of else "open"
    return {"working_days": working, "demanded": demanded, "done": done, "result": result}


def demand(count: int, per: str, working: int) -> int:
    """Return what is due in a step of so many working days."""
    if per == "day":
        return count * working
    if per == "week" and working < 5:
        return min(count, -(-count // 5) * working)
    return count


@cache
def acts_of(book: Book, place: str, kind: str, channel: str | None) -> set[tuple[date, str]]:
    """Return what counts for a key action of a place: on which day, and what it was."""
    found: set[tuple[date, str]] = set()
    if kind == "contracts":
        for contract in contracts(book):
            for act in contract.sales:
                if counts(book, place, owner(book, contract, act.day), act.day) and running(contract, book.as_of):
                    found.add((act.day, act.key))
    for act in book.acts:
        customer = whose.shown_as(book, book.customer(act))
        if kind == "leads" and act.action == "lead.capture":
            whom = whose.owner(book, act.key, act.day)
            if valid(book, act) and channel in (None, act.data["channel"]) and counts(book, place, whom, act.day):
                found.add((act.day, act.key))
        elif not counts(book, place, act.actor, act.day):
            continue
        elif is_touch(act) and kind in ("touches", "intent-touches", "visits", "calls"):
            wanted = {"visits": "visit", "calls": "call"}.get(kind, channel)
            graded = kind != "intent-touches" or grade(book, book.customer(act), act.day)
            if wanted in (None, act.data["channel"]) and graded:
                found.add((act.day, customer))
        elif (kind, act.action) in OTHERS and (kind != "proposals" or first_of_its_kind(book, act)):
            found.add((act.day, act.key))
    return found


def first_of_its_kind(book: Book, act: Act) -> bool:
    """Say whether a delivery is the first of its proposal."""
    return next(each for each in book.of("proposal.deliver") if each.subject == act.subject) == act


def counts(book: Book, place: str, who: str | None, day: date) -> bool:
    """Say whether what somebody did on a day counts for the company, a group or a person."""
    return place in ("company", who) or place in whose.groups(book, who, day)
