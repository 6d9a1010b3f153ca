"""The funnel of a period: how far its leads came."""

from __future__ import annotations

from typing import Any

from domain.calendar.period import Period
from tests.slow import tracking
from tests.slow.customers import captures
from tests.slow.fold import Belief
from tests.slow.progress import valid

STEPS = ("captured", "valid", "graded", "contacted", "opportunities", "signed")


def steps(belief: Belief, period: Period) -> dict[str, dict[str, int]]:
    """Return how many leads of a period took each step, by channel, and of all of them.

    One that is merged, invalid or an unsettled duplicate is captured and comes no further.
    """
    customers = {row["id"]: row for row in tracking.rows(belief)}
    found = {"all": dict.fromkeys(STEPS, 0)}
    for customer, capture in captures(belief).items():
        if not period.contains(capture.day) or capture.moment > belief.micros:
            continue
        took = ["captured"]
        if customer in customers and valid(belief, capture):
            took += taken(belief, customer, customers[customer])
        for channel in ("all", capture.data["channel"]):
            mine = found.setdefault(channel, dict.fromkeys(STEPS, 0))
            for step in took:
                mine[step] += 1
    return found


def taken(belief: Belief, customer: str, row: dict[str, Any]) -> list[str]:
    """Return the steps of a valid lead."""
    opened = [e for e in tracking.history(belief, customer) if e.name == "opportunity.opened"]
    told = {
        "valid": True,
        "graded": row["grade"],
        "contacted": row["last_contact"],
        "opportunities": opened,
        "signed": row["stage"] in ("signed", "performing", "completed"),
    }
    return [step for step, reached in told.items() if reached]
