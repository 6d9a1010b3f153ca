"""What the questions of the bench share: how a customer stood as plain SQL, what SQL can't reckon, and asking a view of everybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.model import Ours, Question
    from domain.calendar.work_calendar import WorkCalendar
    from infra.read_models.connection import ReadConnection
    from infra.store.store import Store
    from projections.engine.as_of import AsOf
    from projections.queries.organisation import Organisation

SIDE = """
{c}.number = {number} AND {t}.number = {c}.number AND {f}.number = {c}.number AND {f}.once = {t}.once
 AND {t}.since = (SELECT r.since FROM {{tracking}} r WHERE r.number = {c}.number AND r.since <= :micros
                  AND r.known_from <= :known AND r.known_to > :known ORDER BY r.since DESC LIMIT 1)
 AND {t}.known_from <= :known AND {t}.known_to > :known AND {t}.stage <> ''
"""
STOOD = "CROSS JOIN {tracking} t CROSS JOIN {tracking_once} f WHERE " + SIDE.format(
    c="c", t="t", f="f", number="c.number"
)
MEMBERS = """
SELECT m.login, m.groups FROM {memberships} m WHERE :day BETWEEN m.first AND m.last AND m.known_from <= :known AND m.known_to > :known
"""
MERGES = "SELECT m.customer, m.survivor FROM {merges} m WHERE m.since <= :micros AND m.known_from <= :known AND m.known_to > :known"
CALENDARS = (
    "SELECT c.year, c.holidays, c.make_up_days FROM {calendars} c WHERE c.known_from <= :known AND c.known_to > :known"
)
POLICIES = "SELECT p.name, p.first, p.content FROM {policies} p WHERE p.known_from <= :known AND p.known_to > :known"
HERE = "strftime('%Y-%m-%dT%H:%M:%f+08:00', l.recorded, '+8 hours')"
"""When something was recorded, as the store's zone has it."""
HELD = "{r}.since <= :micros AND {r}.ends > :micros AND {r}.known_from <= :known AND {r}.known_to > :known"


TOLD = "json_each(r.sources) s CROSS JOIN log l CROSS JOIN {audit_entries} a"
BEHIND = "l.position = s.value AND a.position = l.position"
"""The events behind a record."""
Beside = Callable[[Sequence[tuple[Any, ...]], "WorkCalendar", Mapping[str, Any]], None]
"""What is reckoned of the rows of a statement, with a calendar and the statement's parameters, because SQL can't."""


def due_days(place: int, closed: int | None = None) -> Beside:
    """Return what reckons the days on which rows are due, each once, and by how many working days each was late.

    From `place` on stand `due`, `working_days` and `counted_from`; at `closed` the day, as an ordinal, of a row's end. Without
    that nothing says how late rows are.
    """

    def reckon(rows: Sequence[tuple[Any, ...]], calendar: WorkCalendar, params: Mapping[str, Any]) -> None:
        known: dict[tuple[int, str], str] = {}
        late: dict[tuple[str, int | None], int] = {}
        today = params["until"]
        for row in rows:
            due, days, since = row[place : place + 3]
            if days is not None:
                due = known.get((days, since))
                if due is None:
                    due = known[days, since] = calendar.deadline(date.fromisoformat(since), days).isoformat()
            if closed is not None and due is not None and (due, row[closed]) not in late:
                until = date.fromordinal(row[closed] or today)
                late[due, row[closed]] = calendar.late_days(date.fromisoformat(due), until)

    return reckon


def entry_days(day: int, entered: int) -> Beside:
    """Return what reckons by how many working days rows were entered late: their days as ordinals, and those of the entry as texts."""

    def reckon(rows: Sequence[tuple[Any, ...]], calendar: WorkCalendar, _: Mapping[str, Any]) -> None:
        late: dict[tuple[int, str], int] = {}
        for row in rows:
            pair = row[day], row[entered][:10]
            if pair not in late:
                late[pair] = calendar.late_days(date.fromordinal(pair[0]), date.fromisoformat(pair[1]))

    return reckon


def asked_of(rows: Any, *, period: bool = False, currency: bool = False, **more: Any) -> Ours:
    """Return what asks a view of everybody: of the period of a question where that is wanted, in the store's currency."""

    def ours(store: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
        named = (asked.period,) if period else ()
        return rows(ask, at, them, *named, **({"currency": store.currency} if currency else {}), **more)

    return ours
