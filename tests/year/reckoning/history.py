"""The log itself: how many events each line makes, which were entered late, which were corrected, which moved most."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.year.reckoning import whose
from tests.year.reckoning.book import Act, Book
from tests.year.reckoning.contacts import late_days, norm_days
from tests.year.reckoning.deals import handed_over
from tests.year.reckoning.measures import facts
from tests.year.reckoning.periods import within


@cache
def events(book: Book) -> list[Act]:
    """Return an act for each event that is known of, in the order of the log."""
    return [act for act in book.known for _ in range(made(book, act))]


def made(book: Book, act: Act) -> int:
    """Return how many events an act made."""
    match act.action:
        case "lead.merge" | "lead.unmerge":
            return 2
        case "event.void" | "event.correct":
            bent = next(each for each in book.known if each.key == act.subject)
            return made(book, bent) if bent.action == "contract.sign" else 1
        case "customer.erase-contact":
            return 1 + sum(1 for survivor, _ in whose.merged_before(book, act) if survivor == act.subject)
        case "contract.sign":
            drafts = [a for a in book.known if a.action == "contract.draft" and a.subject == act.subject]
            return 1 + any("opportunity" in a.data for a in drafts)
        case "follow-up.log":
            return 1 + len(act.data.get("next_actions", ()))
        case "after-sale.hand-over":
            return 1 + len(act.data["promises"])
        case "after-sale.visit":
            return 1 + (act.subject == book.customer(act))
        case "person.hand-over":
            customers = sum(1 for changes in whose.passings(book).values() for change in changes if change[1] == act.n)
            moved = sum(1 for changes in handed_over(book).values() for change in changes if change[1] == act.n)
            return 1 + customers + moved
    return 1


def of_period(book: Book, period: str) -> list[dict[str, Any]]:
    """Return the events that happened in a period by the day asked about."""
    mine = [act for act in events(book) if within(act.day, period) and act.day <= book.as_of]
    return [{"actor": act.actor, "recorder": act.recorder, "late_days": late_days(book, act)} for act in mine]


def late(book: Book, period: str) -> list[dict[str, Any]]:
    """Return those of a period that were entered after their day."""
    rows = []
    for act in events(book):
        if within(act.day, period) and act.day <= book.as_of and act.recorded.date() > act.day:
            days, norm = late_days(book, act), norm_days(book, act.day)
            rows.append({"late_days": days, "norm_days": norm, "breaks_norm": days > norm, "actor": act.actor})
    return rows


def corrections(book: Book, period: str) -> list[dict[str, Any]]:
    """Return the corrections and withdrawals that were made in a period, or are of an act of it."""
    by_key, rows = {act.key: act for act in book.known}, []
    for act in events(book):
        if act.action in ("event.correct", "event.void"):
            original = by_key[act.subject]
            if (within(act.day, period) or within(original.day, period)) and original.day <= book.as_of:
                name = {"event.correct": "event.corrected", "event.void": "event.voided"}[act.action]
                rows.append(
                    {"name": name, "by": act.actor, "corrected_by": original.actor, "corrected_day": original.day}
                )
    return rows


def movers(book: Book, period: str) -> list[dict[str, Any]]:
    """Return what moved the signed and the collected sums of a period."""
    mine = [fact for fact in facts(book) if fact.measure in ("signed", "collected") and within(fact.day, period)]
    return [
        {"measure": fact.measure, "owner": fact.owner, "day": fact.day, "amount": fact.amount,
         "currency": f"{fact.measure} {fact.currency}", "late_days": late_days(book, fact.act)}
        for fact in mine
        if fact.amount
    ]  # fmt: skip
