"""What is suggested for the target of a person who moved to another group within its period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.year.reckoning import whose
from tests.year.reckoning.book import Book
from tests.year.reckoning.periods import span
from tests.year.reckoning.progress import rounded
from tests.year.reckoning.targets import in_force


def moved(book: Book, period: str) -> list[dict[str, Any]]:
    """Return the part of a mover's target that belongs to the working days left."""
    first, last = span(period)
    rows = []
    for act in book.of("person.join"):
        day = date.fromisoformat(act.data["from"])
        before = whose.group(book, act.subject, day - timedelta(days=1))
        if not first <= day <= last or before in (None, act.data["group"]):
            continue
        for (metric, _, owner), target in in_force(book, period).items():
            if owner == act.subject:
                left, working = book.workdays.count(day, last), book.workdays.count(first, last)
                row = {"owner": owner, "metric": metric, "day": day, "working_days_left": left, "working_days": working}
                rows.append(
                    row | {"target_value": target.value, "value": rounded(target.value * left / working, "0.01")}
                )
    return rows
