"""The texts of refusals, by the first word of their code; a subject's are read only when one of them is needed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from domain.kernel.refusal import Text

HOMES: Final[Mapping[str, str]] = {
    "subject": "domain.kernel.refusals",
    "right": "domain.kernel.refusals",
    "reason": "domain.kernel.refusals",
    "person": "domain.organisation.refusals",
    "group": "domain.organisation.refusals",
    "calendar": "domain.policy.refusals",
    "policy": "domain.policy.refusals",
    "period": "domain.policy.refusals",
    "target": "domain.target.refusals",
    "plan": "domain.plan.refusals",
    "resource": "domain.resource_refusals",
    "lead": "domain.customer.refusals",
    "pool": "domain.customer.refusals",
    "customer": "domain.customer.refusals",
    "ownership": "domain.customer.ownership_refusals",
    "next_action": "domain.customer.refusals",
    "follow_up": "domain.customer.refusals",
    "proposal": "domain.sales.offer_refusals",
    "quote": "domain.sales.offer_refusals",
    "opportunity": "domain.sales.opportunity_refusals",
    "contract": "domain.contract.refusals",
    "payment": "domain.contract.refusals",
    "delivery": "domain.contract.refusals",
    "due": "domain.calendar.refusals",
    "after_sale": "domain.after_sale.refusals",
    "review": "domain.review.refusals",
    "practice": "domain.practice_refusals",
    "event": "domain.correction.refusals",
    "undo": "domain.correction.undo_refusals",
}


def text_of(code: str) -> Text | None:
    """Return the text of a refusal, or None for a code that no refusal has."""
    home = HOMES.get(code.partition(".")[0])
    return import_module(home).TEXTS.get(code) if home else None


def all_texts() -> dict[str, Text]:
    """Return the text of every refusal by its code, subject by subject."""
    found: dict[str, Text] = {}
    for home in dict.fromkeys(HOMES.values()):
        found.update(import_module(home).TEXTS)
    return found
