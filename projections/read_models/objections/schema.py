"""The table of objections: each as it stood from a moment on."""

from __future__ import annotations

from typing import Final

from projections.engine.projection import Table

OBJECTIONS: Final = Table(
    name="objections",
    columns=(
        ("customer", "text"),
        ("item", "text"),
        ("since", "integer"),
        ("known_from", "integer"),
        ("known_to", "integer"),
        ("ends", "integer"),
        ("logged", "integer"),
        ("answered", "integer"),
        ("resolved", "integer"),
        ("kind", "text"),
        ("words", "text"),
        ("answer", "text"),
        ("outcome", "text"),
        ("actor", "text"),
        ("sources", "text"),
    ),
    key=("customer", "item", "since", "known_from"),
    indexes=(("logged",),),
    closes=("customer", "item", "since"),
)
"""A row holds from the moment `since` until `ends`; the days are ordinals, null before they have come.

`customer` is the one to whom it was logged, whatever that was merged into later. `sources` are the positions of the
events that the row rests on, as a JSON list.
"""
