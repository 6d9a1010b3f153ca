"""Which grade and which owner each customer had from which day on, as the tracking table knows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from domain.cadence import Graded, changes
from projections.moments import Moments
from projections.projection import Ask

GONE: Final = ("", "invalid", "lost")
"""Stages in which a customer is to be met no more: merged into another, invalid, lost."""

CHANGES: Final = """
SELECT w.customer, w.since, w.grade, w.owner FROM (
 SELECT s.*, LAG(s.grade) OVER turns AS grade_before, LAG(s.owner) OVER turns AS owner_before FROM (
  SELECT c.customer, c.number, t.since, t.owner, CASE WHEN t.stage IN (?, ?, ?) THEN NULL ELSE t.grade END AS grade
  FROM {{tracked}} c CROSS JOIN {{tracking}} t WHERE t.number = c.number AND c.number <= ?
   AND t.since <= ? AND t.known_from <= ? AND t.known_to > ?{only}) s
 WINDOW turns AS (PARTITION BY s.number ORDER BY s.since)) w
WHERE COALESCE(w.grade, '') <> COALESCE(w.grade_before, '') OR COALESCE(w.owner, '') <> COALESCE(w.owner_before, '')
ORDER BY w.number, w.since
"""


class History(NamedTuple):
    """A customer's grades and owners, each with the first day."""

    customer: str
    grades: Sequence[Graded]
    owners: Sequence[tuple[date, str | None]]

    def owner_on(self, day: date) -> str | None:
        return next((owner for first, owner in reversed(self.owners) if first <= day), None)


def histories(
    ask: Ask, moments: Moments, customer: str | None = None, owners: Sequence[str] | None = None
) -> list[History]:
    """Return the history of each customer that has ever had a grade, the first captured first.

    `customer` asks for a single one, `owners` for those that were ever taken for one of theirs.
    """
    only, own = "", []
    if customer is not None:
        only, own = " AND c.customer = ?", [customer]
    if owners is not None:
        marks = ", ".join("?" * len(owners))
        only += f" AND c.number IN (SELECT o.number FROM {{tracking}} o WHERE o.owner IN ({marks}))"
        own += owners
    params = (*GONE, moments.position, moments.micros, moments.position, moments.position, *own)
    taken: dict[str, list[tuple[date, Any, Any]]] = {}
    for who, since, grade, owner in ask(CHANGES.format(only=only), params):
        taken.setdefault(who, []).append((moments.day_of(since), grade, owner))
    return [
        History(who, changes((day, grade) for day, grade, _ in turns), [(day, owner) for day, _, owner in turns])
        for who, turns in taken.items()
        if any(grade for _, grade, _ in turns)
    ]
