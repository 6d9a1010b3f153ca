"""Which columns of the tracking table an event bears on, so that each number of a row names its events."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from domain.kernel.types import OWNING
from projections.engine.projection import Ask

CHUNK: Final = 400
FILE: Final = (
    *("company", "industry", "size", "contact", "pain_points", "stage", "channel", "campaign", "grade"),
    *("owner", "group", "last_contact", "next_action", "next_due", "open_objections", "completeness"),
)
EVERYTHING: Final = (*FILE, "expected", "signed", "collected", "currency")
STATED: Final[Mapping[str, tuple[str, ...]]] = {
    "company": ("company", "completeness"),
    "industry": ("industry", "completeness"),
    "size": ("size", "completeness"),
    "contact": ("contact", "completeness"),
    "channel": ("channel", "completeness"),
    "campaign": ("campaign",),
    "owner": ("owner", "group"),
    "need": ("completeness",),
    "credit_code": ("completeness",),
}
"""What a capture or a change of details bears on, by the field that it states."""

STATING: Final = ("customer.lead_captured", "customer.details_changed")
_ACTIONS: Final = ("next_action", "next_due")
BEARS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(OWNING, ("owner", "group")),
    "customer.lead_captured": ("stage",),
    "customer.details_changed": (),
    "customer.lead_validated": ("stage",),
    "customer.lead_invalidated": ("stage",),
    "customer.graded": ("grade", "stage", "completeness"),
    "customer.contact_added": ("contact", "completeness"),
    "customer.contact_changed": ("contact", "completeness"),
    "customer.pain_point_noted": ("pain_points", "completeness"),
    "customer.followed_up": ("last_contact", "stage"),
    "customer.next_action_set": _ACTIONS,
    "customer.next_action_completed": _ACTIONS,
    "customer.next_action_rescheduled": _ACTIONS,
    "customer.next_action_dropped": _ACTIONS,
    "need.identified": ("stage", "completeness"),
    "proposal.delivered": ("stage",),
    "quote.issued": ("stage",),
    "customer.objection_logged": ("open_objections",),
    "customer.objection_resolved": ("open_objections",),
    "customer.leads_merged": EVERYTHING,
    "customer.leads_unmerged": EVERYTHING,
    "customer.merged_into": EVERYTHING,
    "customer.unmerged_from": EVERYTHING,
    "person.handover_completed": ("owner", "group"),
    "opportunity.opened": ("expected", "stage", "currency"),
    "opportunity.moved": ("stage",),
    "opportunity.forecast": ("expected",),
    "opportunity.lost": ("expected", "stage"),
    "opportunity.reopened": ("expected", "stage"),
    "opportunity.won": ("expected", "stage"),
    "contract.drafted": ("signed", "currency"),
    "contract.signed": ("signed", "stage", "currency"),
    "contract.amended": ("signed",),
    "contract.cancelled": ("signed", "stage"),
    "contract.order_placed": ("signed",),
    "contract.completed": ("stage",),
    "payment.received": ("collected", "currency"),
    "payment.refunded": ("collected",),
    "delivery.delivered": ("stage",),
}
"""What an event bears on beside what it states; one that is not listed bears on nothing."""

STATEMENTS: Final = """
SELECT l.position, l.name, a.changes, (SELECT o.name FROM {{log}} o WHERE o.position =
       (SELECT MAX(c.corrected) FROM {{audit_corrections}} c WHERE c.position = l.position)) AS corrected
FROM {{log}} l JOIN {{audit_entries}} a ON a.position = l.position
WHERE l.position IN ({marks}) AND l.name IN ('customer.lead_captured', 'customer.details_changed', 'event.corrected',
 'event.voided')
"""


def bears_on(name: str, stated: Collection[str], corrected: str | None = None) -> tuple[str, ...]:
    """Return the columns that an event bears on: `stated` are the fields it gives, `corrected` the event it corrects."""
    if corrected:
        name, whole = corrected, name == "event.voided"
        if name in STATING and not whole:
            return _stated(stated)
        return (*BEARS.get(name, ()), *(_stated(stated) if name in STATING else ()))
    listed = BEARS.get(name, ())
    return (*listed, *_stated(stated)) if name in STATING else listed


def _stated(fields: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column for field in fields for column in STATED.get(field, ())))


def with_fields(ask: Ask, events: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Return the events of each customer, each with the `fields` of the row that it bears on."""
    telling = (*STATING, "event.corrected", "event.voided")
    asked = [e["position"] for several in events.values() for e in several if e["name"] in telling]
    told = statements(ask, asked)
    return {
        customer: [
            {**event, "fields": list(bears_on(event["name"], *told.get(event["position"], ((), None))))}
            for event in several
        ]
        for customer, several in events.items()
    }


def statements(ask: Ask, positions: Iterable[int]) -> dict[int, tuple[list[str], str | None]]:
    """Return for those events that state fields, or correct others, (the fields, the name of what is corrected)."""
    found: dict[int, tuple[list[str], str | None]] = {}
    several = sorted(set(positions))
    for first in range(0, len(several), CHUNK):
        some = several[first : first + CHUNK]
        for position, _, changes, corrected in ask(STATEMENTS.format(marks=", ".join("?" * len(some))), some):
            found[position] = ([field for field, *_ in json.loads(changes)], corrected)
    return found
