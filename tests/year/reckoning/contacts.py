"""Follow-ups, what is to be done next, buying signals and objections."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.year.reckoning import whose
from tests.year.reckoning.book import Act, Book
from tests.year.reckoning.cadence import windows
from tests.year.reckoning.periods import within
from tests.year.reckoning.tracking import histories, is_touch, next_actions


def late_days(book: Book, act: Act) -> int:
    """Return how many working days after its day an act was entered."""
    return book.workdays.after(act.day, act.recorded.date())


def norm_days(book: Book, day: date) -> int:
    return int(whose.policy(book, "entry-deadline", day)[1]["working_days"])


def follow_ups(book: Book, period: str) -> list[dict[str, Any]]:
    """Return the contacts of a period."""
    rows = []
    for act in book.of("follow-up.log"):
        if within(act.day, period):
            late = late_days(book, act)
            rows.append(
                {
                    "channel": act.data["channel"],
                    "reached": act.data.get("reached", True),
                    "touch": is_touch(act),
                    "actor": act.actor,
                    "group": whose.group(book, act.actor, act.day),
                    "late_days": late,
                    "breaks_norm": late > norm_days(book, act.day),
                    "owner": owner_now(book, book.customer(act)),
                    "agreed": len(act.data.get("next_actions", ())),
                }
            )
    return rows


def owner_now(book: Book, customer: str) -> str | None:
    """Return who owns the customer under which another is shown."""
    return whose.owner(book, whose.shown_as(book, customer), book.as_of)


ANSWERS = {
    "asks-for-quotation": ("quote.issue", "contract.draft", "contract.sign"),
    "asks-for-contract-details": ("contract.draft", "contract.sign"),
    "asks-for-proposal": ("proposal.deliver", "quote.issue", "contract.draft", "contract.sign"),
    "asks-for-visit": (),
}


def signals(book: Book) -> list[dict[str, Any]]:
    """Return the signals, each with what answered it first."""
    rows = []
    for act in book.of("signal.log"):
        kind = act.data["kind"]
        since, values = whose.policy(book, "signals", act.day)
        days = values.get("kinds", {}).get(kind, values["working_days"])
        due = book.workdays.deadline(act.day, days)
        customer = whose.shown_as(book, book.customer(act))
        answered = None
        for other in histories(book)[customer]:
            fits = other.action in ANSWERS[kind] and (other.day, other.n) > (act.day, act.n)
            if fits or (is_touch(other) and other.day > act.day):
                answered = other
                break
        state = "answered" if answered else "unanswered" if book.as_of >= due else "open"
        until = answered.day if answered else book.as_of
        row = {"kind": kind, "due": due, "state": state, "waited": book.workdays.after(act.day, until)}
        rows.append(row | {"owner": owner_now(book, customer), "policy_from": since})
    return rows


def agenda(book: Book) -> list[dict[str, Any]]:
    """Return what is overdue, due on the day asked about, or by the Sunday of its week."""
    found: list[tuple[str, date, str]] = []
    for customer, acts in histories(book).items():
        for due, still in next_actions(book, acts).values():
            if still:
                found.append(("next-action", due, customer))
        kept = {act.subject for act in acts if act.action in ("follow-up.log", "follow-up.miss")}
        plans = [act for act in acts if act.action == "follow-up.plan" and act.key not in kept]
        found += [("follow-up", date.fromisoformat(act.data["on"]), customer) for act in plans]
    owed = [each for each in windows(book) if each["to"] >= book.as_of and each["state"] in ("open", "missed")]
    found += [("cadence", last_working_day(book, window), window["customer"]) for window in owed]
    found += signals_waiting(book)
    sunday = book.as_of + timedelta(days=7 - book.as_of.isoweekday())
    rows = []
    for kind, due, customer in found:
        if due <= sunday:
            when = "overdue" if due < book.as_of else "today" if due == book.as_of else "this-week"
            over = book.workdays.after(due, book.as_of) if when == "overdue" else 0
            rows.append({"kind": kind, "when": when, "days_over": over, "owner": owner_now(book, customer)})
    return rows


def signals_waiting(book: Book) -> list[tuple[str, date, str]]:
    acts = list(book.of("signal.log"))
    rows = zip(acts, signals(book), strict=True)
    return [("signal", row["due"], book.customer(act)) for act, row in rows if row["state"] != "answered"]


def last_working_day(book: Book, window: dict[str, Any]) -> date:
    """Return a window's last working day, or its end where that is past."""
    day: date = window["to"]
    while day > window["from"] and not book.workdays.works(day):
        day -= timedelta(days=1)
    return day if day >= book.as_of and book.workdays.works(day) else window["to"]


def objections(book: Book) -> list[dict[str, Any]]:
    """Return the objections and how they ended."""
    rows = []
    for act in book.of("objection.log"):
        answers = [a for a in book.of("objection.answer") if a.subject == act.key]
        ends = [a.day for a in book.of("objection.resolve") if a.subject == act.key]
        state = "resolved" if ends else "answered" if answers else "open"
        days = ((ends[0] if ends else book.as_of) - act.day).days
        row = {"kind": act.data["kind"], "state": state, "days_open": days}
        rows.append(row | {"owner": owner_now(book, book.customer(act))})
    return rows


def practices(book: Book) -> list[dict[str, Any]]:
    """Return the playbook: how often each practice was used, and how often that ended well."""
    retired = {act.subject for act in book.of("practice.retire")}
    resolved = {act.subject for act in book.of("objection.resolve")}
    rows = []
    for act in book.of("practice.adopt"):
        used = {a.subject for a in book.of("objection.answer") if a.data.get("practice") == act.key}
        row = {"kind": act.data["kind"], "state": "retired" if act.key in retired else "adopted"}
        rows.append(row | {"used": len(used), "resolved": len(used & resolved)})
    return rows
