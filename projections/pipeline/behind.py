"""The events behind an open opportunity: its own, and its customer's that changed whose it is or what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from projections.events import event
from projections.moments import Moments
from projections.projection import Ask

CHUNK: Final = 400
BEHIND: Final = """
SELECT DISTINCT o.opportunity, l.position, l.event_id, l.name, l.stream
FROM {{opportunities}} o JOIN {{log}} l ON l.position = o.step
WHERE o.opportunity IN ({marks}) AND o.since <= ? AND o.known_from <= ? AND o.known_to > ?
ORDER BY o.opportunity, l.position
"""


def of_opportunities(ask: Ask, moments: Moments, opportunities: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return for each opportunity the events that its row rests on, in recorded order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for first in range(0, len(opportunities), CHUNK):
        some = opportunities[first : first + CHUNK]
        sql = BEHIND.format(marks=", ".join("?" * len(some)))
        for opportunity, *told in ask(sql, (*some, moments.micros, moments.position, moments.position)):
            found.setdefault(opportunity, []).append(event(told))
    return found
