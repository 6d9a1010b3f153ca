"""The tables of duplicates: the names customers ever had, which of them are alike, and registration numbers."""

from __future__ import annotations

from typing import Final

from projections.engine.projection import Table

FORMS: Final = Table(
    name="name_forms",
    columns=(("form", "integer"), ("normalised", "text"), ("core", "text")),
    key=("form",),
)
"""Each form under which names are compared, once, by the position of the event that first told a name of it."""

NAMES: Final = Table(
    name="names_told",
    columns=(("number", "integer"), ("company", "text"), ("form", "integer")),
    key=("number", "company"),
    indexes=(("form",),),
)
"""Each name that a customer was ever told to have, and its form."""

ALIKE: Final = Table(
    name="alike",
    columns=(("one", "integer"), ("other", "integer"), ("likeness", "text")),
    key=("one", "other"),
)
"""Two forms that are alike, the one told first as `one`; a form that several customers have is like itself, and likeness 1.

Two names are as like as they are whatever was known when; whether customers have them is asked of the tracking table.
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
