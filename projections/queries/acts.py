"""What was done with customers: their events of some names as they stood and were known, read from the log itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from domain.calendar.moment import local_text
from domain.kernel.json_form import lifted
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import chunks
from projections.queries.events import event

ACTS: Final = """
SELECT l.position, l.event_id, l.name, l.stream, l.schema, l.occurred, l.actor, l.reason, a.day, l.data
FROM {{log}} l JOIN {{audit_entries}} a ON a.position = l.position
WHERE l.stream IN ({marks}) AND l.name IN ({names}) AND l.position <= ? AND a.moment <= ?
"""
CORRECTIONS: Final = """
SELECT c.corrected, l.position, l.event_id, l.name, l.stream, l.data
FROM {{audit_corrections}} c JOIN {{log}} l ON l.position = c.position
WHERE c.corrected IN ({marks}) AND c.position <= ? ORDER BY c.position
"""


class Act(NamedTuple):
    """An event of a customer as it stood: `values` are its data with corrections applied, `events` it and those."""

    position: int
    name: str
    customer: str
    day: date
    occurred: str
    actor: str
    reason: str | None
    values: Mapping[str, Any]
    events: Sequence[dict[str, Any]]


def acts(ask: Ask, moments: AsOf, customers: Iterable[str], names: Sequence[str]) -> dict[str, list[Act]]:
    """Return the standing events of these names by customer, in the order of their days, of one day in recorded order.

    Asks the audit. A person's data in the values is sealed, as in the log.
    """
    found: dict[int, Act] = {}
    listed = ", ".join("?" * len(names))
    for marks, some in chunks(customers):
        params = (*some, *names, moments.position, moments.micros)
        for row in ask(ACTS.format(marks=marks, names=listed), params):
            found[row[0]] = _act(row, moments)
    for marks, some in chunks(found):
        for corrected, *correction, data in ask(CORRECTIONS.format(marks=marks), (*some, moments.position)):
            _correct(found, corrected, correction, json.loads(bytes(data)))
    by_customer: dict[str, list[Act]] = {}
    for act in sorted(found.values(), key=lambda each: (each.day, each.position)):
        by_customer.setdefault(act.customer, []).append(act)
    return by_customer


def _act(row: Sequence[Any], moments: AsOf) -> Act:
    position, identity, name, customer, schema, occurred, actor, reason, day, data = row
    values = lifted(name, schema, json.loads(bytes(data)))
    behind = [event((position, identity, name, customer))]
    at = local_text(occurred, moments.zone)
    return Act(position, name, customer, date.fromordinal(day), at, actor, reason, values, behind)


def _correct(found: dict[int, Act], corrected: int, correction: Sequence[Any], data: Mapping[str, Any]) -> None:
    """Take in what corrects an event; one that is voided goes."""
    act = found.get(corrected)
    if act is None:
        return
    if correction[2] == "event.voided":
        del found[corrected]
    else:
        found[corrected] = act._replace(
            values={**act.values, **data["values"]}, events=[*act.events, event(correction[:4])]
        )
