"""The events behind a person's customers in the check of capacity: what made them the person's, and what graded them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from domain.kernel.types import OWNING
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import STOOD, chunks, stood_at
from projections.queries.events import event

CUSTOMERS: Final = f"""
SELECT c.customer, t.owner FROM {{tracked}} c {STOOD}
 AND t.owner IS NOT NULL AND t.grade IS NOT NULL AND t.stage NOT IN ('lost', 'invalid')
"""
TOLD: Final = """
SELECT l.stream, l.name, l.position, l.event_id FROM {{log}} l JOIN {{audit_entries}} a ON a.position = l.position
WHERE l.stream IN ({marks}) AND l.name IN ({names}) AND l.position <= ? AND a.moment <= ?
 AND NOT EXISTS (SELECT 1 FROM {{audit_corrections}} c JOIN {{log}} v ON v.position = c.position
                 WHERE c.corrected = l.position AND v.name = 'event.voided' AND c.position <= ?)
ORDER BY a.moment, l.position
"""
GRADED: Final = "customer.graded"


def of_customers(ask: Ask, moments: AsOf) -> dict[str, list[dict[str, Any]]]:
    """Return by owner the events behind the graded customers owned: the last that graded and the last that assigned each."""
    owners = dict(ask(CUSTOMERS, stood_at(moments)))
    last = _last(ask, moments, owners)
    found: dict[str, list[dict[str, Any]]] = {}
    for customer, login in owners.items():
        told = (last.get((customer, graded)) for graded in (False, True))
        found.setdefault(login, []).extend(each for each in told if each)
    return {login: sorted(events, key=lambda each: each["position"]) for login, events in found.items()}


def _last(ask: Ask, moments: AsOf, customers: Iterable[str]) -> dict[tuple[str, bool], dict[str, Any]]:
    names = (GRADED, *OWNING)
    upto = (moments.position, moments.micros, moments.position)
    found: dict[tuple[str, bool], dict[str, Any]] = {}
    for marks, some in chunks(customers):
        sql = TOLD.format(marks=marks, names=", ".join("?" * len(names)))
        for stream, name, position, identity in ask(sql, (*some, *names, *upto)):
            found[stream, name == GRADED] = event((position, identity, name, stream))
    return found
