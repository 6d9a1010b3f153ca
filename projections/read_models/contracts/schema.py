"""The tables of contracts: each as it stood from a moment on, the parts in which it is paid, and what was ordered under it."""

from __future__ import annotations

from typing import Final

from projections.engine.projection import Table

SHOWN: Final = (
    ("number", "text"),
    ("customer", "text"),
    ("kind", "text"),
    ("state", "text"),
    ("signed_on", "text"),
    ("owner", "text"),
    ("amount", "text"),
    ("value", "text"),
    ("currency", "text"),
    ("approved_by", "text"),
    ("reviews", "text"),
    ("place", "text"),
    ("collected", "text"),
    ("collected_share", "text"),
    ("outstanding", "text"),
    ("overpaid", "text"),
    ("invoiced", "text"),
    ("delivered", "text"),
    ("accepted", "text"),
    ("deliveries", "integer"),
    ("not_accepted", "text"),
)
CONTRACTS: Final = Table(
    name="contracts",
    columns=(
        ("begun", "integer"),
        ("since", "integer"),
        ("known_from", "integer"),
        ("known_to", "integer"),
        *SHOWN,
        ("owed", "integer"),
        ("signing", "integer"),
        ("signed_day", "integer"),
        ("parts", "integer"),
        ("sources", "text"),
    ),
    key=("begun", "since", "known_from"),
    closes=("begun", "since"),
)
"""A contract stood like this from the moment `since` on, until its next row; `begun` is the position of its first event.

The columns are as the ledger shows them; `reviews` and `not_accepted` are JSON lists, null where there is nothing.
`owner` is who owns it by its own events, null where that is its customer's owner: once it is signed the one to whom the
signing is credited, which is the fact of the event at position `signing` on the day `signed_day` (an ordinal). `owed` is 1
where something is outstanding, -1 where more has come in than it is worth, else 0. `parts` says which of its parts hold:
those `since` then. `sources` are the positions of the events behind the row and of what corrects them, as a JSON list.
"""

BEGUN: Final = Table(
    name="contracted",
    columns=(("begun", "integer"), ("contract", "text")),
    key=("begun",),
    indexes=(("contract",),),
)
"""The contracts there are."""

NAMES: Final = Table(
    name="contract_names",
    columns=(("subject", "text"), ("begun", "integer")),
    key=("subject", "begun"),
)
"""Which contracts have ever named a customer as theirs, or a person as their owner: where to look for whose is whose."""

PARTS: Final = Table(
    name="contract_parts",
    columns=(
        ("begun", "integer"),
        ("since", "integer"),
        ("turn", "integer"),
        ("known_from", "integer"),
        ("known_to", "integer"),
        ("contract", "text"),
        ("part", "text"),
        ("instalment", "integer"),
        ("due", "text"),
        ("amount", "text"),
        ("invoiced", "text"),
        ("received", "text"),
        ("outstanding", "text"),
        ("overpaid", "text"),
        ("owed", "integer"),
        ("promised", "text"),
        ("promise_due", "text"),
        ("kept", "integer"),
    ),
    key=("begun", "since", "turn", "known_from"),
    closes=("begun", "since", "turn"),
)
"""What of a contract is to come in at once, in its `turn`: an instalment, the rest that no schedule speaks of, or a surplus.

The parts of one `since` belong together, and hold for the contract's rows that name it. `owed` is 1 where something is
outstanding, -1 of a surplus, which is overpaid. A promise that stands beside the part is `kept` (1), or open until the day it
names and broken from then on.
"""

ORDERS: Final = Table(
    name="contract_orders",
    columns=(
        ("begun", "integer"),
        ("placed", "integer"),
        ("since", "integer"),
        ("known_from", "integer"),
        ("known_to", "integer"),
        ("contract", "text"),
        ("item", "text"),
        ("number", "text"),
        ("amount", "text"),
        ("date", "text"),
    ),
    key=("begun", "placed", "since", "known_from"),
    closes=("begun", "placed", "since"),
)
"""What was ordered under a framework, by the event at position `placed`, from the moment `since` on."""
