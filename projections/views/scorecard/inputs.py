"""What several measures, or the weeks of a period, ask alike: read once, and told for each part of the period by itself."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Final

from domain.calendar.period import Period
from projections.engine.as_of import AsOf, days_within
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.queries.record_events import Found, found
from projections.queries.targets import TargetRow, targets
from projections.views import late_entries as late
from projections.views.progress import view as progress

FILES: Final = """
SELECT f.owner, f.filled, f.fields, f.kept, f.since, f.ends FROM {{files}} f
WHERE f.since <= ? AND f.ends > ? AND f.known_from <= ? AND f.known_to > ?{by}
"""
FULL: Final = """
SELECT f.owner, f.filled, f.fields, f.kept, COUNT(*) FROM {{files}} f
WHERE f.since <= ? AND f.ends > ? AND f.known_from <= ? AND f.known_to > ?{by} GROUP BY f.owner, f.filled, f.fields, f.kept
"""
ENTERED: Final = """
SELECT {part}, l.actor, COUNT(*) FROM {{audit_entries}} a JOIN {{log}} l ON l.position = a.position
WHERE a.day BETWEEN ? AND ? AND a.moment <= ? AND a.position <= ? AND l.source <> 'system'{by} GROUP BY 1, 2
"""
SIGNED: Final = """
SELECT f.owner, f.day, f.since, f.ends, l.position, l.event_id, l.name, l.stream FROM {facts} f JOIN {log} l ON l.position = f.source
WHERE f.measure = 'signed' AND l.name = 'contract.signed' AND f.day BETWEEN ? AND ?
 AND f.since <= ? AND f.known_from <= ? AND f.known_to > ? ORDER BY l.position
