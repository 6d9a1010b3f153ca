"""Records as they stood, whosever they are: what their rows tell, and nothing of the customers that they may belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from projections.engine.as_of import AsOf
from projections.engine.json import reader
from projections.engine.projection import Ask
from projections.queries.customer_records import closing_of
from projections.queries.customers import survivors
from projections.queries.dates import day_of

ROWS: Final = """
SELECT r.kind, r.subject, r.item, r.customer, r.state, r.opened, r.closed, r.position, r.actor, r.said, r.steps, r.sources
FROM {{records}} r WHERE r.kind IN ({kinds}) AND r.since <= ? AND r.ends > ? AND r.known_from <= ? AND r.known_to > ?{only}
ORDER BY +r.opened, r.position
"""


class Stood(NamedTuple):
    """A record as it stood; `customer` is the one it belongs to, merges followed, None for what belongs to none."""

    kind: str
    subject: str
    item: str
    customer: str | None
    state: str
    opened: date
    closed: date | None
    position: int
    actor: str
    said: Mapping[str, Any]
    steps: Sequence[Sequence[Any]]
    sources: str

    @property
    def timing(self) -> Mapping[str, Any]:
        """What was told last of when it is due."""
        return self.said

    @property
    def closing(self) -> int:
        """The position of the last event that plays a part in it."""
        return closing_of(self.position, self.steps)


def stood(ask: Ask, moments: AsOf, *kinds: str, still_open: bool = False) -> list[Stood]:
    """Return the records of some kinds, the first opened first; asks records and pipeline.

    `still_open` keeps those not closed by then.
    """
    marks = ", ".join("?" * len(kinds))
    known = (moments.micros, moments.micros, moments.position, moments.position)
    rows = ask(ROWS.format(kinds=marks, only=" AND +r.closed IS NULL" if still_open else ""), (*kinds, *known))
    loads, merged = reader(len(rows)), survivors(ask, moments) if any(row[3] for row in rows) else {}
    new = tuple.__new__
    return [
        new(Stood, (
            kind, subject, item, merged.get(customer, customer), state, day_of(opened), day_of(closed) if closed else None,
            position, actor, loads(said), loads(steps) if steps else (), sources,
        ))
        for kind, subject, item, customer, state, opened, closed, position, actor, said, steps, sources in rows
    ]  # fmt: skip
