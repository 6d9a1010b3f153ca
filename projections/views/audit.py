"""Questions to the audit: the events of a subject, person, period, source or name, as they were known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from domain.calendar.moment import Days
from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.types import Login
from projections.engine import json
from projections.engine.as_of import AsOf, days_within
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views.column import Column, Row, only_json
from projections.views.parameters import EventName, Subject
from projections.views.spec import Query, View, view

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
BOOKKEEPING: Final = ("item", "customer", "digest", "by")
"""Fields that a reader of a customer's history doesn't need to see: ids, and what the envelope says already."""


def rows(
    ask: Ask,
    moments: AsOf,
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


def _rows(found: Sequence[tuple[Any, ...]], moments: AsOf, organisation: Organisation) -> list[dict[str, Any]]:
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


def telling(row: Row) -> list[Any]:
    """Return the changes that tell a reader something; all of them where there are no others."""
    told = [c for c in row["changes"] if (c["field"] not in BOOKKEEPING or named(c)) and c["to"] is not False]
    return told or list(row["changes"])


def named(change: Mapping[str, Any]) -> bool:
    """Say whether an item is no number (n1, a2) but what somebody asked a department for."""
    return change["field"] == "item" and not str(change["to"])[1:].isdecimal()


@view(
    "audit",
    title="Audit history",
    about="A row an event, in log order.",
    asked="sales audit 某某科技有限公司 --json",
    example="sales audit 某某科技有限公司",
    needs=("audit", "organisation"),
    key=("position",),
    period="any",
    period_help="Only events that happened in this period.",
)
class Audit(View):
    """Show the audit history: every event with both times, who did and who entered it, and what it changed."""

    subject: Subject | None = given(
        "The subject: id, key, exact name, login or group code.", default=None, positional=True
    )
    source: Literal["cli", "batch", "import", "system"] | None = given(
        "Only events that came in this way.", default=None
    )
    name: EventName | None = given("Only events of this name, as customer.lead_captured.", default=None)
    by: Login | None = given("Only acts of this person (also --actor).", default=None)

    COLUMNS = (
        Column("position", "No.", "count", meaning="The event's place in the log."),
        Column("occurred", "Occurred", "time", meaning="When it happened."),
        Column("recorded", "Recorded", "time", form="time", meaning="When the log learned it."),
        Column("late_days", "Late", "count", meaning="Working days from the event's day to its entry."),
        Column("name", "Event", meaning="The event's name."),
        Column(
            "changes", "Changes", "list", eye=telling,
            meaning="Each `field` with `from` and `to`; a record of its own has no `from`. A grading's `in_force`: its first and"
            " last day.",
        ),
        Column("actor", "Actor", form="login", meaning="Whose act it is."),
        Column("recorder", "Recorder", form="login", meaning="Who entered it."),
        Column("source", "Source", meaning="cli, batch, import or system."),
        Column("reason", "Reason", missing="", meaning="Why."),
        Column(
            "corrects", "Corrects", "count", missing="",
            meaning="The position of the event that this one corrects or voids.",
        ),
        Column(
            "corrected_by", "Corrected by", "count", missing="",
            meaning="The position of the last event that corrects or voids this one.",
        ),
        only_json("event", "text", "The event's id."),
        only_json("subject", "text", "Whose history it belongs to."),
        only_json("key", "text", "The key under which it was told."),
    )  # fmt: skip
    DIGEST = (
        *("position", "event", "name", "subject", "occurred", "recorded", "actor", "recorder", "source", "key"),
        *("corrects", "corrected_by", "late_days"),
    )
    ACTOR = "by"

    def rows(self, q: Query) -> list[dict[str, Any]]:
        wanted: Any = {"subject": self.subject, "actor": self.by, "source": self.source, "name": self.name}
        found = rows(q.ask, q.moments, q.organisation, period=q.period, **wanted)
        if not q.explain:
            return found
        return [{**row, "events": [{key: row[key] for key in ("position", "event", "name")}]} for row in found]
