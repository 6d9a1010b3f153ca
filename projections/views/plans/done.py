"""What was done of each kind of key action: by whom, on which day, for which customer, and by which event."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import Final, NamedTuple

from domain.calendar.moment import instant
from domain.calendar.period import Period
from domain.plan.kinds import TOUCHES
from projections.engine.as_of import AsOf, days_within
from projections.engine.projection import Ask
from projections.queries.customers import chunks, standing, survivors
from projections.queries.dates import day_of
from projections.queries.membership import COMPANY
from projections.queries.organisation import Organisation
from projections.queries.record_events import found

FACTS: Final = """
SELECT f.day, f.owner, f.customer, f.source FROM {facts} f
WHERE f.measure = ? AND f.day BETWEEN ? AND ? AND f.since <= ? AND f.ends > ? AND f.known_from <= ? AND f.known_to > ?
"""
TOUCHED: Final = """
SELECT r.opened, r.actor, r.customer, r.channel, r.position FROM {records} r WHERE r.kind = 'follow-up' AND r.touch = 1
 AND r.opened BETWEEN ? AND ? AND r.since <= ? AND r.ends > ? AND r.known_from <= ? AND r.known_to > ?
"""
GRADES: Final = """
SELECT c.customer, t.since, t.grade FROM {{tracked}} c JOIN {{tracking}} t ON t.number = c.number
WHERE c.customer IN ({marks}) AND t.since <= ? AND t.known_from <= ? AND t.known_to > ? ORDER BY t.since
"""
MEASURES: Final = {"leads": "valid-leads", "contracts": "contract"}
"""The kinds that are facts of progress."""
RECORDS: Final = {
    "needs": ("need", "need.identified"),
    "proposals": ("proposal", "proposal.delivered"),
    "quotes": ("quote", "quote.issued"),
}
"""The kinds that are records, each with the event by which one counts."""


class Act(NamedTuple):
    """One thing done: `channel` is how it was done or where a lead came from, `position` that of its event."""

    day: date
    person: str
    customer: str
    channel: str | None
    position: int


DAY: Final = itemgetter(0)
"""What acts lie in order by."""


def counted(kind: str, acts: Sequence[Act]) -> int:
    """Return how many the acts are: of touches the customers on each day, each once; of anything else the acts."""
    return len({(act.day, act.customer) for act in acts}) if kind in TOUCHES else len(acts)


class Done:
    """The acts of a period, by kind and day; each kind is asked for once, when it is first counted."""

    def __init__(
        self,
        ask: Ask,
        period: Period,
        moments: AsOf,
        organisation: Organisation,
        people: Sequence[str] | None = None,
        *,
        channels: bool = True,
    ) -> None:
        """Take what the acts are asked of; `people` are those who alone are asked about.

        `channels` says whether it matters by which channel a lead came; without, none of them has one.
        """
        self._ask, self._moments, self._organisation = ask, moments, organisation
        self._period = Period(period.first, min(period.last, moments.day), period.name)
        self._people, self._channels = people, channels
        self._bodies = frozenset((COMPANY, *organisation.groups()))
        self._acts: dict[str, list[Act]] = {}
        self._persons: dict[str, dict[str, list[Act]]] = {}
        self._days: dict[str, dict[date, dict[str, list[Act]]]] = {}

    def acts(self, kind: str, channel: str | None, owner: str, part: Period) -> list[Act]:
        """Return what of a kind was done in a part of the period by a person, or by the people of a group or the company."""
        known, wanted = "touches" if kind in _CHANNEL else kind, _CHANNEL.get(kind, channel)
        if owner in self._bodies:
            by_day = self._by_day(known)
            acts = [
                act
                for day in part.days()
                for person, some in by_day.get(day, {}).items()
                if self._below(owner, person, day)
                for act in some
            ]
        else:
            mine = self._by_person(known).get(owner, [])
            acts = mine[bisect_left(mine, part.first, key=DAY) : bisect_right(mine, part.last, key=DAY)]
        return acts if wanted is None else [act for act in acts if act.channel == wanted]

    def _below(self, owner: str, person: str, day: date) -> bool:
        """Say whether what a person did that day counts for a group or the company."""
        if owner == COMPANY:
            return True
        group = self._organisation.group_of(person, day) if person else None
        return group is not None and owner in self._organisation.above(group)

    def _in_order(self, kind: str) -> list[Act]:
        if kind not in self._acts:
            self._acts[kind] = sorted(self._found(kind), key=itemgetter(0, -1))  # by day, then position
        return self._acts[kind]

    def _by_person(self, kind: str) -> Mapping[str, list[Act]]:
        if kind not in self._persons:
            held = self._persons[kind] = {}
            for act in self._in_order(kind):
                held.setdefault(act.person, []).append(act)
        return self._persons[kind]

    def _by_day(self, kind: str) -> Mapping[date, Mapping[str, list[Act]]]:
        if kind not in self._days:
            held = self._days[kind] = {}
            for act in self._in_order(kind):
                held.setdefault(act.day, {}).setdefault(act.person, []).append(act)
        return self._days[kind]

    def _found(self, kind: str) -> Iterable[Act]:
        if self._period.last < self._period.first:
            return ()
        if kind in MEASURES:
            return self._facts(kind)
        if kind in RECORDS:
            return self._records(*RECORDS[kind])
        if kind == "intent-touches":
            return self._graded(self._in_order("touches"))
        return self._touches()

    def _facts(self, kind: str) -> list[Act]:
        known = (self._moments.position, self._moments.position)
        days = (self._period.first.toordinal(), self._period.last.toordinal())
        sql, people = self._of_people("f.owner")
        rows = self._ask(
            FACTS + sql, (MEASURES[kind], *days, self._moments.micros, self._moments.micros, *known, *people)
        )
        who = standing(self._ask, self._moments, {row[2] for row in rows}) if kind == "leads" and self._channels else {}
        return [
            Act(day_of(day), owner, customer, who[customer].channel if customer in who else None, position)
            for day, owner, customer, position in rows
        ]

    def _of_people(self, column: str) -> tuple[str, Sequence[str]]:
        """Return what narrows a question down to those asked about, with its parameters."""
        if self._people is None:
            return "", ()
        return f" AND {column} IN ({', '.join('?' * len(self._people))})", self._people

    def _records(self, kind: str, name: str) -> list[Act]:
        """Return the records of a kind that first came so far in the period, each to the credit of who did it."""
        acts = []
        for record in found(self._ask, self._moments, kind):
            first = next((told for told in record.events if told.name == name), None)
            if first and self._period.contains(first.day):
                acts.append(Act(first.day, first.actor, record.customer or "", None, first.position))
        return acts

    def _touches(self) -> list[Act]:
        """Return the touches, each to the credit of who made it."""
        moments, days = self._moments, days_within(self._moments, self._period)
        sql, people = self._of_people("r.actor")
        params = (*days, moments.micros, moments.micros, moments.position, moments.position, *people)
        merged = survivors(self._ask, moments)
        return [
            Act(day_of(day), actor, merged.get(customer, customer), channel, position)
            for day, actor, customer, channel, position in self._ask(TOUCHED + sql, params)
        ]

    def _graded(self, touches: Sequence[Act]) -> list[Act]:
        """Return the touches of intent customers: those that had a grade by the end of the day."""
        grades: dict[str, list[tuple[int, str | None]]] = {}
        known = (self._moments.micros, self._moments.position, self._moments.position)
        for marks, some in chunks(act.customer for act in touches):
            for customer, since, grade in self._ask(GRADES.format(marks=marks), (*some, *known)):
                grades.setdefault(customer, []).append((since, grade))
        return [act for act in touches if self._grade(grades.get(act.customer, []), act.day)]

    def _grade(self, held: list[tuple[int, str | None]], day: date) -> str | None:
        after = instant((day + timedelta(days=1)).isoformat(), self._moments.zone)
        at = bisect_right(held, after - 1, key=lambda each: each[0])
        return held[at - 1][1] if at else None


_CHANNEL: Final = {"visits": "visit", "calls": "call"}
"""The kinds that are touches on one channel."""
