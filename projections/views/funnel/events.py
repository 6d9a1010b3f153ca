"""The events behind the funnel: what brought each lead to its steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import chunks, survivors
from projections.queries.events import event

OWN: Final = {
    "customer.lead_captured": "captured",
    "customer.lead_validated": "valid",
    "customer.lead_invalidated": "valid",
    "customer.leads_merged": "valid",
    "customer.merged_into": "valid",
    "customer.graded": "graded",
    "customer.followed_up": "contacted",
}
NAMING: Final = {
    "opportunity.opened": "opportunities",
    "contract.signed": "signed",
    "contract.amended": "signed",
    "contract.order_placed": "signed",
    "contract.cancelled": "signed",
}
"""The step on which an event of the lead, or of what names it, bears."""

BEHIND: Final = """
SELECT l.stream, l.position, l.event_id, l.name, l.stream
FROM {{log}} l CROSS JOIN {{audit_entries}} a
WHERE l.stream IN ({marks}) AND l.name IN ({own}) AND a.position = l.position AND a.moment <= ? AND a.position <= ?
UNION ALL
SELECT n.subject, l.position, l.event_id, l.name, l.stream
FROM {{audit_named}} n CROSS JOIN {{log}} l CROSS JOIN {{audit_entries}} a
WHERE n.subject IN ({marks}) AND l.position = n.position AND l.name IN ({naming}) AND a.position = l.position
 AND a.moment <= ? AND a.position <= ?
ORDER BY 2
"""


def of_leads(ask: Ask, moments: AsOf, leads: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return for each lead the events by which it took its steps, those of the leads merged into it included."""
    wanted = set(leads)
    merged = {lead: into for lead, into in survivors(ask, moments).items() if into in wanted}
    own, naming = (", ".join("?" * len(names)) for names in (OWN, NAMING))
    found: dict[str, list[dict[str, Any]]] = {}
    for marks, some in chunks([*leads, *merged]):
        sql = BEHIND.format(marks=marks, own=own, naming=naming)
        until = (moments.micros, moments.position)
        for customer, *told in ask(sql, (*some, *OWN, *until, *some, *NAMING, *until)):
            step = OWN.get(told[2]) or NAMING[told[2]]
            named = {**event(told), "step": step}
            if customer in wanted:
                found.setdefault(customer, []).append(named)
            if customer in merged and step != "captured":
                found.setdefault(merged[customer], []).append(named)
    return found
