"""Which events changed which field of a customer's row: read from the steps of the tracking table itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.views.diff.compare import MONEY, Difference
from projections.views.diff.context_events import learned, meanwhile, moves
from projections.views.diff.events import Told, likely, told
from projections.views.diff.row_history import Source, Step, steps
from projections.views.tracking_events import bears_on, statements

Behind = dict[int, int | None]
"""Position of an event -> its share of the difference in ten-thousandths, or None where a share makes no sense."""

SOURCE: Final = Source(
    "{tracked} c CROSS JOIN {tracking} t CROSS JOIN {tracking_once} f",
    "c.customer",
    ("t.since",),
    (
        *("f.company", "f.industry", "f.size", "f.contact", "f.pain_points", "t.stage", "f.channel", "f.campaign"),
        *(
            "t.grade",
            "t.owner",
            "t.last_contact",
            "t.next_actions",
            "t.objections",
            "t.amounts",
            "f.filled",
            "f.fields",
        ),
    ),
    "t.number = c.number AND f.number = c.number AND f.once = t.once",
)
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "group": ("owner",),
    "next_action": ("next_actions",),
    "next_due": ("next_actions",),
    "open_objections": ("objections",),
    "completeness": ("filled", "fields"),
}
"""What of the table a field is made of, where its column has another name."""


def behind(ask: Ask, differences: Sequence[Difference], before: AsOf, after: AsOf) -> list[Behind]:
    """Return the events behind each difference of the view tracking."""
    walked = steps(ask, SOURCE, [d.key["id"] for d in differences], before, after)
    found = told(ask, {position for walk in walked.values() for step in walk for position in step.events})
    stated = statements(ask, found) if before.position == after.position else {}
    moved = moves(ask, before, after) if any(d.field == "group" for d in differences) else {}
    calendars = learned(ask, "calendars", before, after)
    made = []
    for each in differences:
        events = _of_steps(each, walked.get(each.key["id"], []), found, stated)
        if not events and each.field in ("next_due", "next_action"):
            events = dict.fromkeys(calendars)
        if not events and each.field == "group":
            owners = {row["owner"] for row in each.rows if row}
            events = dict.fromkeys(position for owner in owners for position in moved.get(owner, ()))
        made.append(events or dict.fromkeys(meanwhile(ask, [each.key["id"]], before, after)))
    return made


def _of_steps(each: Difference, walk: Sequence[Step], found: Mapping[int, Told], stated: Mapping[int, Any]) -> Behind:
    events: Behind = {}
    for step in walk:
        was, now = (value_of(content, each) for content in (step.before, step.after))
        if was == now:
            continue
        bearing = {position: _bears(each.field, found[position], stated.get(position)) for position in step.events}
        made = likely([found[position] for position in step.events], step.moment, bearing)
        share = (now or 0) - (was or 0) if each.field in MONEY and len(made) == 1 else None
        for position in made:
            before = events.get(position)
            events[position] = share if before is None else before + (share or 0)
    return events


def _bears(field: str, one: Told, stated: tuple[list[str], str | None] | None) -> bool:
    """Say whether an event can have made a step of a field; what a draft says counts from the signing."""
    return one.name != "contract.drafted" and field in bears_on(one.name, *(stated or ((), None)))


def value_of(content: Mapping[str, Any] | None, each: Difference) -> Any:
    """Return what a row of the table says of a field; None where there is no customer."""
    if content is None or not content["stage"]:
        return None
    if each.field in MONEY:
        sums = json.loads(content["amounts"] or "{}").get(each.key["currency"])
        return sums[MONEY.index(each.field)] if sums else 0
    told = tuple(content[column] for column in COLUMNS.get(each.field, (each.field,)))
    return told if any(told) else None
