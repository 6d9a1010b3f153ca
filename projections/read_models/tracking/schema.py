"""The columns of the tracking table."""

from __future__ import annotations

from typing import Final

from projections.engine.projection import Table

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

GRADED: Final = Table(
    name="graded",
    columns=(
        *(("number", "integer"), ("since", "integer"), ("known_from", "integer"), ("known_to", "integer")),
        *(("ends", "integer"), ("day", "integer"), ("begun", "integer"), ("grade", "text"), ("owner", "text")),
        *(("customer", "text"), ("company", "text")),
    ),
    key=("number", "since", "known_from"),
    indexes=(("owner", "number"),),
    closes=("number", "since"),
)
"""A customer that was ever graded had this grade, this owner and this name from the moment `since` until `ends`.

`day` is the day of `since`, `begun` the one since which it has had the grade without a break, as it stood on `day`. No grade
where it is to be met no more (lost, invalid); no company where it is a customer no more (merged into another).
"""

FILES: Final = Table(
    name="files",
    columns=(
        *(("number", "integer"), ("since", "integer"), ("known_from", "integer"), ("known_to", "integer")),
        *(("ends", "integer"), ("owner", "text"), ("filled", "integer"), ("fields", "integer"), ("kept", "integer")),
    ),
    key=("number", "since", "known_from"),
    closes=("number", "since"),
)
"""Of a customer that has an owner so many fields of the file were filled, of so many; `kept` is 0 of a lost or invalid one."""
