"""What became of the pipeline's deals from one frame to the next, and what was open at each of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import Any, Final, NamedTuple

from domain.kernel.money import from_units
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.events import named
from projections.views.replay.scope import Scope

ROWS: Final = """
SELECT o.opportunity, o.since, o.ends, o.known_from, o.known_to, o.status, o.owner, o.customer, o.company, o.name,
       o.stage, o.amount, o.currency, o.close_date
FROM {opportunities} o
WHERE o.since <= ? AND o.ends > ? AND o.known_from <= ? AND o.known_to > ?
 AND (o.status = 'open' OR o.since > ? OR o.known_from > ?)
ORDER BY o.opportunity
"""
CLOSED: Final = ("won", "lost")


class Deal(NamedTuple):
    """An opportunity as a stored row has it; `inside` says whether it belongs to what is replayed."""

    opportunity: str
    since: int
    ends: int
    known_from: int
    known_to: int
    status: str
    owner: str
    customer: str
    company: str | None
    name: str | None
    stage: str | None
    amount: int
    currency: str
    close_date: str | None
    inside: bool = True

    @property
    def open(self) -> bool:
        return self.status == "open" and self.inside


class Run(NamedTuple):
    """The frames, from `start` to before `end`, at which a deal was seen like this."""

    start: int
    end: int
    deal: Deal


class Deals:
    """The deals of the frames, the one before the first included: `changes` and `standing` by frame."""

    def __init__(self, ask: Ask, frames: Sequence[AsOf], scope: Scope) -> None:
        self._frames, self._scope = frames, scope
        self._micros = [frame.micros for frame in frames]
        self._positions = [frame.position for frame in frames]
        self._sums: dict[str, tuple[list[int], list[int]]] = {}
        self.changes: list[list[dict[str, Any]]] = [[] for _ in frames]
        first, last = frames[0], frames[-1]
        bounds = (last.micros, first.micros, last.position, first.position, first.micros, first.position)
        for _, rows in groupby(ask(ROWS, bounds), key=lambda row: row[0]):
            self._take(sorted(run for row in rows for run in self._runs(Deal(*row))))
        events = named(ask, (change["position"] for changed in self.changes for change in changed), last)
        for changed in self.changes:
            for change in changed:
                (event,) = events[change["position"]]
                change |= {"event": event["event"], "name": event["name"]}
            changed.sort(key=lambda change: (change["position"], change["subject"]))

    def standing(self) -> list[list[dict[str, Any]]]:
        """Return for each frame the open deals' count and sum by currency."""
        found: list[list[dict[str, Any]]] = [[] for _ in self._frames]
        for currency, (counts, amounts) in sorted(self._sums.items()):
            for n, (count, amount) in enumerate(zip(accumulate(counts[:-1]), accumulate(amounts[:-1]), strict=True)):
                if count:
                    worth = format(from_units(amount), "f")
                    found[n].append({"currency": currency, "count": count, "amount": worth})
        return found

    def _runs(self, deal: Deal) -> Iterator[Run]:
        """Yield over which frames the deal is seen like this, parted where it comes into the scope or leaves it."""
        start = max(bisect_left(self._micros, deal.since), bisect_left(self._positions, deal.known_from))
        end = min(bisect_left(self._micros, deal.ends), bisect_left(self._positions, deal.known_to))
        if self._scope.steady(deal.owner):
            if start < end:
                inside = self._scope.holds(deal.owner, self._frames[start].day, start)
                yield Run(start, end, deal if inside else deal._replace(inside=False))
            return
        for inside, frames in groupby(range(start, end), lambda n: self._inside(deal, n)):
            several = list(frames)
            yield Run(several[0], several[-1] + 1, deal._replace(inside=inside))

    def _inside(self, deal: Deal, n: int) -> bool:
        return self._scope.holds(deal.owner, self._frames[n].day, n)

    def _take(self, runs: Sequence[Run]) -> None:
        """Note how one opportunity changed from run to run."""
        before: Run | None = None
        for run in runs:
            if before is not None and before.end < run.start:
                self._note(before.end, before.deal, None)
                before = None
            if run.start:
                self._note(run.start, before.deal if before else None, run.deal)
            if run.deal.open:
                self._count(run)
            before = run
        if before is not None and before.end < len(self._frames):
            self._note(before.end, before.deal, None)

    def _count(self, run: Run) -> None:
        size = len(self._frames) + 1
        counts, amounts = self._sums.setdefault(run.deal.currency, ([0] * size, [0] * size))
        for sums, what in ((counts, 1), (amounts, run.deal.amount)):
            sums[run.start] += what
            sums[run.end] -= what

    def _note(self, frame: int, before: Deal | None, after: Deal | None) -> None:
        for change, old, new in compared(before, after):
            deal = after or before
            assert deal is not None
            self.changes[frame].append(
                {
                    "change": change,
                    "position": after.known_from if after else deal.known_to,
                    "event": None,
                    "name": None,
                    "subject": deal.opportunity,
                    "deal": deal.name,
                    "company": deal.company,
                    "owner": deal.owner or None,
                    "amount": format(from_units(deal.amount), "f"),
                    "currency": deal.currency,
                    "from": old,
                    "to": new,
                }
            )


def compared(before: Deal | None, after: Deal | None) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield what changed, from what to what: appeared, came, went, gone, won, lost, grew, shrank, slipped, sooner, moved."""
    was, now = before is not None and before.open, after is not None and after.open
    if not was or not now:
        ended = after.status if after and after.inside and after.status in CLOSED else None
        if now:
            yield ("came" if before and before.status == "open" else "appeared"), None, None
        elif ended and (was or before is None):
            yield ended, None, None
        elif was:
            yield ("went" if after and after.status == "open" else "gone"), None, None
        return
    assert before is not None
    assert after is not None
    if before.amount != after.amount and before.currency == after.currency:
        change = "grew" if after.amount > before.amount else "shrank"
        yield change, format(from_units(before.amount), "f"), format(from_units(after.amount), "f")
    if before.close_date != after.close_date:
        later = before.close_date is not None and (after.close_date or "9999") > before.close_date
        yield ("slipped" if later else "sooner"), before.close_date, after.close_date
    if before.stage != after.stage:
        yield "moved", before.stage, after.stage
