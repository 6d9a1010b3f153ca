"""The columns of the tracking table."""

from __future__ import annotations

from typing import Final

from projections.projection import Table

CONTENT: Final = (
    ("company", "text"),
    ("industry", "text"),
    ("size", "text"),
    ("contact", "text"),
    ("pain_points", "text"),
    ("stage", "text"),
    ("channel", "text"),
    ("campaign", "text"),
    ("grade", "text"),
    ("owner", "text"),
    ("last_contact", "text"),
    ("next_actions", "text"),
    ("objections", "text"),
    ("amounts", "text"),
    ("filled", "integer"),
    ("fields", "integer"),
    ("duplicates", "text"),
)

TRACKING: Final = Table(
    name="tracking",
    columns=(
        ("number", "integer"),
        ("since", "integer"),
        ("known_from", "integer"),
        ("known_to", "integer"),
        *CONTENT,
    ),
    key=("number", "since", "known_from"),
    indexes=(("owner", "number"),),
    closes=("number", "since"),
    once=(
        *("company", "industry", "size", "contact", "pain_points", "channel", "campaign"),
        *("filled", "fields", "duplicates"),
    ),
)
CUSTOMERS: Final = Table(
    name="tracked",
    columns=(("number", "integer"), ("customer", "text")),
    key=("number",),
    indexes=(("customer",),),
)
"""A customer's `number` is the position of its capture."""
