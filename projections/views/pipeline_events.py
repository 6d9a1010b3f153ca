"""The events behind an open opportunity: its own, and its customer's that changed whose it is or what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import chunks
from projections.queries.events import event

BEHIND: Final = """
SELECT DISTINCT o.opportunity, l.position, l.event_id, l.name, l.stream
FROM {{opportunities}} o JOIN {{log}} l ON l.position = o.step
WHERE o.opportunity IN ({marks}) AND o.since <= ? AND o.known_from <= ? AND o.known_to > ?
ORDER BY o.opportunity, l.position
"""


def of_opportunities(ask: Ask, moments: AsOf, opportunities: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return for each opportunity the events that its row rests on, in recorded order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for marks, some in chunks(opportunities):
        for opportunity, *told in ask(
            BEHIND.format(marks=marks), (*some, moments.micros, moments.position, moments.position)
        ):
            found.setdefault(opportunity, []).append(event(told))
    return found
