"""Late entries and corrections."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.calendar.period import Period
from tests.slow.fold import Belief, Entry, standing
from tests.slow.people import calendar, policy
from tests.slow.progress import facts


def entries(belief: Belief, period: Period) -> list[dict[str, Any]]:
    """Return the events of a period that were entered after their day."""
    found = []
    for entry in belief.known:
        entered = datetime.fromisoformat(entry.recorded).astimezone(belief.zone).date()
        if not period.contains(entry.day) or entry.moment > belief.micros or entered <= entry.day:
            continue
        late = calendar(belief).late_days(entry.day, entered)
        norm = int((policy(belief, "entry-deadline", entry.day) or {"working_days": 1})["working_days"])
        row = {"position": entry.position, "late_days": late, "norm_days": norm, "breaks_norm": late > norm}
        found.append(row | {"actor": entry.actor})
    return found


def corrections(belief: Belief, period: Period) -> list[tuple[int, int]]:
    """Return (correction, what it corrects) of those made in a period, or of an event of it."""
    by_position = {entry.position: entry for entry in belief.known}
    found = []
    for entry in belief.known:
        if entry.name in ("event.corrected", "event.voided"):
            original: Entry = by_position[entry.data["at"]]
            of_period = period.contains(entry.day) or period.contains(original.day)
            if of_period and original.moment <= belief.micros:
                found.append((entry.position, original.position))
    return found


Moved = dict[tuple[str, str | None, str], Decimal]
"""(measure, owner, currency) -> by how much"""


def moved(belief: Belief, correction: int, period: Period) -> Moved:
    """Return what a correction added to the measures of a period, of whom; new customers are left out."""
    before, after = (sums(until(belief, position), period) for position in (correction - 1, correction))
    both = {key: after.get(key, Decimal(0)) - before.get(key, Decimal(0)) for key in {*before, *after}}
    return {key: amount for key, amount in both.items() if amount}


def until(belief: Belief, position: int) -> Belief:
    """Return what was believed at an earlier position."""
    known = [entry for entry in belief.known if entry.position <= position]
    return belief._replace(known=known, standing=standing(known, belief.zone), position=position)


def sums(belief: Belief, period: Period) -> Moved:
    """Return what was reached in a period, by measure, owner and currency."""
    found: Moved = {}
    for fact in facts(belief):
        if period.contains(fact.day) and fact.measure != "new-customers":
            key = (fact.measure, fact.owner, fact.currency)
            found[key] = found.get(key, Decimal(0)) + fact.amount
    return found
