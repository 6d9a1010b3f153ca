"""The tables of holdings: how each customer was held from a moment on, and what it was graded."""

from __future__ import annotations

from typing import Final

from projections.engine.projection import Table

HOLDINGS: Final = Table(
    name="holdings",
    columns=(
        ("number", "integer"),
        ("since", "integer"),
        ("known_from", "integer"),
        ("known_to", "integer"),
        ("ends", "integer"),
        ("owner", "text"),
        ("held", "integer"),
        ("former", "text"),
        ("untouched", "integer"),
        ("protected", "integer"),
        ("brought", "text"),
        ("reason", "text"),
        ("freed", "text"),
        ("sources", "text"),
    ),
    key=("number", "since", "known_from"),
    closes=("number", "since"),
)
"""A row holds from the moment `since` until `ends`; `number` is the position of the customer's capture, the days are ordinals.

`held` is the day from which the owner, or nobody after `former`, has had the customer; `untouched` the day of the last change
of owner, no touch of the customer is among it; `protected` the last day of a protection. `brought` is the name and `reason` the
reason of the event by which the customer came to nobody last, and `freed` its position and those of its corrections;
`sources` are all positions, both as JSON lists.
"""

GRADINGS: Final = Table(
    name="gradings",
    columns=(
        ("number", "integer"),
        ("day", "integer"),
        ("position", "integer"),
        ("known_from", "integer"),
        ("known_to", "integer"),
        ("moment", "integer"),
        ("grade", "text"),
        ("need_fit", "text"),
        ("budget", "text"),
        ("decision_chain", "text"),
        ("override", "integer"),
        ("unmet", "text"),
        ("actor", "text"),
        ("reason", "text"),
        ("sources", "text"),
    ),
    key=("number", "day", "position", "known_from"),
    closes=("number", "day", "position"),
)
"""A grading as it stands: given on `day` at `moment` by the event at `position`. `unmet` is a JSON list, null for an empty one."""
