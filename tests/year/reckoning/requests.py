"""What others were asked for: departments, colleagues of a customer's business, after-sales; and what reviews agreed on."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.year.reckoning import whose
from tests.year.reckoning.book import Act, Book
from tests.year.reckoning.contacts import owner_now
from tests.year.reckoning.tracking import due


def resources(book: Book) -> list[dict[str, Any]]:
    """Return what departments were asked for."""
    rows = []
    for act in book.of("resource.request"):
        steps = [each.action.removeprefix("resource.") for each in book.about("resource") if each.subject == act.key]
        state = {"request": "requested", "grant": "granted", "decline": "declined", "deliver": "delivered"}[steps[-1]]
        needed = date.fromisoformat(act.data["needed_by"])
        overdue = state in ("requested", "granted") and book.as_of > needed
        days = book.workdays.after(needed, book.as_of) if overdue else None
        row = {"department": act.data["department"], "state": state, "overdue": overdue, "days_overdue": days}
        rows.append(row | {"requested_by": act.actor})
    return rows


def ended(book: Book, act: Act, *actions: str) -> Act | None:
    """Return the act that closed an item."""
    return next((each for each in book.of(*actions) if each.subject == act.key), None)


def collaborations(book: Book) -> list[dict[str, Any]]:
    """Return what was asked of other departments for a customer."""
    rows = []
    for act in book.of("collaboration.ask"):
        end = ended(book, act, "collaboration.deliver", "collaboration.decline")
        state = (
            {"collaboration.deliver": "delivered", "collaboration.decline": "declined"}[end.action] if end else "open"
        )
        until = due(book, act, act.data, end)
        late = end.day if end else book.as_of
        days = book.workdays.after(until, late)
        row = {"department": act.data["department"], "state": state, "due": until, "late_days": days}
        row["overdue"] = state == "open" and book.as_of > until
        row["in_time"] = late <= until if state == "delivered" else None
        rows.append(row | {"owner": owner_now(book, book.customer(act))})
    return rows


def after_sales(book: Book) -> list[dict[str, Any]]:
    """Return the hand-overs, promises, visits and complaints."""
    rows = []
    for act in book.about("after-sale"):
        owner = owner_now(book, book.customer(act))
        base: dict[str, Any] = {"owner": owner, "score": None, "overdue": False, "late_days": 0, "days_open": None}
        match act.action:
            case "after-sale.hand-over":
                rows.append(base | {"record": "hand-over", "state": "done"})
                for number, words in enumerate(act.data["promises"], start=1):
                    rows.append(base | promise(book, act, f"h{number}", words.partition(" @ ")[2]))
            case "after-sale.schedule-visit":
                end = ended(book, act, "after-sale.visit")
                until = date.fromisoformat(act.data["due"])
                rows.append(base | visit(book, until, end))
            case "after-sale.visit" if act.subject == book.customer(act):
                rows.append(base | visit(book, act.day, act))
            case "after-sale.complain":
                end = ended(book, act, "after-sale.resolve")
                days = ((end.day if end else book.as_of) - act.day).days
                row = {"record": "complaint", "state": "resolved" if end else "open", "days_open": days}
                rows.append(base | row)
    return rows


def promise(book: Book, act: Act, item: str, until: str) -> dict[str, Any]:
    """Return what became of a promise made at a hand-over."""
    ends = [
        a for a in book.of("after-sale.keep", "after-sale.break") if a.subject == act.subject and a.data["item"] == item
    ]
    state = {"after-sale.keep": "kept", "after-sale.break": "broken"}[ends[0].action] if ends else "open"
    row: dict[str, Any] = {"record": "promise", "state": state, "late_days": 0, "overdue": False}
    if until:
        day = date.fromisoformat(until)
        row["late_days"] = book.workdays.after(day, ends[0].day if ends else book.as_of)
        row["overdue"] = not ends and book.as_of > day
    return row


def visit(book: Book, until: date, end: Act | None) -> dict[str, Any]:
    """Return how a return visit stands."""
    return {
        "record": "visit",
        "state": "done" if end else "scheduled",
        "score": end.data.get("score") if end else None,
        "overdue": end is None and book.as_of > until,
        "late_days": book.workdays.after(until, end.day if end else book.as_of),
    }


def care(book: Book) -> dict[str, Any]:
    """Return the sums of after-sales for the whole company."""
    rows = after_sales(book)
    least = whose.policy(book, "satisfaction", book.as_of)[1]["satisfied_from"]

    def count(record: str, *states: str) -> int:
        return sum(1 for row in rows if row["record"] == record and (not states or row["state"] in states))

    scored = [row["score"] for row in rows if row["score"] is not None]
    open_days = [row["days_open"] for row in rows if row["record"] == "complaint" and row["state"] == "open"]
    return {
        "hand_overs": count("hand-over"),
        "promises": count("promise"),
        "kept": count("promise", "kept"),
        "broken": count("promise", "broken"),
        "visits_due": count("visit"),
        "visits_done": count("visit", "done"),
        "visits_overdue": sum(1 for row in rows if row["record"] == "visit" and row["overdue"]),
        "satisfied": sum(1 for score in scored if score >= least),
        "scored": len(scored),
        "complaints": count("complaint"),
        "complaints_open": count("complaint", "open"),
        "longest_open": max(open_days, default=None),
    }


def reviews(book: Book) -> list[dict[str, Any]]:
    """Return the reviews, with what each found and agreed on."""
    rows = []
    for act in book.of("review.hold"):
        mine = [each for each in book.about("review") if each.subject == act.key]
        finished = any(each.action == "review.finish" for each in mine)
        rows.append(line("review", act.data["kind"], "finished" if finished else "held", act.data.get("owner")))
        rows += [line("finding", each.data["kind"], "found", None) for each in mine if each.action == "review.find"]
        done = {each.data["item"]: each for each in mine if each.action == "review.complete"}
        agreed = [each for each in mine if each.action == "review.agree"]
        for number, each in enumerate(agreed, start=1):
            end = done.get(f"m{number}")
            until = due(book, each, each.data, end)
            row = line("improvement", None, "done" if end else "open", each.data["owner"])
            row["overdue"] = end is None and book.as_of > until
            rows.append(row | {"late_days": book.workdays.after(until, end.day if end else book.as_of)})
    return rows


def line(part: str, kind: str | None, state: str, owner: str | None) -> dict[str, Any]:
    return {"part": part, "kind": kind, "state": state, "owner": owner, "overdue": False, "late_days": None}
