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
        ("customer", "text"),
        ("since", "integer"),
        ("known_from", "integer"),
        ("known_to", "integer"),
        *CONTENT,
    ),
    key=("customer", "since", "known_from"),
    indexes=(("owner", "customer"),),
    closes=("customer", "since"),
    wide=True,
)
CUSTOMERS: Final = Table(
    name="tracked",
    columns=(("customer", "text"), ("position", "integer")),
    key=("customer",),
)
