"""The tables of progress: dated facts, and targets as they stood from a moment on."""

from __future__ import annotations

from typing import Final

from projections.engine.projection import Table

FACTS: Final = Table(
    name="facts",
    columns=(
        ("measure", "text"),
        ("day", "integer"),
        ("customer", "text"),
        ("source", "integer"),
        ("since", "integer"),
        ("known_from", "integer"),
        ("known_to", "integer"),
        ("owner", "text"),
        ("ends", "integer"),
        ("amount", "integer"),
        ("currency", "text"),
        ("by_day", "text"),
    ),
    key=("measure", "day", "customer", "source", "since", "known_from"),
    closes=("measure", "day", "customer", "source", "since"),
)
"""A fact counts on `day` (an ordinal) for `owner` ('' for nobody), from the moment `since` until `ends`.

`source` is the position of the event that makes it; `amount` is in ten-thousandths for money and 1 for a count. What
makes a contract effective is a new customer's where its `amount`, the months since the contract before it, is above the
window. Measures: signed, collected, invoiced, delivered, leads, valid-leads, follow-ups, new-customers; contract (an
effective one: a signing, or an order under a framework) and key-account (graded key) carry no amount and answer the
repurchase rate, for the customer into which others were merged. `by_day` is the last owner of the day ('' for nobody),
null where that is the owner: what was closed when facts counted for that one is made again by it.
"""

TARGETS: Final = Table(
    name="targets",
    columns=(
        ("target", "text"),
        ("since", "integer"),
        ("known_from", "integer"),
        ("known_to", "integer"),
        ("metric", "text"),
        ("basis", "text"),
        ("period", "text"),
        ("owner", "text"),
        ("parent", "text"),
        ("state", "text"),
        ("value", "text"),
        ("original", "text"),
        ("currency", "text"),
        ("comparator", "text"),
        ("allocations", "text"),
    ),
    key=("target", "since", "known_from"),
    indexes=(("period",),),
    closes=("target", "since"),
)
