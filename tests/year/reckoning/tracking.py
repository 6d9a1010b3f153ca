"""The tracking table: where each customer stands, what is expected of it, signed and collected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from tests.year.reckoning import whose
from tests.year.reckoning.book import Act, Book
from tests.year.reckoning.deals import Contract, contracts, running
from tests.year.reckoning.pipeline import hopes
from tests.year.reckoning.progress import rounded

TOUCHES = ("call", "visit", "e-mail", "message", "meeting")
STAGES = ("captured", "valid", "graded", "contacted", "need-identified", "proposed", "negotiating")
SHOWN = {"need.identify": "need-identified", "proposal.deliver": "proposed", "quote.issue": "proposed"}
FILE = ("company", "industry", "size", "contact", "channel", "credit_code")


def is_touch(act: Act) -> bool:
    return act.action == "follow-up.log" and act.data["channel"] in TOUCHES and act.data.get("reached", True)


@cache
def histories(book: Book) -> dict[str, list[Act]]:
    """Return by customer who is shown what happened to it and to the leads merged into it, in business order."""
    found: dict[str, list[Act]] = {}
    captured = {act.key for act in book.of("lead.capture")}
    for act in book.acts:
        customer = book.customer(act)
        if customer in captured:
            found.setdefault(whose.shown_as(book, customer), []).append(act)
    return found


@cache
def rows(book: Book) -> list[dict[str, Any]]:
    """Return a row for each customer and each currency of its contracts and opportunities."""
    found = []
    for customer, acts in histories(book).items():
        own = [act for act in acts if book.customer(act) == customer]
        capture = next(act for act in own if act.action == "lead.capture")
        owner = whose.owner(book, customer, book.as_of)
        row: dict[str, Any] = {"customer": customer, "channel": capture.data["channel"], "owner": owner}
        row["group"] = whose.group(book, owner, book.as_of)
        row["grade"] = next((act.data["grade"] for act in reversed(own) if act.action == "lead.grade"), None)
        row["touched"] = max((act.day for act in acts if is_touch(act)), default=None)
        row["next_due"] = min(open_next_actions(book, acts), default=None)
        row["objections"] = open_objections(acts)
        row["stage"] = stage(book, customer, own, acts, row)
        row["completeness"] = completeness(own, row["grade"])
        sums = amounts(book, customer)
        found += [row | {"currency": c, **each} for c, each in (sums or {"CNY": nothing()}).items()]
    return found


def nothing() -> dict[str, Decimal]:
    return {"expected": Decimal(0), "signed": Decimal(0), "collected": Decimal(0)}


def of_customer(book: Book, customer: str) -> list[Contract]:
    return [each for each in contracts(book) if whose.shown_as(book, each.customer) == customer]


def amounts(book: Book, customer: str) -> dict[str, dict[str, Decimal]]:
    """Return what is expected, signed and collected, by currency."""
    sums: dict[str, dict[str, Decimal]] = {}
    for contract in of_customer(book, customer):
        for measure, act, amount in contract.deltas():
            if act.day <= book.as_of and measure in ("signed", "collected"):
                sums.setdefault(contract.currency, nothing())[measure] += amount
    for hope in hopes(book):
        if hope.status == "open" and whose.shown_as(book, hope.customer) == customer:
            sums.setdefault(hope.currency, nothing())["expected"] += hope.amount
    return sums


def stage(book: Book, customer: str, own: list[Act], acts: list[Act], row: dict[str, Any]) -> str:
    """Return the furthest stage reached; what was signed, judged invalid or lost goes before."""
    signed = [
        each
        for each in of_customer(book, customer)
        if each.signing and each.signing.day <= book.as_of and running(each, book.as_of)
    ]
    if signed:
        undone = [c for c in signed if not any(a.day <= book.as_of for a in c.named("contract.complete"))]
        delivered = [c for c in undone if any(a.day <= book.as_of for a in c.named("delivery.deliver"))]
        return "completed" if not undone else "performing" if delivered else "signed"
    judged = [act.action for act in own if act.action in ("lead.validate", "lead.invalidate")]
    if judged and judged[-1] == "lead.invalidate":
        return "invalid"
    mine = [hope for hope in hopes(book) if whose.shown_as(book, hope.customer) == customer]
    if mine and all(hope.status == "lost" for hope in mine):
        return "lost"
    reached = {hope.stage for hope in mine if hope.status == "open" and hope.stage}
    reached |= {SHOWN[act.action] for act in acts if act.action in SHOWN}
    reached |= {"captured", "contacted" if row["touched"] else "captured", "graded" if row["grade"] else "captured"}
    reached |= {"valid"} if judged else set()
    return max(reached, key=STAGES.index)


def completeness(own: list[Act], grade: str | None) -> Decimal:
    """Return which part of the eight fields of the file is filled."""
    filled = {"grade"} if grade else set()
    for act in own:
        if act.action in ("lead.capture", "customer.change", "customer.add-contact"):
            filled |= {name for name in (*FILE, "need") if act.data.get(name)}
        if act.action in ("need.identify", "customer.note-pain-point"):
            filled |= {"need"}
    return rounded(Decimal(len(filled)) / 8)


def next_actions(book: Book, acts: list[Act]) -> dict[tuple[str, str], tuple[date, bool]]:
    """Return by customer and name each next action's due day, and whether it is open."""
    found: dict[tuple[str, str], tuple[date, bool]] = {}
    for act in acts:
        customer = book.customer(act)
        if act.action == "follow-up.log":
            for each in act.data.get("next_actions", ()):
                found[customer, each["what"]] = (due(book, act, each), True)
        elif act.action == "next-action.set":
            found[customer, act.key] = (due(book, act, act.data), True)
        elif act.action == "next-action.reschedule":
            found[customer, act.subject] = (due(book, act, act.data), True)
        elif act.action in ("next-action.complete", "next-action.drop"):
            name = (customer, act.data.get("item") or act.subject)
            found[name] = (found[name][0], False)
    return found


def open_next_actions(book: Book, acts: list[Act]) -> list[date]:
    return [day for day, still in next_actions(book, acts).values() if still]


def due(book: Book, act: Act, said: Any, closed: Act | None = None) -> date:
    """Return the day on which something is due: the one named, or the n-th working day after the act's.

    That is counted by the calendar as it is known, of what is closed as it was known then.
    """
    if "due" in said:
        return date.fromisoformat(said["due"])
    return book.workdays_at(closed).deadline(act.day, said["working_days"])


def open_objections(acts: list[Act]) -> int:
    """Return how many objections are not resolved."""
    logged = {act.key for act in acts if act.action == "objection.log"}
    return len(logged - {act.subject for act in acts if act.action == "objection.resolve"})
