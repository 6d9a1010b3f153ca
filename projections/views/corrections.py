"""Corrections: what was corrected or withdrawn in a period or of it, by whom, why, and what it moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from domain.calendar.moment import local_text
from domain.calendar.period import Period
from domain.kernel.money import from_units
from projections.engine.as_of import AsOf
from projections.engine.json import reader
from projections.engine.projection import Ask
from projections.queries.customers import belonging
from projections.queries.events import event
from projections.queries.organisation import Organisation
from projections.views.column import Change, Column, Note, Row, only_json
from projections.views.columns import (
    COMPANY,
    ENTRY_CUSTOMER,
    EVENT_ID,
    EVENT_NAME,
    EVENT_SUBJECT,
    POSITION,
    RECORDED,
)
from projections.views.progress.actuals import LINES, counted_by
from projections.views.progress.custom_metrics import as_facts, metric_of
from projections.views.spec import Query, View, view

CORRECTIONS: Final = """
WITH near (position, corrected) AS (
  SELECT c.position, c.corrected FROM {audit_entries} e CROSS JOIN {audit_corrections} c
  WHERE e.day BETWEEN ? AND ? AND c.position = e.position
  UNION
  SELECT c.position, c.corrected FROM {audit_entries} e CROSS JOIN {audit_corrections} c
  WHERE e.day BETWEEN ? AND ? AND c.corrected = e.position)
SELECT l.position, l.event_id, l.name, l.stream, l.occurred, l.recorded, l.actor, l.recorder, l.reason, a.changes,
       w.position, w.event_id, w.name, w.stream, w.actor, o.day
FROM near n CROSS JOIN {audit_entries} a CROSS JOIN {audit_entries} o CROSS JOIN {log} l CROSS JOIN {log} w
WHERE a.position = n.position AND o.position = n.corrected AND l.position = n.position AND w.position = n.corrected
 AND n.position <= ? AND o.moment <= ? ORDER BY n.position
"""
MOVED: Final = """
SELECT f.measure, f.owner, f.currency, f.known_from, f.known_to, {counted} FROM {facts} f
WHERE f.day BETWEEN ? AND ? AND f.since <= ? AND f.ends > ?
 AND (f.known_from IN (SELECT c.position FROM {{audit_corrections}} c WHERE c.position BETWEEN ? AND ?)
   OR f.known_to IN (SELECT c.position FROM {{audit_corrections}} c WHERE c.position BETWEEN ? AND ?))
"""


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period,
    *,
    currency: str = "",
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return what was corrected or withdrawn in a period or of its events, in the order in which it was recorded.

    `moved` says what it added to or took from the measures of the period, by owner (null: nobody's).
    """
    first, last = period.first.toordinal(), period.last.toordinal()
    days = (first, last, first, min(last, moments.day.toordinal()))  # what is corrected had happened by then
    found = ask(CORRECTIONS, (*days, moments.position, moments.micros))
    moved = _moves(ask, moments, organisation, period, (found[0][0], found[-1][0])) if found else {}
    customers, known = belonging(ask, moments, (row[3] for row in found))
    read = reader(len(found))
    shown = []
    for row in found:
        position, identity, name, subject, occurred, recorded, actor, recorder, reason, changes, *original = row
        corrects, _, corrected_name, corrected_subject, corrected_actor, ordinal = original
        customer = customers.get(subject)
        told = {
            "position": position,
            "event": identity,
            "name": name,
            "subject": subject,
            "customer": customer,
            "company": known[customer].company if customer in known else None,
            "occurred": local_text(occurred, moments.zone),
            "recorded": local_text(recorded, moments.zone),
            "by": actor,
            "recorder": recorder,
            "reason": reason,
            "corrects": corrects,
            "corrected_name": corrected_name,
            "corrected_day": date.fromordinal(ordinal).isoformat(),
            "corrected_by": corrected_actor,
            "changes": [{"field": field, "from": old, "to": new} for field, old, new in read(changes)],
            "moved": moved.get(position, []),
        }
        if explain:
            behind = ([*original[:3], corrected_subject], (position, identity, name, subject))
            told["events"] = [event(each) for each in behind]
        shown.append(told)
    return shown


