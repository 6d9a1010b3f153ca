"""The table of records: each as it stood from a moment on, with what it says, so that a list is one question."""

from __future__ import annotations

from typing import Final

from projections.engine.projection import Table

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
        ("amount", "integer"),
        ("currency", "text"),
        ("position", "integer"),
        ("said", "text"),
        ("steps", "text"),
        ("sources", "text"),
    ),
    key=("kind", "subject", "item", "since", "known_from"),
    indexes=(("kind", "opened"), ("kind", "closed", "ends", "known_to")),
    closes=("kind", "subject", "item", "since"),
)
"""A row holds from the moment `since` until `ends`; `opened` and `closed` are days as ordinals, `closed` null before it.

`subject` is the stream in which the record was opened and `item` its number there, empty for a subject that is one record
itself. `customer` is the one it belongs to, whatever that was merged into later; null for what belongs to none. A
follow-up has its `channel`, and says whether it was a `touch` (1 or 0): what is counted by the thousand is counted without
its words, and so is what is summed: a quote has its `amount` in ten-thousandths and its `currency`.

`position` is that of the event that opened it. `said` is a JSON object of what its events say, the last one's values on top:
of `due` on the one hand, `working_days` and `counted_from` on the other only those told last. `steps` are the events after
the opening, in business order, as a JSON list of [state, position, day, actor, reason, values], null where there are none.
Both hold personal data in the clear. `sources` are the positions of the events that the row rests on and of their
corrections, as a JSON list.
"""
