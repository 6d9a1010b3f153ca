"""Questions to the audit: the events of a subject, person, period, source or name, as they were known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from domain.calendar.moment import Days
from domain.calendar.period import Period
from projections.engine import json
from projections.engine.as_of import Moments, days_within
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation

if TYPE_CHECKING:
    from domain.calendar.work_calendar import WorkCalendar

EVENTS: Final = """
SELECT l.position, l.event_id, l.name, l.stream, l.occurred, l.recorded, l.actor, l.recorder, l.source, l.key, l.reason,
       a.changes, a.day,
       CASE WHEN l.name IN ('event.corrected', 'event.voided')
        THEN (SELECT MAX(c.corrected) FROM {audit_corrections} c WHERE c.position = l.position) END AS corrects,
       (SELECT MAX(c.position) FROM {audit_corrections} c WHERE c.corrected = l.position AND c.position <= ?) AS corrected_by
FROM {audit_entries} a JOIN {log} l ON l.position = a.position
WHERE {by}a.position <= ? AND a.moment <= ?
"""


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    *,
    subject: str | None = None,
    actor: str | None = None,
    period: Period | None = None,
    source: str | None = None,
    name: str | None = None,
    positions: Sequence[int] | None = None,
) -> list[dict[str, Any]]:
    """Return the events in log order, each with what it changed and what corrects it.

    `subject` takes its own events and those that name it; for a person also what they did or entered. A grading shows as
    `in_force` from which day to which it was the customer's last, open while it is.
    """
    by = "+" if period or actor else ""  # days and persons narrow down more than what was known
    sql, params = EVENTS.replace("{by}", by), [moments.position, moments.position, moments.micros]
    more: list[Any] = []
    if subject:
        chosen = "SELECT s.position FROM {log} s WHERE s.stream = ?"
        chosen += " UNION SELECT n.position FROM {audit_named} n WHERE n.subject = ?"
        more += [subject, subject]
        if subject.startswith("per_"):
            chosen += " UNION SELECT d.position FROM {audit_entries} d WHERE d.actor = ?"
            chosen += " UNION SELECT e.position FROM {audit_entered} e WHERE e.recorder = ?"
            more += [subject[4:], subject[4:]]
        sql += f" AND a.position IN ({chosen})"
    for column, wanted in (("a.actor", actor), ("l.source", source), ("l.name", name)):
        if wanted:
            sql += f" AND {column} = ?"
            more.append(wanted)
    if period:
        sql += " AND a.day BETWEEN ? AND ?"
        more += days_within(moments, period)
    if positions is not None:
        sql += f" AND a.position IN ({', '.join('?' * len(positions)) or 'NULL'})"
        more += positions
    found = ask(sql + " ORDER BY a.position", (*params, *more))
    shown = _rows(found, moments, organisation) if found else []
    graded = [row for row in shown if row["name"] == "customer.graded"]
    if graded:
        from projections.views.grades import in_force

        days = in_force(ask, moments, {row["subject"] for row in graded})
        for row in graded:
            row["changes"] += days.get(row["position"], ())
    return shown


class _Late(dict[tuple[int, int], int]):
    """By how many working days what happened on a day and was entered on another was late, reckoned once for each."""

    def __init__(self, calendar: WorkCalendar) -> None:
        super().__init__()
        self._calendar = calendar

    def __missing__(self, days: tuple[int, int]) -> int:
        late = self[days] = self._calendar.late_days(*map(date.fromordinal, days))
        return late


def _rows(found: Sequence[tuple[Any, ...]], moments: Moments, organisation: Organisation) -> list[dict[str, Any]]:
    read, days, late = json.reader(len(found)), Days(moments.zone), _Late(organisation.calendar())
    return [
        {
            "position": position,
            "event": event,
            "name": name,
            "subject": subject,
            "occurred": days.occurred(occurred),
            "recorded": (entered := days.recorded(recorded))[0],
            "actor": actor,
            "recorder": recorder,
            "source": source,
            "key": key,
            "reason": reason,
            "changes": [{"field": field, "from": old, "to": new} for field, old, new in read(changes)],
            "corrects": corrects,
            "corrected_by": corrected_by,
            "late_days": late[day, entered[1]] if entered[1] > day else 0,
        }
        for (
            position, event, name, subject, occurred, recorded, actor, recorder, source, key, reason, changes, day,
            corrects, corrected_by,
        ) in found
    ]  # fmt: skip