"""
FILED: Final = """
SELECT DISTINCT t.target FROM {targets} t
WHERE t.state = 'filed' AND t.since <= ? AND t.known_from <= ? AND t.known_to > ?
"""
RECALLED: Final = """
SELECT a.day, a.changes, l.position, l.event_id, l.name, l.stream
FROM {log} l JOIN {audit_entries} a ON a.position = l.position
WHERE l.name = 'customer.recalled' AND a.day BETWEEN ? AND ? AND a.moment <= ? AND a.position <= ? ORDER BY l.position
"""
LONGEST: Final = 400
"""Days back within which a contract was signed whose hand-over is due in a week."""

Files = Counter[tuple[str, int, int, int]]
"""How many customers of an owner have so many fields of their file filled, of so many."""


class Shared:
    """What is asked of a period, or of weeks that follow upon each other, each as of a moment of its own at the latest.

    `owner` is whose answers alone matter; `among` those whose customers alone do.
    """

    def __init__(
        self,
        ask: Ask,
        organisation: Organisation,
        parts: Sequence[tuple[Period, AsOf]],
        owner: str | None = None,
        among: Sequence[str] | None = None,
    ) -> None:
        self._ask, self._organisation, self._parts, self._owner, self._among = ask, organisation, parts, owner, among
        self._progress: dict[str, list[dict[str, Any]]] | None = None
        self._place = {period: n for n, (period, _) in enumerate(parts)}
        self._moments = parts[-1][1]
        self._known = (self._moments.position, self._moments.position)
        self._days = parts[0][0].first.toordinal(), parts[-1][0].last.toordinal()

    def cadence(self, period: Period) -> Mapping[str, tuple[int, int]]:
        """Return by owner how many windows of a part were met, and how many missed."""
        return self._windows[self._place[period]]

    def files(self, period: Period) -> Files:
        """Return how full the files were at the end of a part."""
        return self._files[self._place[period]]

    def entries(self, period: Period) -> Mapping[str, tuple[int, int]]:
        """Return by actor how many acts of a part were entered within the norm, of how many."""
        return self._entries[self._place[period]]

    def recalled(self, period: Period) -> list[list[Any]]:
        """Return what the pool took back in a part: the changes that each event brought, and the event."""
        return [told for day, *told in self._recalled if period.contains(date.fromordinal(day))]

    @cached_property
    def _recalled(self) -> Sequence[tuple[Any, ...]]:
        return self._ask(RECALLED, (*self._days, self._moments.micros, self._moments.position))

    @cached_property
    def _windows(self) -> list[dict[str, tuple[int, int]]]:
        from projections.views.cadence.counts import counted

        return counted(self._ask, self._organisation, self._parts, self._owner, self._among)

    @cached_property
    def _files(self) -> list[Files]:
        by, own = (" AND f.owner = ?", (self._owner,)) if self._owner else ("", ())
        ends = [at.micros for _, at in self._parts]
        params = (ends[-1], ends[0], *self._known, *own)
        if len(ends) == 1:
            rows = self._ask(FULL.format(by=by), params)
            return [Counter({tuple(key): count for *key, count in rows})]
        full = [Files() for _ in ends]
        alike: Counter[tuple[str, int, int, int, int, int]] = Counter()
        for owner, filled, fields, kept, since, until in self._ask(FILES.format(by=by), params):
            alike[owner, filled, fields, kept, bisect_left(ends, since), bisect_left(ends, until)] += 1
        for (owner, filled, fields, kept, first, after), count in alike.items():
            for part in full[first:after]:
                part[owner, filled, fields, kept] += count
        return full

    @cached_property
    def _entries(self) -> list[dict[str, tuple[int, int]]]:
        by, own = (" AND l.actor = ?", (self._owner,)) if self._owner else ("", ())
        monday, _ = self._days
        weekly = len(self._parts) > 1
        sql = ENTERED.format(by=by, part="(a.day - ?) / 7" if weekly else "0")
        first = (monday,) if weekly else ()
        whole = Period.of_days(self._parts[0][0].first, self._parts[-1][0].last)
        days = days_within(self._moments, whole)
        rows = self._ask(sql, (*first, *days, self._moments.micros, self._moments.position, *own))
        broken = Counter(
            ((day - monday) // 7 if weekly else 0, actor)
            for day, actor in late.breaking(self._ask, self._moments, self._organisation, whole, self._owner)
        )
        found: list[dict[str, tuple[int, int]]] = [{} for _ in self._parts]
        for part, actor, count in rows:
            found[part][actor] = (count - broken[part, actor], count)
        return found

    @cached_property
    def signed(self) -> Mapping[int, Sequence[tuple[Any, ...]]]:
        """The signings that may have to be handed over in one of the parts, by day: owner, since, ends, and the event."""
        first, last = self._days
        by: dict[int, list[tuple[Any, ...]]] = {}
        for owner, day, *told in self._ask(SIGNED, (first - LONGEST, last, self._moments.micros, *self._known)):
            by.setdefault(day, []).append((owner, *told))
        return by

    @cached_property
    def handed_over(self) -> Mapping[str, Sequence[Found]]:
        """The hand-overs after sales, by contract."""
        by: dict[str, list[Found]] = {}
        for each in found(self._ask, self._moments, "hand-over"):
            by.setdefault(each.content.get("contract") or "", []).append(each)
        return by

    @cached_property
    def targets(self) -> Sequence[TargetRow]:
        """The targets of the period; asked of a single part."""
        return targets(self._ask, self._moments, self._parts[0][0].name)

    def progress(self, metric: str, currency: str) -> list[dict[str, Any]]:
        """Return the rows of progress of a metric, of persons; asked of a single part."""
        if self._progress is None:
            (period, moments), *_ = self._parts
            only: Any = {"level": "person", "owner": self._owner, "aimed": self.targets}
            rows = progress.rows(self._ask, period, moments, self._organisation, currency=currency, **only)
            self._progress = {}
            for row in rows:
                self._progress.setdefault(row["metric"], []).append(row)
        return self._progress.get(metric, [])

    @cached_property
    def filed(self) -> Collection[str]:
        """The targets that have ever been filed."""
        known = (self._moments.micros, self._moments.position, self._moments.position)
        return {target for (target,) in self._ask(FILED, known)}
