"""The events behind the numbers of progress: whose facts make an actual, and what set its target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from domain.calendar.moment import instant
from domain.calendar.period import Period
from domain.kernel.money import from_units
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.events import event
from projections.queries.organisation import Organisation
from projections.queries.targets import targets
from projections.views.progress import custom_metrics
from projections.views.progress.actuals import LINES, counted_by, measure_behind

FACTS: Final = """
SELECT f.measure, f.owner, f.day, f.currency, {counted}, l.position, l.event_id, l.name, l.stream
FROM {{facts}} f JOIN {{log}} l ON l.position = f.source
WHERE f.measure IN ({marks}) AND f.day BETWEEN ? AND ? AND f.since <= ? AND f.ends > ?
 AND f.known_from <= ? AND f.known_to > ? ORDER BY f.day, l.position
"""
GRADES: Final = """
SELECT f.measure, f.owner, l.position, l.event_id, l.name, l.stream FROM {facts} f JOIN {log} l ON l.position = f.source
WHERE f.measure = 'key-account' AND f.since < ? AND f.ends >= ? AND f.known_from <= ? AND f.known_to > ?
"""
OF_TARGET: Final = """
SELECT position, event_id, name, stream, occurred FROM {log} WHERE stream = ? AND position <= ? ORDER BY position
"""
SHARES: Final = ("target.allocated", "target.reallocated")


def explain(
    ask: Ask, rows: Sequence[Mapping[str, Any]], period: Period, moments: AsOf, organisation: Organisation
) -> list[dict[str, Any]]:
    """Return the rows, each with `events`: those that its actual sums and those of its target."""
    measures = sorted({measure for *_, measure in LINES if measure} | {"contract"})
    last = min(period.last, moments.day).toordinal()
    known = (moments.position, moments.position)
    found: dict[tuple[str, str, str | None, str], list[dict[str, Any]]] = {}

    def credit(measure: str, owner: str, day: date, currency: str, event: dict[str, Any]) -> None:
        group = organisation.group_of(owner, day) if owner else None
        places = [("company", "company"), ("person", owner or None)]
        places += (("group", code) for code in organisation.above(group)) if group else ()
        for level, name in places:
            found.setdefault((measure, level, name, currency), []).append(event)

    sql = FACTS.format(marks=", ".join("?" * len(measures)), counted=counted_by(organisation))
    within = (*measures, period.first.toordinal(), last, moments.micros, moments.micros, *known)
    for measure, owner, day, currency, amount, *told in ask(sql, within):
        if measure == "new-customers" and not amount:
            continue
        counted = str(amount) if not currency else format(from_units(amount), "f")
        credit(measure, owner, date.fromordinal(day), currency, {**event(told), "amount": counted})
    for measure, owner, on, currency, amount, seen in custom_metrics.behind(ask, period, moments, organisation):
        counted = format(from_units(amount), "f") if currency else str(amount)
        credit(measure, owner, on, currency, {**event(seen), "amount": counted})
    start = instant(period.first.isoformat(), moments.zone)
    for measure, owner, *told in ask(GRADES, (start, start, *known)):
        credit(measure, owner, period.first, "", event(told))
    of_targets = {
        (t.metric, t.basis, t.owner): of_target(ask, t.target, moments)
        for t in targets(ask, moments)
        if t.period == period.name and t.state != "withdrawn"
    }
    return [{**row, "events": _behind(row, found, of_targets)} for row in rows]


def of_target(ask: Ask, target: str, moments: AsOf) -> list[dict[str, Any]]:
    """Return a target's own events up to a moment, as they were known; no step counts before the one it follows.

    A correction counts with what it corrects, whenever it was entered.
    """
    found: list[dict[str, Any]] = []
    reached = 0
    for *told, occurred in ask(OF_TARGET, (target, moments.position)):
        moment, name = instant(occurred, moments.zone), told[2]
        if not name.startswith("target."):
            moment = reached
        elif name not in SHARES:
            reached = moment = max(moment, reached)
        if moment <= moments.micros:
            found.append(event(told))
    return found


def _behind(row: Mapping[str, Any], found: Mapping[Any, list[Any]], of_targets: Mapping[Any, list[Any]]) -> list[Any]:
    measure = measure_behind(row["metric"], row["basis"])
    place = (row["level"], row["owner"])
    if measure is None:
        behind = found.get(("key-account", *place, ""), []) + [
            event for key, events in found.items() if key[:3] == ("contract", *place) for event in events
        ]
    else:
        behind = found.get((measure, *place, row["currency"] or ""), [])
    mine = of_targets.get((row["metric"], row["basis"], row["owner"]))
    if mine is None and row["basis"] == "collected":
        mine = of_targets.get((row["metric"], "signed", row["owner"]))
    return behind + (mine or [])
