"""The curve of a period: what had been reached at the end of each day, as it was known then and as it is known now."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from projections.engine.as_of import AsOf
from projections.engine.projection import OPEN, Ask
from projections.queries.membership import MONTHS, MembersAt, Membership, Positions, Spans, Windows, common
from projections.queries.organisation import Organisation
from projections.views.progress.actuals import METRICS
from projections.views.progress.custom_metrics import as_facts

MEASURES: Final = tuple(measure for *_, measure in METRICS if measure)
MONEY: Final = ("signed", "collected")
WINDOWED: Final = "new-customers"
"""The measure whose facts carry the months since the contract before, not what they count for."""

TOTALS: Final = """
SELECT f.measure, '', f.day, SUM({counted}) FROM {{facts}} f
WHERE f.measure IN ('leads', 'valid-leads', 'follow-ups'{more}) AND f.day BETWEEN ? AND ? {only}
GROUP BY f.measure, f.day
UNION ALL
SELECT f.measure, f.currency, f.day, SUM(f.amount) FROM {{facts}} f
WHERE f.measure IN ('signed', 'collected') AND f.day BETWEEN ? AND ? {only} GROUP BY f.measure, f.currency, f.day
"""
ROWS: Final = """
WITH frames(first, last, micros, position) AS (VALUES {frames})
SELECT f.measure, f.currency, f.day, f.since, f.ends, f.known_from, f.known_to, f.owner, {counted}, f.source
FROM frames t CROSS JOIN {{facts}} f
WHERE f.measure IN ({measures}) AND f.day BETWEEN t.first AND t.last {only}
"""
OWN: Final = """
SELECT f.measure, f.currency, f.day, f.since, f.ends, f.known_from, f.known_to, f.owner, f.amount, f.source
FROM ({facts}) f WHERE f.day <= ? {only}
"""
ADOPTED: Final = "SELECT known_from, known_to FROM {policies} WHERE name = 'metrics'"
ODD: Final = f"""
 AND (f.known_from > t.position OR f.since > t.micros OR f.known_to <> {OPEN} OR f.ends <> {OPEN} {{more}})
