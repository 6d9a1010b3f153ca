"""Questions about records: which there were, how they stood, and what their events say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, tzinfo
from operator import attrgetter
from typing import Any, Final, NamedTuple

from domain.calendar.moment import local_text, placed
from domain.calendar.period import Period
from projections.engine.as_of import AsOf, days_within
from projections.engine.json import reader
from projections.engine.lifecycles import BY_KIND
from projections.engine.projection import Ask
from projections.queries.customers import chunks, survivors
from projections.queries.dates import day_of
from projections.queries.follow_up_log import positions

ROWS: Final = """
SELECT r.kind, r.subject, r.item, r.customer, r.state, r.opened, r.closed, r.actor, r.sources FROM {{records}} r
WHERE r.kind IN ({kinds}) AND r.since <= ? AND r.ends > ? AND r.known_from <= ? AND r.known_to > ?
"""
TOLD: Final = """
SELECT l.position, l.event_id, l.name, l.stream, l.occurred, l.recorded, l.actor, l.recorder, l.reason, a.changes,
       CASE WHEN l.name IN ('event.corrected', 'event.voided')
        THEN (SELECT MAX(c.corrected) FROM {{audit_corrections}} c WHERE c.position = l.position) END, a.moment, a.day
FROM {{log}} l JOIN {{audit_entries}} a ON a.position = l.position WHERE l.position IN ({marks})
"""


class Told(NamedTuple):
    """An event behind a record, as it stands: `content` are its values with corrections applied.

    `occurred` is its business time as it was told, `entered` when the log learned it, both without the store's zone; `moment`
    is that business time in microseconds since 1970, `day` its day. `corrects` is the position of the event that it corrects.
    """

    position: int
    event: str
    name: str
    subject: str
    occurred: str
    entered: str
    actor: str
    recorder: str
    reason: str | None
    content: Mapping[str, Any]
    corrects: int | None
    moment: int
    day: date
    zone: tzinfo

    @property
    def at(self) -> str:
        """Its business time in the store's zone, a plain day or a time."""
        return local_text(self.occurred, self.zone)

    @property
    def recorded(self) -> str:
        """When the log learned it, in the store's zone."""
        return local_text(self.entered, self.zone)

    def named(self) -> dict[str, Any]:
        """Return how a row names the event."""
        return {"position": self.position, "event": self.event, "name": self.name, "subject": self.subject}


class Found(NamedTuple):
    """A record as it stood: `content` are the values of its events laid over each other, the last one's on top.

    `subject` is the stream it was opened in, `customer` the one it belongs to with merges followed, `events` what it rests
    on in business order with the opening first, corrections left out; `corrections` are those.
    """

    kind: str
    subject: str
    item: str
    customer: str | None
    state: str
    opened: date
    closed: date | None
    actor: str
    events: Sequence[Told]
    corrections: Sequence[Told]
    content: Mapping[str, Any]

    @property
    def opening(self) -> Told:
        return self.events[0]

    @property
    def number(self) -> str:
        """The record's number as its customer shows it: that of a merged lead has the lead's id before it."""
        apart = self.customer is not None and self.subject.startswith("cus_") and self.subject != self.customer
        return f"{self.subject}/{self.item}" if apart else self.item

    @property
    def timing(self) -> Mapping[str, Any]:
        """What was told last of when it is due; nothing if nothing was."""
        return next((each.content for each in reversed(self.events) if _timed(each.content)), {})

    @property
    def closing(self) -> int:
        """The position of the last event that plays a part in it."""
        return max(each.position for each in self.events)

    def named(self) -> list[dict[str, Any]]:
        """Return the events behind the record, each with what corrected it, as rows name them."""
        return [each.named() for each in sorted((*self.events, *self.corrections), key=lambda each: each.position)]


def _timed(content: Mapping[str, Any]) -> bool:
    return content.get("due") is not None or content.get("working_days") is not None


def found(
    ask: Ask,
    moments: AsOf,
    *kinds: str,
    opened: Period | None = None,
    still_open: bool = False,
    subjects: Iterable[str] | None = None,
) -> list[Found]:
    """Return the records of some kinds, the first opened first, as they stood; asks records, audit and pipeline.

    `opened` keeps those opened in a period, `still_open` those not closed by then, `subjects` those of these streams. The
    customer of a record is not sought: a caller that shows customers leaves out those that did not stand then. Each event
    behind a record is read: a list of what records say is asked of `held`.
    """
    sql = ROWS.format(kinds=", ".join("?" * len(kinds)))
    params: list[Any] = [*kinds, moments.micros, moments.micros, moments.position, moments.position]
    by = "r" if subjects is None else "+r"  # the streams narrow down more than any day does
    if opened:
        sql += f" AND {by}.opened BETWEEN ? AND ?"
        params += days_within(moments, opened)
    if still_open:
        sql += f" AND {by}.closed IS NULL"
    if subjects is None:
        rows = ask(sql, params)
    else:
        rows = [
            row
            for marks, some in chunks(subjects)
            for row in ask(f"{sql} AND r.subject IN ({marks})", [*params, *some])
        ]
    if not rows:
        return []
    behind = [positions(row[8]) for row in rows]
    told = events(ask, moments, (position for several in behind for position in several))
    merged = survivors(ask, moments)
    made = [_found(row, [told[p] for p in several], merged) for row, several in zip(rows, behind, strict=True)]
    return sorted(made, key=lambda each: (each.opened, each.opening.position))


def events(ask: Ask, moments: AsOf, wanted: Iterable[int]) -> dict[int, Told]:
    """Return events by position, each with the values that it brought."""
    rows = [row for marks, some in chunks(wanted) for row in ask(TOLD.format(marks=marks), some)]
    loads, zone = reader(len(rows)), moments.zone
    return {
        position: Told(
            position, identity, name, subject, occurred, entered, actor, recorder, reason,
            {field: new for field, _, new in loads(changes)}, corrects, moment, day_of(day), zone,
        )
        for (
            position, identity, name, subject, occurred, entered, actor, recorder, reason, changes, corrects, moment, day,
        ) in rows
    }  # fmt: skip


def _found(row: Sequence[Any], told: Sequence[Told], merged: Mapping[str, str]) -> Found:
    kind, subject, item, customer, state, opened, closed, actor, _ = row
    day = day_of(closed) if closed else None
    head = (kind, subject, item, merged.get(customer, customer), state, day_of(opened), day, actor)
    if len(told) == 1:
        return Found(*head, told, (), told[0].content)
    standing = {each.position: each for each in told if each.corrects is None}
    corrections = [each for each in told if each.corrects is not None] if len(standing) < len(told) else []
    for each in corrections:
        standing[each.corrects or 0] = corrected(standing[each.corrects or 0], each)
    opens = BY_KIND[kind].opens
    first = next(each for each in standing.values() if each.name == opens)
    later = [each for each in standing.values() if each is not first]
    behind = [first, *(sorted(later, key=_IN_ORDER) if len(later) > 1 else later)]
    content: dict[str, Any] = {}
    for each in behind:
        content.update(each.content)
    return Found(*head, behind, corrections, content)


_IN_ORDER: Final = attrgetter("moment", "position")


def corrected(original: Told, correction: Told) -> Told:
    """Return an event with the values of its correction; a corrected date moves its business time if it was that."""
    moved = correction.content.get("date")
    changed = original._replace(content={**original.content, **correction.content})
    if isinstance(moved, str) and original.content.get("date") == original.day.isoformat():
        moment, day = placed(moved, original.zone)
        changed = changed._replace(occurred=moved, moment=moment, day=day)
    return changed
