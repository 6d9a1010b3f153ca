"""Proposals, quotes, and the stages through which opportunities went."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.year.reckoning.book import Act, Book
from tests.year.reckoning.contacts import owner_now
from tests.year.reckoning.periods import within
from tests.year.reckoning.pipeline import courses
from tests.year.reckoning.tracking import due

ORDER = [None, "contacted", "need-identified", "proposed", "negotiating"]


def proposals(book: Book) -> list[dict[str, Any]]:
    """Return the proposals that were asked for."""
    rows = []
    for act in book.of("proposal.request"):
        delivered = [a for a in book.of("proposal.deliver") if a.subject == act.key]
        until, versions = due(book, act, act.data, next(iter(delivered), None)), [a.day for a in delivered]
        state = "delivered" if versions else "overdue" if book.as_of > until else "requested"
        late = book.workdays.after(until, versions[0] if versions else book.as_of)
        row = {"state": state, "due": until, "late_days": late, "version": len(versions) or None}
        rows.append(row | {"owner": owner_now(book, book.customer(act))})
    return rows


def quotes(book: Book) -> list[dict[str, Any]]:
    """Return the quotes that were issued."""
    rows, issued = [], book.of("quote.issue")
    for act in issued:
        later = [
            a
            for a in issued
            if a.data.get("opportunity") == act.data.get("opportunity") and issued.index(a) > issued.index(act)
        ]
        until = date.fromisoformat(act.data["valid_until"])
        holds = book.as_of <= until
        state = "superseded" if later and "opportunity" in act.data else "valid" if holds else "expired"
        left = (until - book.as_of).days if state == "valid" else None
        row = {"state": state, "amount": Decimal(act.data["amount"]), "currency": act.data["currency"]}
        rows.append(row | {"days_left": left, "owner": owner_now(book, book.customer(act))})
    return rows


def stays(first: Act, others: list[Act]) -> list[tuple[str | None, date, date | None, str | None]]:
    """Return through which stages an opportunity went: each with its first day, its last one and how it ended."""
    found: list[tuple[str | None, date, date | None, str | None]] = []
    stage, since, running = None, first.day, True
    for act in others:
        if act.action == "opportunity.move" and act.data["stage"] != stage:
            onward = ORDER.index(act.data["stage"]) > ORDER.index(stage)
            found.append((stage, since, act.day, "went_on" if onward else "went_back"))
            stage, since = act.data["stage"], act.day
        elif act.action in ("opportunity.lose", "contract.sign"):
            found.append((stage, since, act.day, "lost" if act.action == "opportunity.lose" else "won"))
            running = False
        elif act.action == "opportunity.reopen":
            since, running = act.day, True
    return [*found, (stage, since, None, None)] if running else found


def stages(book: Book, period: str) -> list[dict[str, Any]]:
    """Return for each stage how many stays there were of a period's opportunities, and how they ended."""
    rows = []
    every = [
        stay for first, *others in courses(book).values() if within(first.day, period) for stay in stays(first, others)
    ]
    for stage in ORDER:
        mine = [stay for stay in every if stay[0] == stage]
        row: dict[str, Any] = {"stage": stage, "entered": len(mine), "here": sum(1 for stay in mine if stay[2] is None)}
        row |= {how: sum(1 for stay in mine if stay[3] == how) for how in ("went_on", "went_back", "won", "lost")}
        ended = sorted((end - since).days for _, since, end, _ in mine if end)
        row["median_days"] = median(ended)
        rows.append(row)
    return rows


def median(numbers: list[int]) -> Decimal | None:
    """Return the middle one of sorted numbers, or the half of the middle two."""
    if not numbers:
        return None
    middle = len(numbers) // 2
    return Decimal(numbers[middle]) if len(numbers) % 2 else Decimal(numbers[middle - 1] + numbers[middle]) / 2
