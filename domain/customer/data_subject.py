"""Whose a person's data is, among a customer's people: one contact's, or nobody's in particular."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

OF_CAPTURE: Final = frozenset(("contact", "phone", "email"))
"""What a capture says of its contact; the need and who referred the customer are nobody's in particular."""


def contact_of(name: str, field: str, data: Mapping[str, Any], contacts: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the contact (c0, c1 ...) whose a personal field of a customer's event is; "" where it is no single one's.

    What was said in a follow-up belongs to the contact whom it names. A name that two contacts have, or none, is nobody's
    in particular, and so are pain points, objections, promises and other notes: they name no owner.
    """
    if name == "customer.lead_captured":
        return "c0" if field in OF_CAPTURE else ""
    if name in ("customer.contact_added", "customer.contact_changed"):
        return str(data["item"])
    if name == "customer.followed_up" and data.get("contact"):
        named = [item for item, known in contacts.items() if known.get("contact") == data["contact"]]
        return named[0] if len(named) == 1 else ""
    return ""
