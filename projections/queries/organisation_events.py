"""The events behind what is known of the organisation: who adopted a policy, what put a person into a group."""

from __future__ import annotations

from typing import Any, Final

from projections.engine.projection import Ask
from projections.queries.events import event

BROUGHT: Final = """
SELECT {place}, l.position, l.event_id, l.name, l.stream FROM {{{table}}} t JOIN {{log}} l ON l.position = t.known_from
WHERE t.known_from <= ? AND t.known_to > ?
"""
Events = dict[tuple[Any, ...], list[dict[str, Any]]]


def of_policies(ask: Ask, position: int) -> Events:
    """Return what adopted each policy: (name, first day in force) -> events."""
    return _brought(ask, "policies", "t.name, t.first", position)


def of_memberships(ask: Ask, position: int) -> Events:
    """Return what put each person into a group: (login, first day as an ordinal) -> events."""
    return _brought(ask, "memberships", "t.login, t.first", position)


def _brought(ask: Ask, table: str, place: str, position: int) -> Events:
    found: Events = {}
    for first, second, *told in ask(BROUGHT.format(place=place, table=table), (position, position)):
        found.setdefault((first, second), []).append(event(told))
    return found
