"""What of an event's changes tells a reader something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

BOOKKEEPING: Final = ("item", "customer", "digest", "by")
"""Fields that a reader of a customer's history doesn't need to see: ids, and what the envelope says already."""


def telling(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event's row with the changes that tell a reader something; all of them where there are no others."""
    told = [c for c in row["changes"] if (c["field"] not in BOOKKEEPING or named(c)) and c["to"] is not False]
    return {**row, "changes": told or row["changes"]}


def named(change: Mapping[str, Any]) -> bool:
    """Say whether an item is no number (n1, a2) but what somebody asked a department for."""
    return change["field"] == "item" and not str(change["to"])[1:].isdecimal()
