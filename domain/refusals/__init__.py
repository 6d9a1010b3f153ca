"""The texts of refusals, by the first word of their code; a subject's are read only when one of them is needed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from domain.refusal import Text

HOMES: Final[Mapping[str, str]] = {
    "subject": "domain.refusals.common",
    "right": "domain.refusals.common",
    "reason": "domain.refusals.common",
    "person": "domain.refusals.people",
    "group": "domain.refusals.people",
    "calendar": "domain.refusals.house",
    "policy": "domain.refusals.house",
    "period": "domain.refusals.house",
    "target": "domain.refusals.target",
    "plan": "domain.refusals.plan",
    "resource": "domain.refusals.resource",
    "lead": "domain.refusals.customer",
    "pool": "domain.refusals.customer",
    "customer": "domain.refusals.customer",
    "ownership": "domain.refusals.ownership",
    "next_action": "domain.refusals.customer",
    "follow_up": "domain.refusals.customer",
    "proposal": "domain.refusals.offer",
    "quote": "domain.refusals.offer",
    "opportunity": "domain.refusals.opportunity",
    "contract": "domain.refusals.contract",
    "payment": "domain.refusals.contract",
    "delivery": "domain.refusals.contract",
    "due": "domain.refusals.due",
    "after_sale": "domain.refusals.after_sale",
    "review": "domain.refusals.review",
    "practice": "domain.refusals.practice",
    "event": "domain.refusals.event",
    "undo": "domain.refusals.undo",
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
