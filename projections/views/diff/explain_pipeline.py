"""Which events changed which field of an open opportunity: read from the steps of the pipeline's own table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.kernel.types import OWNING
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.views.diff.compare import Difference
from projections.views.diff.context_events import meanwhile, moves
from projections.views.diff.events import REWRITING, Told, likely, told
from projections.views.diff.explain_tracking import Behind
from projections.views.diff.row_history import Source, Step, steps
from projections.views.tracking_events import statements

WORTH: Final = ("amount", "close_date", "probability")
SOURCE: Final = Source(
    "{opportunities} t",
    "t.opportunity",
    ("t.since", "t.step"),
    (
        *("t.status", "t.owner", "t.customer", "t.company", "t.name", "t.stage", "t.amount", "t.currency"),
        *("t.close_date", "t.probability", "t.opened", "t.changed"),
    ),
)
BEARS: Final[Mapping[str, tuple[str, ...]]] = {
    "opportunity.moved": ("stage", "changed"),
    "opportunity.forecast": (*WORTH, "changed"),
    **dict.fromkeys(OWNING, ("owner", "group")),
    "customer.lead_captured": ("owner", "group", "company"),
    "customer.details_changed": ("company",),
}
"""What an event bears on; those that are not listed (opened, lost, won, reopened) bear on the whole row."""


def behind(ask: Ask, differences: Sequence[Difference], before: AsOf, after: AsOf) -> list[Behind]:
    """Return the events behind each difference of the view pipeline."""
    walked = steps(ask, SOURCE, [d.key["id"] for d in differences], before, after)
    found = told(ask, {position for walk in walked.values() for step in walk for position in step.events})
    corrected = {position: of for position, (_, of) in statements(ask, found).items()}
    moved = moves(ask, before, after) if any(d.field == "group" for d in differences) else {}
    made = []
    for each in differences:
        events = _of_steps(each, walked.get(each.key["id"], []), found, corrected)
        if not events and each.field == "group":
            owners = {row["owner"] for row in each.rows if row}
            events = dict.fromkeys(position for owner in owners for position in moved.get(owner, ()))
        made.append(events or _of_customers(ask, each, before, after))
    return made


def _of_steps(
    each: Difference, walk: Sequence[Step], found: Mapping[int, Told], corrected: Mapping[int, Any]
) -> Behind:
    events: Behind = {}
    for step in walk:
        was, now = (value_of(content, each.field) for content in (step.before, step.after))
        if was == now:
            continue
        bearing = {}
        for position in step.events:
            name = corrected.get(position) or found[position].name
            bearing[position] = each.field in BEARS.get(name, (each.field,))
        made = likely([found[position] for position in step.events], step.moment, bearing)
        share = (now or 0) - (was or 0) if each.field == "amount" and len(made) == 1 else None
        for position in made:
            before = events.get(position)
            events[position] = share if before is None else before + (share or 0)
    return events


def _of_customers(ask: Ask, each: Difference, before: AsOf, after: AsOf) -> Behind:
    """Return what happened meanwhile to the customers under whose names it stood: merges, if there were any."""
    customers = [row["customer"] for row in each.rows if row]
    events = told(ask, meanwhile(ask, [*customers, each.key["id"]], before, after))
    merges = [position for position, one in events.items() if one.name in REWRITING]
    return dict.fromkeys(sorted(merges or events))


def value_of(content: Mapping[str, Any] | None, field: str) -> Any:
    """Return what a row of the table says of a field; None where nothing is open."""
    if content is None or content["status"] != "open":
        return None
    if field == "amount":
        return content["amount"]
    return content["owner" if field == "group" else field]
