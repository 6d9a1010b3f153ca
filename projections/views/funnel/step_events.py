"""The events by which the leads of a period took their steps, read by day and not lead by lead."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from domain.kernel.money import from_units
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import survivors
from projections.views.funnel.events import of_leads
from projections.views.funnel.view import Lead

STEPS: Final = {
    "customer.lead_captured": ("captured", "valid"),
    "customer.graded": ("graded",),
    "customer.followed_up": ("contacted",),
    "opportunity.opened": ("opportunities",),
}
EVENTS: Final = f"""
SELECT a.subject, a.position, l.name, CASE WHEN l.name = 'opportunity.opened' THEN a.changes END
FROM {{audit_entries}} a JOIN {{log}} l ON l.position = a.position
WHERE a.day BETWEEN ? AND ? AND a.position <= ? AND a.moment <= ? AND l.name IN ({", ".join("?" * len(STEPS))})
"""
DEALS: Final = """
SELECT f.customer, f.source, f.currency, f.amount FROM {facts} f WHERE f.measure = 'signed' AND f.day BETWEEN ? AND ?
 AND f.since <= ? AND f.ends > ? AND f.known_from <= ? AND f.known_to > ?
"""

Taken = dict[str, dict[str, list[tuple[int, str | None]]]]
"""lead -> step -> its events as (position, amount as text); `signed-CNY` are the deals in that currency, `signed` all."""


def taken(ask: Ask, moments: AsOf, leads: Sequence[Lead], first: int) -> Taken:
    """Return for each lead the events of each step that it took, from the ordinal of the period's first day on."""
    merged = survivors(ask, moments)
    found: Taken = {lead.customer: {} for lead in leads}
    for customer, step, position, amount in _events(ask, moments, first):
        held = found.get(merged.get(customer, customer) if step not in ("captured", "valid") else customer)
        if held is not None:
            held.setdefault(step, []).append((position, amount))
    # A step can lie before its lead's own day, where something was entered for an earlier day.
    lacking = [lead for lead in leads if any(step not in found[lead.customer] for step in lead.taken)]
    if lacking:
        earlier = of_leads(ask, moments, [lead.customer for lead in lacking])
        for lead in lacking:
            for event in earlier.get(lead.customer, ()):
                if event["step"] not in found[lead.customer]:
                    found[lead.customer].setdefault(event["step"], []).append((event["position"], None))
    return {
        lead.customer: {step: e for step, e in found[lead.customer].items() if step.partition("-")[0] in lead.taken}
        for lead in leads
    }


def _events(ask: Ask, moments: AsOf, first: int) -> Iterator[tuple[str, str, int, str | None]]:
    """Yield (customer, step, position, amount)."""
    days, known = (first, moments.day.toordinal()), (moments.position, moments.position)
    for subject, position, name, changes in ask(EVENTS, (*days, moments.position, moments.micros, *STEPS)):
        customer = _customer(changes) if changes else subject
        for step in STEPS[name]:
            yield customer, step, position, None
    for customer, source, currency, units in ask(DEALS, (*days, moments.micros, moments.micros, *known)):
        amount = format(from_units(units), "f")
        yield customer, "signed", source, amount
        yield customer, f"signed-{currency}", source, amount


def _customer(changes: str) -> str:
    told: list[tuple[str, Any, Any]] = json.loads(changes)
    return next((str(new) for field, _, new in told if field == "customer"), "")
