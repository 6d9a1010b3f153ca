"""The tables of duplicates: which customers are alike under the names they ever had, and their registration numbers."""

from __future__ import annotations

from typing import Final

from projections.projection import Table

NAMES: Final = Table(
    name="names_told",
    columns=(("number", "integer"), ("company", "text"), ("normalised", "text"), ("core", "text")),
    key=("number", "company"),
)
"""Each name that a customer was ever told to have, and the forms under which it is compared."""

ALIKE: Final = Table(
    name="alike",
    columns=(
        ("one", "integer"),
        ("other", "integer"),
        ("one_name", "text"),
        ("other_name", "text"),
        ("likeness", "text"),
    ),
    key=("one", "other", "one_name", "other_name"),
)
"""Two customers, the one captured first as `one`, who are alike wherever each has that name; likeness 1: it is the same.

Two names are as like as they are whatever was known when; whether the customers have them is asked of the tracking table.
"""

IDENTITIES: Final = Table(
    name="identities",
    columns=(
        ("number", "integer"),
        ("since", "integer"),
        ("known_from", "integer"),
        ("known_to", "integer"),
        ("ends", "integer"),
        ("code", "text"),
        ("apart", "integer"),
    ),
    key=("number", "since", "known_from"),
    indexes=(("code",),),
    closes=("number", "since"),
)
"""The registration number of a customer from a moment on, and `apart`: the event that last told it from its namesake, or 0.

Only customers of whom one of these is known have rows.
"""
