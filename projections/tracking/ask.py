"""Questions to the tracking table: its rows as of a moment, as they were known at another."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from domain.money import from_units, ratio
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask

if TYPE_CHECKING:
    from domain.calendar import WorkCalendar

ROWS: Final = """
SELECT t.customer, t.company, t.industry, t.size, t.contact, t.pain_points, t.stage, t.channel, t.campaign, t.grade,
       t.owner, t.last_contact, t.next_actions, t.objections, t.amounts, t.filled, t.fields, t.duplicates
FROM {tracked} c JOIN {tracking} t ON t.customer = c.customer
 AND t.since = (SELECT r.since FROM {tracking} r WHERE r.customer = c.customer AND r.since <= ?
                AND r.known_from <= ? AND r.known_to > ? ORDER BY r.since DESC LIMIT 1)
 AND t.known_from <= ? AND t.known_to > ?
WHERE c.position <= ? AND t.stage <> ''
"""


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    *,
    currency: str,
    wanted: Mapping[str, str | None] | None = None,
    customer: str | None = None,
) -> list[dict[str, Any]]:
    """Return the tracking rows, the customer first captured first.

    `wanted` keeps the rows whose value equals the given one (stage, grade, owner, group, channel, ...); `customer` asks
    for a single one. A customer with contracts in several currencies has a row for each.
    """
    known = (moments.position, moments.position)
    params: tuple[Any, ...] = (moments.micros, *known, *known, moments.position)
    sql = ROWS
    if customer:
        sql, params = sql + " AND c.customer = ?", (*params, customer)
    found = ask(sql + " ORDER BY c.position", params)
    shown: list[dict[str, Any]] = []
    due = _due_on(organisation.calendar)
    for row in found:
        made = _row(row, organisation, moments, due)
        several = _by_currency(made, row[14], currency)
        shown += several if not wanted else [e for e in several if all(e.get(n) == v for n, v in wanted.items())]
    return shown


def _row(
    row: tuple[Any, ...], organisation: Organisation, moments: Moments, due: Callable[[list[Any]], date]
) -> dict[str, Any]:
    actions = sorted(((due(a), a[1]) for a in json.loads(row[12])), key=lambda a: a[0]) if row[12] else []
    objections = [
        {"item": item, "kind": kind, "since": since} for item, kind, since in (json.loads(row[13]) if row[13] else ())
    ]
    return {
        "id": row[0],
        "company": row[1],
        "industry": row[2],
        "size": row[3],
        "contact": row[4],
        "pain_points": json.loads(row[5]) if row[5] else [],
        "stage": row[6],
        "channel": row[7],
        "campaign": row[8],
        "grade": row[9],
        "owner": row[10],
        "group": organisation.group_of(row[10], moments.day) if row[10] else None,
        "last_contact": row[11],
        "next_action": actions[0][1] if actions else None,
        "next_due": actions[0][0].isoformat() if actions else None,
        "open_objections": objections,
        "expected": None,
        "signed": None,
        "collected": None,
        "currency": None,
        "completeness": _text(ratio(row[15], row[16])),
    }


def _by_currency(made: dict[str, Any], amounts: str | None, currency: str) -> Iterable[dict[str, Any]]:
    sums: dict[str, list[int]] = json.loads(amounts) if amounts else {currency: [0, 0, 0]}
    for each in sorted(sums, key=lambda c: (c != currency, c)):
        expected, signed, collected = (format(from_units(whole), "f") for whole in sums[each])
        yield {**made, "expected": expected, "signed": signed, "collected": collected, "currency": each}


def _due_on(calendar: Callable[[], WorkCalendar]) -> Callable[[list[Any]], date]:
    """Return how a next action's due day is reckoned; the calendar is read only if some deadline needs it."""

    def due(action: list[Any]) -> date:
        _, _, fixed, working_days, counted_from = action
        if fixed:
            return date.fromisoformat(fixed)
        return calendar().deadline(date.fromisoformat(counted_from), working_days)

    return due


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
