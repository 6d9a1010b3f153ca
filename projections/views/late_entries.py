"""Late entries: the events of a period that the log learned of only after their day, held against the entry norm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from domain.calendar.moment import end_of, local_text, utc_text
from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.types import Login
from domain.policy.defaults import DEFAULTS
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import belonging
from projections.queries.events import event
from projections.queries.organisation import Organisation
from projections.views.column import Column, Note, Rows, only_json
from projections.views.columns import (
    COMPANY,
    ENTRY_CUSTOMER,
    EVENT_ID,
    EVENT_NAME,
    EVENT_SUBJECT,
    OCCURRED,
    POSITION,
    RECORDED,
)
from projections.views.spec import Query, View, by_policies, view

CHUNK: Final = 1_000  # days in one statement
ENDS: Final = """
WITH days (day, over) AS (VALUES {values})
SELECT d.day, (SELECT l.position FROM {{log}} l WHERE l.recorded <= d.over ORDER BY l.recorded DESC, l.position DESC LIMIT 1)
FROM days d
"""
LATE: Final = """
WITH days (day, position) AS (VALUES {values})
SELECT l.position, l.event_id, l.name, l.stream, l.occurred, l.recorded, l.actor, l.recorder, l.source, l.reason, a.day
FROM days d CROSS JOIN {{audit_entries}} a JOIN {{log}} l ON l.position = a.position
WHERE a.day = d.day AND a.position > d.position AND a.position <= ? AND a.moment <= ?
"""


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period,
    *,
    currency: str = "",
    owner: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the events of a period that were entered after their own day, the newest entry last.

    `late_days` are working days, so an entry on the Saturday after is late by 0; `owner` is who acted.
    """
    found = _found(ask, moments, period, owner)
    customers, known = belonging(ask, moments, (row[3] for row in found))
    reckoned = _Late(organisation)
    shown = []
    for position, identity, name, subject, occurred, recorded, actor, recorder, source, reason, ordinal in found:
        entered = local_text(recorded, moments.zone)
        late, norm = reckoned[ordinal, entered[:10]]
        customer = customers.get(subject)
        row = {
            "position": position,
            "event": identity,
            "name": name,
            "subject": subject,
            "customer": customer,
            "company": known[customer].company if customer in known else None,
            "occurred": local_text(occurred, moments.zone),
            "recorded": entered,
            "late_days": late,
            "norm_days": norm,
            "breaks_norm": late > norm,
            "actor": actor,
            "recorder": recorder,
            "source": source,
            "reason": reason,
        }
        if explain:
            row["events"] = [event((position, identity, name, subject))]
        shown.append(row)
    return shown


def breaking(
    ask: Ask, moments: AsOf, organisation: Organisation, period: Period, owner: str | None = None
) -> list[tuple[int, str]]:
    """Return the day, as an ordinal, and the actor of each event of a period that was entered later than the norm allows.

    What the system has done is not among them.
    """
    found = _found(ask, moments, period, owner)
    reckoned = _Late(organisation)
    broken = []
    for _, _, _, _, _, recorded, actor, _, source, _, ordinal in found:
        if source != "system":
            late, norm = reckoned[ordinal, local_text(recorded, moments.zone)[:10]]
            if late > norm:
                broken.append((ordinal, actor))
    return broken


class _Late(dict[tuple[int, str], tuple[int, int]]):
    """How late is what is of a day, as an ordinal, and was entered on another, and how late it may be; each reckoned once."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._norms = [
            (first, int(values["working_days"])) for first, values in organisation.policies("entry-deadline")
        ]

    def __missing__(self, days: tuple[int, str]) -> tuple[int, int]:
        day, entered = date.fromordinal(days[0]), date.fromisoformat(days[1])
        late = self[days] = (self._organisation.calendar().late_days(day, entered), norm_on(day, self._norms))
        return late


def _found(ask: Ask, moments: AsOf, period: Period, owner: str | None) -> list[tuple[Any, ...]]:
    """Return the late events: those of a day that stand behind the last position that was recorded on it."""
    days = [day for day in period.days() if day <= moments.day]
    only = " AND l.actor = ?" if owner else ""
    found = []
    for first in range(0, len(days), CHUNK):
        some = days[first : first + CHUNK]
        over = [part for day in some for part in (day.toordinal(), utc_text(end_of(day, moments.zone)))]
        ends = ask(ENDS.format(values=_values(some)), over)
        params = [part for day, last in ends for part in (day, last or 0)]
        known = (moments.position, moments.micros, *((owner,) if owner else ()))
        found += ask(LATE.format(values=_values(some)) + only, (*params, *known))
    return sorted(found)


def _values(days: Sequence[date]) -> str:
    return ", ".join(["(?, ?)"] * len(days))


def norm_on(day: date, norms: Sequence[tuple[date, int]]) -> int:
    """Return how many working days later an event of that day is still entered in time."""
    norm = int(DEFAULTS["entry-deadline"]["working_days"])
    for first, days in norms:
        if first <= day:
            norm = days
    return norm


@view(
    "late-entries",
    title="Late entries",
    about="A row an event, the newest entry last.",
    asked="sales late-entries --period 2024Q1 --json",
    example="sales late-entries --period 2024Q1 --owner li.si",
    needs=("audit", "tracking", "pipeline", "organisation"),
    key=("position",),
    period="present",
)
class LateEntries(View):
    """Show what was entered after the day on which it happened: by how many working days, and whether that breaks the norm."""

    owner: Login | None = given("Only acts of this person.", default=None)
    over: bool = given("Only those entered later than the entry norm allows.", default=False)

    COLUMNS = (
        COMPANY,
        EVENT_NAME,
        OCCURRED,
        RECORDED,
        Column(
            "late_days", "Late", "count",
            meaning="Working days from the event's day to its entry; 0 over a weekend.",
        ),
        Column(
            "breaks_norm", "Over", "flag", missing="",
            meaning="Whether it is later than the entry norm allowed for that day.",
        ),
        Column("actor", "Actor", meaning="Whose act it is.", form="login"),
        Column("recorder", "Recorder", meaning="Who entered it.", form="login"),
        Column("reason", "Reason", meaning="Why."),
        POSITION,
        Column("source", "Source", wide=True, meaning="cli, batch, import or system."),
        EVENT_SUBJECT._replace(wide=True),
        EVENT_ID,
        ENTRY_CUSTOMER,
        only_json("norm_days", "count", "How many the entry norm allowed for that day."),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        return rows(q.ask, q.moments, q.organisation, q.in_period, owner=self.owner, explain=q.explain)

    def kept(self, rows: Rows) -> Rows:
        return [row for row in rows if row["breaks_norm"]] if self.over else rows

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {"policies": q.organisation.in_force(q.moments.day, "entry-deadline")}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        if rows:
            broken = sum(1 for row in rows if row["breaks_norm"])
            yield Note(
                "{period}: entered late: {count}; later than the norm allows: {broken}.",
                {"period": q.in_period.name, "count": len(rows), "broken": broken},
            )
            yield by_policies(q.said["policies"])