def _moves(
    ask: Ask, moments: AsOf, organisation: Organisation, period: Period, between: tuple[int, int]
) -> dict[int, list[dict[str, Any]]]:
    """Return what each correction between two positions added to the measures of a period, of whom, in which currency."""
    measures = sorted({measure for *_, measure in LINES if measure})
    house = f"(SELECT * FROM {{facts}} WHERE measure IN ({', '.join('?' * len(measures))}))"
    asked = [(house, tuple(measures), counted_by(organisation))]
    if own := as_facts(organisation, period):
        asked.append((f"({own.sql})", own.params, "f.amount"))
    last = min(period.last, moments.day).toordinal()
    sums: dict[int, dict[tuple[str, str, str], int]] = {}
    within = (period.first.toordinal(), last, moments.micros, moments.micros, *between, *between)
    for facts, params, counted in asked:
        for measure, owner, currency, brought, closed, amount in ask(
            MOVED.format(facts=facts, counted=counted), (*params, *within)
        ):
            for position, signed in ((brought, amount), (closed, -amount)):
                place = sums.setdefault(position, {})
                key = (metric_of(measure), owner or "", currency)
                place[key] = place.get(key, 0) + int(signed)
    return {position: _moved(place) for position, place in sums.items()}


def _moved(place: Mapping[tuple[str, str, str], int]) -> list[dict[str, Any]]:
    return [
        {
            "measure": measure,
            "owner": owner or None,
            "amount": format(from_units(amount), "f") if currency else str(amount),
            "currency": currency or None,
        }
        for (measure, owner, currency), amount in sorted(place.items())
        if amount
    ]


def _moves_told(row: Row) -> list[Note]:
    """Return what a correction moved as a reader takes it in: sales +720,000 CNY (zhang.san)."""
    return [_move_told(part) for part in row["moved"]]


def _move_told(part: Mapping[str, Any]) -> Note:
    facts = {"measure": part["measure"], "owner": part["owner"] or Note("nobody")}
    if part["currency"] is None:
        return Note(COUNT, {**facts, "change": f"{int(part['amount']):+,}"})
    return Note(MONEY, {**facts, "change": Change(part["amount"]), "currency": part["currency"]})


COUNT: Final = "{measure} {change} ({owner})"
MONEY: Final = "{measure} {change} {currency} ({owner})"
"""What is moved, which is the same in every language."""


@view(
    "corrections",
    title="Corrections",
    about="A row a correction or withdrawal, in log order.",
    asked="sales corrections --period 2024Q1 --json",
    example="sales corrections --period 2024Q1",
    needs=("audit", "progress", "tracking", "pipeline", "records", "organisation"),
    key=("position",),
    period="present",
)
class Corrections(View):
    """Show what was corrected or withdrawn in a period or of its events: from what to what, by whom, why, and what it moved."""

    COLUMNS = (
        COMPANY,
        Column("changes", "Changes", "list", meaning="Each `field` with `from` and `to`; a withdrawal leaves null."),
        Column(
            "moved", "What it moved", "list", text=_moves_told,
            meaning="What it added to or took from the period: `measure`, `owner` (null for nobody), `amount`, `currency`.",
        ),
        Column("by", "By", meaning="Who corrected.", form="login"),
        Column("reason", "Reason", meaning="Why."),
        RECORDED,
        Column(
            "corrects", "Corrects", "count",
            meaning="The position of the event that was corrected or withdrawn.",
        ),
        POSITION,
        Column("corrected_name", "Corrected event", wide=True, meaning="The name of the event that was corrected."),
        Column("corrected_day", "Corrected day", "date", wide=True, meaning="Its day."),
        Column("corrected_by", "Original by", wide=True, meaning="Whose act it was.", form="login"),
        EVENT_NAME._replace(wide=True),
        EVENT_SUBJECT._replace(wide=True),
        EVENT_ID,
        ENTRY_CUSTOMER,
        only_json("occurred", "date or time", "When it happened."),
        only_json("recorder", "login", "Who entered it."),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        return rows(q.ask, q.moments, q.organisation, q.in_period, explain=q.explain)
