"""When the leads of a period took their steps, and how long it took them from one step to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Final

from projections.moments import Moments
from projections.projection import Ask

FIRST: Final = """
SELECT c.customer, MIN(CASE WHEN t.grade IS NOT NULL THEN t.since END),
       MIN(CASE WHEN t.last_contact IS NOT NULL THEN t.since END)
FROM {{tracked}} c CROSS JOIN {{tracking}} t
WHERE t.number = c.number AND t.stage <> '' AND t.since <= ? AND t.known_from <= ? AND t.known_to > ?
 AND c.number IN ({leads}) GROUP BY c.customer
"""

Days = Mapping[str, int]
"""step -> the day on which it was taken first, as an ordinal"""


def firsts(ask: Ask, moments: Moments, leads: str, within: Sequence[int | str]) -> dict[str, dict[str, int]]:
    """Return for each lead on which days it was graded and contacted first.

    `leads` asks for the positions of their captures, and `within` are its parameters.
    """
    found = {}
    until = (moments.micros, moments.position, moments.position)
    for customer, *since in ask(FIRST.format(leads=leads), (*until, *within)):
        days = zip(("graded", "contacted"), since, strict=True)
        found[customer] = {step: moments.day_of(at).toordinal() for step, at in days if at is not None}
    return found


def between(several: Iterable[Days], of: str, step: str) -> str | None:
    """Return the median of the days from one step to another, of the leads that took both; 0 where the other came first."""
    days = [max(0, each[step] - each[of]) for each in several if of in each and step in each]
    return format(median(days), "g") if days else None
