"""The table of records: each as it stood from a moment on, lean; what it says is read from its events."""

from __future__ import annotations

from typing import Final

from projections.projection import Table

RECORDS: Final = Table(
    name="records",
    columns=(
        ("kind", "text"),
        ("subject", "text"),
        ("item", "text"),
        ("since", "integer"),
        ("known_from", "integer"),
        ("known_to", "integer"),
        ("ends", "integer"),
        ("opened", "integer"),
        ("closed", "integer"),
        ("state", "text"),
        ("customer", "text"),
        ("actor", "text"),
        ("channel", "text"),
        ("touch", "integer"),
        ("sources", "text"),
    ),
    key=("kind", "subject", "item", "since", "known_from"),
    indexes=(("kind", "opened"), ("kind", "closed", "ends")),
    closes=("kind", "subject", "item", "since"),
)
"""A row holds from the moment `since` until `ends`; `opened` and `closed` are days as ordinals, `closed` null before it.

`subject` is the stream in which the record was opened and `item` its number there, empty for a subject that is one record
itself. `customer` is the one it belongs to, whatever that was merged into later; null for what belongs to none. A
follow-up has its `channel`, and says whether it was a `touch` (1 or 0): what is counted by the thousand is counted without
its words. `sources`
are the positions of the events that the row rests on and of their corrections, as a JSON list.
"""
