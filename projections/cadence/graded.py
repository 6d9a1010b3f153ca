"""Which grade and which owner each customer had from which day on, as the tracking table knows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from domain.cadence import Graded, changes
from projections.customers import STOOD, stood_at
from projections.moments import Moments
from projections.projection import Ask

GONE: Final = ("", "invalid", "lost")
"""Stages in which a customer is to be met no more: merged into another, invalid, lost."""

CHANGES: Final = """
SELECT c.customer, w.since, w.grade, w.owner FROM (
 SELECT s.*, LAG(s.told) OVER (PARTITION BY s.number ORDER BY s.since) AS told_before FROM (
  SELECT g.*, COALESCE(g.grade, '') || ' ' || COALESCE(g.owner, '') AS told FROM (
   SELECT t.number, t.since, t.owner, CASE WHEN t.stage IN (?, ?, ?) THEN NULL ELSE t.grade END AS grade
   FROM {{tracking}} t WHERE t.number IN (SELECT e.number FROM {{tracking}} e WHERE e.grade IS NOT NULL{only})
    AND t.number <= ? AND t.since <= ? AND t.known_from <= ? AND t.known_to > ?) g) s) w
CROSS JOIN {{tracked}} c WHERE w.told <> COALESCE(w.told_before, ' ') AND c.number = w.number ORDER BY w.number, w.since
"""
"""Of each customer that ever had a grade the rows that tell of another grade or owner than the one before."""

STILL: Final = f" AND e.number IN (SELECT c.number FROM {{tracked}} c {STOOD} AND t.grade IS NOT NULL AND t.stage NOT IN (?, ?, ?))"


class History(NamedTuple):
    """A customer's grades and owners, each with the first day."""

    customer: str
    grades: Sequence[Graded]
    owners: Sequence[tuple[date, str | None]]

    def owner_on(self, day: date) -> str | None:
        return next((owner for first, owner in reversed(self.owners) if first <= day), None)


def histories(
    ask: Ask,
    moments: Moments,
    customer: str | None = None,
    owners: Sequence[str] | None = None,
    *,
    still: bool = False,
) -> list[History]:
    """Return the history of each customer that has ever had a grade, the first captured first.

    `customer` asks for a single one, `owners` for those that were ever taken for one of theirs. `still` may leave out
    those that have no grade then.
    """
    only = ""
    own: list[Any] = []
    if still and customer is None and owners is None:  # of a few it is quicker to look at each
        only, own = STILL, [*stood_at(moments), *GONE]
    if customer is not None:
        only += " AND e.number IN (SELECT k.number FROM {tracked} k WHERE k.customer = ?)"
        own.append(customer)
    if owners is not None:
        marks = ", ".join("?" * len(owners))
        only += f" AND e.number IN (SELECT o.number FROM {{tracking}} o WHERE o.owner IN ({marks}))"
        own += owners
    params = (*GONE, *own, moments.position, moments.micros, moments.position, moments.position)
    taken: dict[str, list[tuple[date, Any, Any]]] = {}
    for who, since, grade, owner in ask(CHANGES.format(only=only), params):
        taken.setdefault(who, []).append((moments.day_of(since), grade, owner))
    return [
        History(who, changes((day, grade) for day, grade, _ in turns), [(day, owner) for day, _, owner in turns])
        for who, turns in taken.items()
        if any(grade for _, grade, _ in turns)
    ]


class Histories:
    """The histories of all customers, or of those that were ever one of some owners', read once for several days."""

    def __init__(self, ask: Ask, moments: Moments, owners: Sequence[str] | None = None) -> None:
        """Take the latest moments that will be asked about."""
        self._ask, self._moments, self._owners = ask, moments, owners
        self._read: list[History] | None = None

    def at(self, day: date) -> list[History]:
        """Return the histories as of the end of a day: what the moments of a question show that are no earlier."""
        if self._read is None:
            self._read = histories(self._ask, self._moments, owners=self._owners)
        return [_until(each, day) for each in self._read]


def _until(history: History, day: date) -> History:
    if history.owners[-1][0] <= day:
        return history
    grades = [graded for graded in history.grades if graded[0] <= day]
    return History(history.customer, grades, [owned for owned in history.owners if owned[0] <= day])
