"""What was recorded between one frame and the next: signings, targets, corrections, and what was entered late."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from domain.calendar.period import Period
from domain.calendar.work_calendar import WorkCalendar
from domain.kernel.money import from_units
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.events import event
from projections.views.replay.names import Names
from projections.views.replay.scope import Scope

Told = dict[str, Any]
ByFrame = list[list[Told]]

SIGNED: Final = """
SELECT f.source, l.event_id, l.name, l.stream, f.owner, f.day, f.amount, f.currency, f.since, f.known_from,
       f.known_to
FROM {facts} f JOIN {log} l ON l.position = f.source
WHERE f.measure = 'signed' AND f.day BETWEEN ? AND ? AND f.source > ? AND f.source <= ?
 AND l.name IN ('contract.signed', 'contract.order_placed')
ORDER BY f.source
"""
TARGETS: Final = """
SELECT l.position, l.event_id, l.name, l.stream, l.actor, l.reason, a.changes,
       (SELECT MAX(o.owner) FROM {targets} o WHERE o.target = l.stream),
       (SELECT MAX(o.metric) FROM {targets} o WHERE o.target = l.stream)
FROM {log} l JOIN {audit_entries} a ON a.position = l.position
WHERE l.stream IN (SELECT t.target FROM {targets} t WHERE t.period = ?) AND l.position > ? AND l.position <= ?
 AND l.name IN ('target.set', 'target.revised', 'target.filed', 'target.withdrawn', 'target.reallocated')
ORDER BY l.position
"""
CORRECTIONS: Final = """
SELECT c.position, l.event_id, l.name, l.stream, l.actor, l.reason, a.changes, c.corrected, o.name, o.actor, e.day
FROM {audit_corrections} c JOIN {log} l ON l.position = c.position JOIN {audit_entries} a ON a.position = c.position
JOIN {log} o ON o.position = c.corrected JOIN {audit_entries} e ON e.position = c.corrected
WHERE c.position > ? AND c.position <= ? ORDER BY c.position
"""
LATE: Final = """
WITH frames(first, after, upto) AS (VALUES {frames})
SELECT a.position, l.event_id, l.name, l.stream, l.actor, l.recorder, l.recorded, a.day
FROM frames t CROSS JOIN {{audit_entries}} a CROSS JOIN {{log}} l
WHERE a.position > t.after AND a.position <= t.upto AND a.day < t.first AND l.position = a.position ORDER BY a.position
"""


class Happened:
    """Sorts what was recorded in the period into its frames; `frames` begins with the one before the first."""

    def __init__(self, ask: Ask, period: Period, frames: Sequence[AsOf], scope: Scope) -> None:
        self.ask, self.period, self.frames, self.scope = ask, period, frames, scope
        self.positions = [frame.position for frame in frames]
        self.within = (self.positions[0], self.positions[-1])

    def signed(self) -> ByFrame:
        """Return the contracts and orders of the period that were recorded, with the amount known at the frame's end."""
        days = (self.period.first.toordinal(), self.period.last.toordinal())
        found = []
        for row in self.ask(SIGNED, (*days, *self.within)):
            n = bisect_left(self.positions, row[0])
            frame, day = self.frames[n], date.fromordinal(row[5])
            if row[8] <= frame.micros and row[9] <= frame.position < row[10] and self.scope.holds(row[4], day, n):
                amount = format(from_units(row[6]), "f")
                more = {"owner": row[4] or None, "day": day.isoformat(), "amount": amount, "currency": row[7]}
                found.append((n, {**event(row[:4]), **more}))
        names = self._names(found)
        for _, told in found:
            told["number"] = names.number(told["subject"])
        return self._named(found, names)

    def targets(self) -> ByFrame:
        """Return what was done about the period's targets."""
        found = []
        for row in self.ask(TARGETS, (self.period.name, *self.within)):
            n = bisect_left(self.positions, row[0])
            if self.scope.holds_target(row[7], self.frames[n].day, n):
                found.append((n, {**event(row[:4]), "owner": row[7], "metric": row[8], **_act(row)}))
        return self._sorted(found)

    def corrections(self) -> ByFrame:
        """Return the corrections and withdrawals, of whoever's act was corrected."""
        found = []
        for row in self.ask(CORRECTIONS, self.within):
            n = bisect_left(self.positions, row[0])
            day = date.fromordinal(row[10])
            if self.scope.holds(row[9], day, n):
                what = {"corrects": row[7], "corrected": row[8], "day": day.isoformat()}
                found.append((n, {**event(row[:4]), **what, **_act(row)}))
        return self._named(found, self._names(found))

    def late(self, calendars: Sequence[WorkCalendar]) -> ByFrame:
        """Return what was entered although its day lies before the frame, by the calendar that each frame knew."""
        begins = [frame.day + timedelta(days=1) for frame in self.frames]
        frames = ", ".join(
            f"({begins[n].toordinal()}, {self.positions[n]}, {self.positions[n + 1]})"
            for n in range(len(self.frames) - 1)
        )
        found = []
        for row in self.ask(LATE.format(frames=frames), ()) if frames else ():
            n = bisect_left(self.positions, row[0])
            day = date.fromordinal(row[7])
            if self.scope.holds(row[4], day, n):
                entered = datetime.fromisoformat(row[6]).astimezone(self.frames[n].zone).date()
                who = {"actor": row[4], "recorder": row[5], "day": day.isoformat()}
                late = {"entered": entered.isoformat(), "late_days": calendars[n].late_days(day, entered)}
                found.append((n, {**event(row[:4]), **who, **late}))
        return self._named(found, self._names(found))

    def _names(self, found: Sequence[tuple[int, Told]]) -> Names:
        return Names(self.ask, (told["subject"] for _, told in found))

    def _named(self, found: Sequence[tuple[int, Told]], names: Names) -> ByFrame:
        for n, told in found:
            told["company"] = names.at(told["subject"], self.frames[n])
        return self._sorted(found)

    def _sorted(self, found: Iterable[tuple[int, Told]]) -> ByFrame:
        sorted_in: ByFrame = [[] for _ in self.frames]
        for n, told in found:
            sorted_in[n].append(told)
        return sorted_in


def _act(row: Sequence[Any]) -> Told:
    changed = json.loads(row[6])
    changes = [{"field": field, "from": old, "to": new} for field, old, new in changed if field != "digest"]
    return {"actor": row[4], "reason": row[5], "changes": changes}
