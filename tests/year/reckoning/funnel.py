"""The funnel of a period: how far its leads have come."""

from __future__ import annotations

from typing import Any

from tests.year.reckoning import tracking
from tests.year.reckoning.book import Book
from tests.year.reckoning.measures import valid
from tests.year.reckoning.periods import within

STEPS = ("captured", "valid", "graded", "contacted", "opportunities", "signed")


def rows(book: Book, period: str) -> list[dict[str, Any]]:
    """Return the steps by channel, and of all; a lead that is not valid is captured and comes no further."""
    shown = {row["customer"]: row for row in tracking.rows(book)}
    found: dict[str | None, dict[str, int]] = {None: dict.fromkeys(STEPS, 0)}
    for capture in book.of("lead.capture"):
        if not within(capture.day, period):
            continue
        took = ["captured"]
        if valid(book, capture):
            row = shown[capture.key]
            acts = tracking.histories(book)[capture.key]
            reached = {
                "valid": True,
                "graded": row["grade"],
                "contacted": row["touched"],
                "opportunities": any(act.action == "opportunity.open" for act in acts),
                "signed": row["stage"] in ("signed", "performing", "completed"),
            }
            took += [step for step, did in reached.items() if did]
        for channel in (None, capture.data["channel"]):
            for step in took:
                found.setdefault(channel, dict.fromkeys(STEPS, 0))[step] += 1
    return [{"name": name, **steps} for name, steps in found.items()]
