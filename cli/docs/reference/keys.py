"""What every page of keys is made of: the rows, and those that the pages share."""

from __future__ import annotations

from typing import Final

Rows = tuple[tuple[str, str, str], ...]

CUSTOMER: Final[Rows] = (
    ("customer", "text", "The customer's id; of a merged lead that of the survivor."),
    ("company", "text", "The customer's name."),
)
WHOSE: Final[Rows] = (
    ("owner", "login", "Who owns the customer; null for nobody."),
    ("group", "group code", "The owner's group on the as-of day."),
)