"""
NEW: Final = f"CASE WHEN f.measure <> '{WINDOWED}' THEN f.amount WHEN f.amount > {MONTHS} THEN 1 ELSE 0 END"
"""What a fact counts for while no policy says otherwise."""


class Curve(NamedTuple):
    """The sums of a measure by the end of each of `days`, in units: as known at the end of that day, and as known now.

    The units are ten-thousandths for money, and for the other measures what they count.
    """

    days: tuple[date, ...]
    known: tuple[int, ...]
    hindsight: tuple[int, ...]


Curves = dict[tuple[str, str], Curve]


def curves(
    ask: Ask,
    period: Period,
    frames: Sequence[AsOf],
    now: AsOf,
    organisation: Organisation,
    *,
    owner: str | None = None,
    group: str | None = None,
    metric: str | None = None,
) -> Curves:
    """Return the curve of each measure and currency ('' for counts), as progress says at each of the frames.

    The frames are in the order of their days, and none knows less than the one before. `hindsight` is as of each frame's
    moment, as known at `now`. Counts are always there; money in each currency that occurs. `owner` is a login, `metric` one
    that the team has defined, whose curves come beside the others. `organisation` isn't asked: who was in which group, and
    what counted as new, differs from frame to frame.
    """
    if not frames:
        return {}
    sums = Sums(ask, frames, now, group)
    rows, params = rows_sql(period, frames, now, sums, owner)
    if sums.membership is None:
        last = min(period.last, frames[-1].day)
        only, logins = _only(owner, None)
        within = (period.first.toordinal(), last.toordinal(), *logins)
        more = "" if sums.windowed else f", '{WINDOWED}'"
        for measure, currency, day, amount in ask(
            TOTALS.format(counted=sums.counted, only=only, more=more), within * 2
        ):
            sums.take_total((measure, currency), day, int(amount))
        rows += ODD.format(more=f"OR f.measure = '{WINDOWED}'" if sums.windowed else "")
    for row in ask(rows, params):
        sums.take_row(row)
    for row, then, today, amount in own_facts(ask, period, frames, now, sums, owner, metric) if metric else ():
        known, hindsight = sums.of((row[0], row[1]))
        add(known, then, amount)
        add(hindsight, today, amount)
    return sums.curves()


def own_facts(
    ask: Ask, period: Period, frames: Sequence[AsOf], now: AsOf, sums: Sums, owner: str | None, metric: str
) -> Iterator[tuple[tuple[Any, ...], Spans, Spans, int]]:
    """Yield the facts of a defined metric, each with the frames over which it counts, known then and known now, and its amount.

    A frame counts by the definition that was known then, hindsight by the one known now.
    """
    only, logins = _only(owner, sums.membership)
    last = min(period.last, frames[-1].day).toordinal()

    def by(position: int) -> Iterator[tuple[tuple[Any, ...], int, Spans, Spans]]:
        own = as_facts(Organisation(ask, position), period, metric)
        for row in ask(OWN.format(facts=own.sql, only=only), (*own.params, last, *logins)) if own else ():
            yield row, *sums.counts(row)

    for start, end, _ in Positions(sums.positions).alike(ask(ADOPTED)):
        for row, amount, then, _today in by(sums.positions[start]):
            yield row, common(then, [(start, end)]), [], amount
    for row, amount, _then, today in by(sums.now):
        yield row, [], today, amount


def rows_sql(
    period: Period, frames: Sequence[AsOf], now: AsOf, sums: Sums, owner: str | None
) -> tuple[str, tuple[Any, ...]]:
    """Return the question for the single facts of a period that the frames may show, with its parameters."""
    only, logins = _only(owner, sums.membership)
    values = _values(period, min(period.last, frames[-1].day), frames, now)
    marks = ", ".join("?" * len(MEASURES))
    return ROWS.format(frames=values, measures=marks, only=only, counted=sums.counted), (*MEASURES, *logins)


def _only(owner: str | None, membership: Membership | None) -> tuple[str, tuple[str, ...]]:
    """Return the condition on whose facts are read, with its parameters."""
    only = ""
    params: tuple[str, ...] = ()
    if owner is not None:
        only, params = "AND f.owner = ?", (owner,)
    if membership is not None:
        logins = tuple(membership.everybody())
        only += f" AND f.owner IN ({', '.join('?' * len(logins)) or 'NULL'})"
        params += logins
    return only, params


def _values(period: Period, last: date, frames: Sequence[AsOf], now: AsOf) -> str:
    """Return the frames as SQL: each has the days that come up first in it, and what both it and now know."""
    first = period.first.toordinal()
    values = []
    for frame in frames:
        until = min(frame.day, last).toordinal()
        values.append(f"({first}, {until}, {frame.micros}, {min(frame.position, now.position)})")
        first = max(first, until + 1)
    return ", ".join(values)


class Sums:
    """What each frame adds to each measure's sum, as known then and as known now."""

    def __init__(self, ask: Ask, frames: Sequence[AsOf], now: AsOf, group: str | None) -> None:
        self.days = [frame.day.toordinal() for frame in frames]
        self.micros = [frame.micros for frame in frames]
        self.positions = [frame.position for frame in frames]
        self.now = now.position
        self.membership = Membership(ask, group) if group is not None else None
        windows = Windows(ask)
        self.windowed = bool(windows.rows)
        self.counted = "f.amount" if self.windowed else NEW
        self._windows = windows.at(self.positions), windows.at([self.now])
        self._signings: dict[tuple[int, int], tuple[Spans, Spans]] = {}
        self._members = self._at_both(self.membership) if self.membership else None
        self.sums: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
        for measure in MEASURES:
            if measure not in MONEY:
                self.of((measure, ""))

    def _at_both(self, membership: Membership) -> tuple[MembersAt, MembersAt]:
        return membership.at(self.positions), membership.at([self.now])

    def of(self, key: tuple[str, str]) -> tuple[list[int], list[int]]:
        """Return the sums of a measure, as known then and as known now."""
        found = self.sums.get(key)
        if found is None:
            size = len(self.days) + 1
            found = self.sums[key] = [0] * size, [0] * size
        return found

    def take_total(self, key: tuple[str, str], day: int, amount: int) -> None:
        """Count a day's facts as if each had been known by the first frame that shows the day, for ever."""
        first = bisect_left(self.days, day)
        for sums in self.of(key):
            sums[first] += amount

    def take_row(self, row: tuple[Any, ...]) -> None:
        """Count one fact where it holds, and take it out of the total that it is in."""
        key, first, amount = (row[0], row[1]), bisect_left(self.days, row[2]), row[8]
        known, hindsight = self.of(key)
        if self.membership is None and not (self.windowed and row[0] == WINDOWED):
            known[first] -= amount
            hindsight[first] -= amount
        amount, then, today = self.counts(row)
        add(known, then, amount)
        add(hindsight, today, amount)

    def counts(self, row: tuple[Any, ...]) -> tuple[int, Spans, Spans]:
        """Return for what a fact counts, and over which frames: by what was known then, and by what is known now."""
        measure, _, day, since, ends, known_from, known_to, owner, amount, *_ = row
        start = max(bisect_left(self.days, day), bisect_left(self.micros, since))
        end = len(self.days) if ends == OPEN else bisect_left(self.micros, ends)
        positions = self.positions
        then = [(max(start, bisect_left(positions, known_from)), min(end, bisect_left(positions, known_to)))]
        today = known_from <= self.now < known_to
        if self.windowed and measure == WINDOWED:
            new, still_new = self._new(day, amount)
            then, today, amount = common(then, new), today and bool(still_new), 1
        if self._members:
            on = date.fromordinal(day)
            then = common(then, self._members[0].spans(owner, on))
            today = today and bool(self._members[1].spans(owner, on))
        return amount, then, [(start, end)] if today else []

    def _new(self, day: int, months: int) -> tuple[Spans, Spans]:
        """Return over which frames a signing is a new customer's by what was known then, and whether it is by now."""
        found = self._signings.get((day, months))
        if found is None:
            then, today = self._windows
            found = self._signings[day, months] = then.spans(day, months), today.spans(day, months)
        return found

    def curves(self) -> Curves:
        """Return the curves that the sums make."""
        days = tuple(map(date.fromordinal, self.days))
        return {
            key: Curve(days, tuple(accumulate(known[:-1])), tuple(accumulate(hindsight[:-1])))
            for key, (known, hindsight) in sorted(self.sums.items())
        }


def add(sums: list[int], spans: Spans, amount: int) -> None:
    """Add an amount over the spans; one may be empty."""
    for start, end in spans:
        if start < end:
            sums[start] += amount
            sums[end] -= amount
