"""Questions to the tracking table: its rows as of a moment, as they were known at another."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
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
FROM {tracked} c CROSS JOIN {tracking} t
WHERE t.customer = c.customer
 AND t.since = (SELECT r.since FROM {tracking} r WHERE r.customer = c.customer AND r.since <= ?
                AND r.known_from <= ? AND r.known_to > ? ORDER BY r.since DESC LIMIT 1)
 AND t.known_from <= ? AND t.known_to > ?
 AND c.position <= ? AND t.stage <> ''
"""
MANY: Final = 5_000
COLUMNS: Final = ("stage", "grade", "channel", "campaign", "industry")
OF_OWNERS: Final = """ AND t.owner IN ({marks})
 AND c.customer IN (SELECT o.customer FROM {{tracking}} o WHERE o.owner IN ({marks}))"""


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
    asked = dict(wanted or {})
    sql, params = _narrowed(asked, moments, organisation)
    if customer:
        sql, params = f"{sql} AND c.customer = ?", [*params, customer]
    found = ask(f"{ROWS}{sql} ORDER BY c.position", (moments.micros, *known, *known, moments.position, *params))
    shown: list[dict[str, Any]] = []
    due, files, loads = _due_on(organisation.calendar), Files(organisation, moments.day), _reader(len(found))
    for row in found:
        several = _by_currency(_row(row, due, files, loads), row[14] and loads(row[14]), currency)
        shown += several if not asked else [e for e in several if all(e.get(n) == v for n, v in asked.items())]
    return shown


def _narrowed(
    asked: dict[str, str | None], moments: Moments, organisation: Organisation
) -> tuple[str, list[str | None]]:
    """Return the conditions that the database can answer, with their parameters, and take them out of `asked`."""
    sql, params = "", []
    for name in COLUMNS:
        if asked.get(name) is not None:
            sql += f" AND t.{name} = ?"
            params.append(asked.pop(name))
    owners = [asked.pop("owner")] if asked.get("owner") is not None else None
    if owners is None and asked.get("group") is not None:
        members = organisation.memberships()
        owners = [login for login in members if organisation.group_of(login, moments.day) == asked["group"]]
    if owners:
        sql += OF_OWNERS.format(marks=", ".join("?" * len(owners)))
        params += [*owners, *owners]
    return sql, params


class Files:
    """What many rows share, reckoned once: the group of an owner, and the share of a file that is filled."""

    def __init__(self, organisation: Organisation, day: date) -> None:
        self._organisation, self._day = organisation, day
        self._groups: dict[str | None, str | None] = {None: None}
        self._shares: dict[tuple[int, int], str | None] = {}

    def group(self, owner: str | None) -> str | None:
        if owner not in self._groups:
            self._groups[owner] = self._organisation.group_of(owner or "", self._day)
        return self._groups[owner]

    def share(self, filled: int, fields: int) -> str | None:
        known = (filled, fields)
        if known not in self._shares:
            self._shares[known] = _text(ratio(filled, fields))
        return self._shares[known]


def _reader(rows: int) -> Callable[[str], Any]:
    """Return what reads the JSON in the cells of that many rows; orjson pays only from a few thousand on."""
    if rows < MANY:
        return json.loads
    import orjson

    return orjson.loads  # type: ignore[no-any-return,unused-ignore]


def _row(
    row: tuple[Any, ...], due: Callable[[list[Any]], date], files: Files, loads: Callable[[str], Any]
) -> dict[str, Any]:
    actions = sorted(((due(a), a[1]) for a in loads(row[12])), key=lambda a: a[0]) if row[12] else []
    objections = [
        {"item": item, "kind": kind, "since": since} for item, kind, since in (loads(row[13]) if row[13] else ())
    ]
    return {
        "id": row[0],
        "company": row[1],
        "industry": row[2],
        "size": row[3],
        "contact": row[4],
        "pain_points": loads(row[5]) if row[5] else [],
        "stage": row[6],
        "channel": row[7],
        "campaign": row[8],
        "grade": row[9],
        "owner": row[10],
        "group": files.group(row[10]),
        "last_contact": row[11],
        "next_action": actions[0][1] if actions else None,
        "next_due": actions[0][0].isoformat() if actions else None,
        "open_objections": objections,
        "expected": None,
        "signed": None,
        "collected": None,
        "currency": None,
        "completeness": files.share(row[15], row[16]),
    }


def _by_currency(made: dict[str, Any], amounts: dict[str, list[int]] | None, currency: str) -> list[dict[str, Any]]:
    sums = amounts or {currency: [0, 0, 0]}
    several = []
    for each in sorted(sums, key=lambda c: (c != currency, c)) if len(sums) > 1 else sums:
        row = dict(made) if len(sums) > 1 else made
        row["expected"], row["signed"], row["collected"] = map(_amount, sums[each])
        row["currency"] = each
        several.append(row)
    return several


@lru_cache(maxsize=4096)
def _amount(whole: int) -> str:
    return format(from_units(whole), "f")


def _due_on(calendar: Callable[[], WorkCalendar]) -> Callable[[list[Any]], date]:
    """Return how a next action's due day is reckoned; the calendar is read only if some deadline needs it."""

    known: dict[tuple[str | None, int | None, str | None], date] = {}

    def due(action: list[Any]) -> date:
        fixed, working_days, counted_from = when = tuple(action[2:])
        if when not in known:
            counted = fixed is None
            known[when] = (
                calendar().deadline(date.fromisoformat(counted_from), working_days)
                if counted
                else date.fromisoformat(fixed)
            )
        return known[when]

    return due


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
