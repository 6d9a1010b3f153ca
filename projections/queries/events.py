"""Events by position, as rows name what stands behind them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import chunks

EVENTS: Final = "SELECT l.position, l.event_id, l.name, l.stream FROM {{log}} l WHERE l.position IN ({marks})"
CORRECTIONS: Final = """
SELECT c.corrected, l.position, l.event_id, l.name, l.stream FROM {{audit_corrections}} c
JOIN {{log}} l ON l.position = c.position WHERE c.corrected IN ({marks}) AND c.position <= ? ORDER BY c.position
"""


def named(
    ask: Ask, positions: Iterable[int], moments: AsOf, *, corrections: bool = False
) -> dict[int, list[dict[str, Any]]]:
    """Return the event at each position, followed by what has corrected it if that is asked for."""
    found: dict[int, list[dict[str, Any]]] = {}
    for marks, some in chunks(positions):
        for told in ask(EVENTS.format(marks=marks), some):
            found[told[0]] = [event(told)]
        if corrections:
            for corrected, *correction in ask(CORRECTIONS.format(marks=marks), (*some, moments.position)):
                found[corrected].append(event(correction))
    return found


def event(told: Iterable[Any]) -> dict[str, Any]:
    """Return how a row names an event: (position, id, name, subject)."""
    position, identity, name, subject = told
    return {"position": position, "event": identity, "name": name, "subject": subject}
