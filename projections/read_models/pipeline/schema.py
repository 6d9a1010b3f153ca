"""The tables of the pipeline: opportunities as they stood from a moment on, and who was merged into whom."""

from __future__ import annotations

from typing import Final

from projections.engine.projection import Table

OPPORTUNITIES: Final = Table(
    name="opportunities",
    columns=(
        ("opportunity", "text"),
        ("since", "integer"),
        ("step", "integer"),
        ("known_from", "integer"),
        ("known_to", "integer"),
        ("ends", "integer"),
        ("status", "text"),
        ("owner", "text"),
        ("customer", "text"),
        ("company", "text"),
        ("name", "text"),
        ("stage", "text"),
        ("amount", "integer"),
        ("currency", "text"),
        ("close_date", "text"),
        ("probability", "text"),
        ("opened", "text"),
        ("changed", "text"),
        ("valued", "integer"),
    ),
    key=("opportunity", "since", "step", "known_from"),
    indexes=(("status", "ends", "known_to"), ("since",)),
    closes=("opportunity", "since", "step"),
)
"""An opportunity stood like this from the moment `since`, by the event at position `step`, until `ends`.

`step` is an event of the opportunity or, while it is open, of its customer: another owner or another name. Of several
that count from one moment all but the last end where they begin. `customer` is the one that the opportunity was opened
for, `company` its name then, `owner` its owner on that day ('' for nobody). `status` is open, won or lost; `amount` is
in ten-thousandths, and `valued` the position of the event that it rests on. `opened` and `changed` are the business
times of the opening and of the opportunity's own last event.
"""


def of_customers(name: str, value: str) -> Table:
    """Return a table of one `value` of each customer, from the moment `since` on, by the event at position `step`."""
    columns = ("step", "integer"), ("known_from", "integer"), ("known_to", "integer"), (value, "text")
    return Table(
        name=name,
        columns=(("customer", "text"), ("since", "integer"), *columns),
        key=("customer", "since", "step", "known_from"),
        closes=("customer", "since", "step"),
    )


MERGES: Final = of_customers("merges", "survivor")
"""A lead was merged into `survivor`: from then on its opportunities are shown there."""

SURVIVORS: Final = of_customers("survivors", "company")
"""What a customer into which leads were merged was called from a moment on."""
