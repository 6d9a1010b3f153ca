"""The events behind differences: what a reader is told of each, and what decides on which field it bears."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any, Final, NamedTuple

from domain.calendar.moment import local_text
from projections.engine.projection import Ask
from projections.queries.customers import chunks

EVENTS: Final = """
SELECT l.position, l.event_id, l.name, l.stream, l.occurred, l.recorded, l.actor, l.reason, a.moment
FROM {{log}} l JOIN {{audit_entries}} a ON a.position = l.position WHERE l.position IN ({marks})
"""
REWRITING: Final = frozenset(
    "event.corrected event.voided customer.leads_merged customer.leads_unmerged customer.merged_into "
    "customer.unmerged_from".split()
)
"""Events by which rows of earlier days become others."""


class Told(NamedTuple):
    position: int
    event: str
    name: str
    subject: str
    occurred: str
    recorded: str
    actor: str
    reason: str | None
    moment: int


def told(ask: Ask, positions: Iterable[int]) -> dict[int, Told]:
    """Return the events at these positions."""
    found: dict[int, Told] = {}
    for marks, some in chunks(sorted(positions)):
        for row in ask(EVENTS.format(marks=marks), some):
            found[row[0]] = Told._make(row)
    return found


def as_event(one: Told, zone: tzinfo, amount: str | None) -> dict[str, Any]:
    """Return an event as a difference names it; `amount` is its share of the difference, where it is known."""
    return {
        "position": one.position,
        "event": one.event,
        "name": one.name,
        "subject": one.subject,
        "occurred": local_text(one.occurred, zone),
        "recorded": local_text(one.recorded, zone),
        "actor": one.actor,
        "reason": one.reason,
        "amount": amount,
    }


def likely(candidates: Iterable[Told], moment: int | None, bearing: Mapping[int, bool]) -> list[int]:
    """Return the positions of those events that made a step: what happened then and bears on it, or else what is nearest."""
    several = list(candidates)
    if moment is None:
        return [one.position for one in several]
    exact = [one for one in several if one.moment == moment or one.name in REWRITING]
    for some in (exact, several):
        bear = [one.position for one in some if bearing.get(one.position)]
        if bear:
            return bear
    return [one.position for one in exact or several]
