"""The follow-ups beside the windows: those with a customer, and with the leads that were merged into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from domain.policy.cadence import Standing, stood
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import survivors, with_merged
from projections.queries.follow_up_log import Met, in_order, met
from projections.views.cadence.grade_spans import Piece
from projections.views.cadence.windows import Grid, Span


class FollowUps:
    """The follow-ups of the days on which the windows of some pieces lie.

    `survivors` say into whom leads were merged, by the moment up to which windows belong together (one, for most questions).
    """

    def __init__(
        self,
        ask: Ask,
        moments: AsOf,
        grid: Grid,
        made: Sequence[Piece],
        *,
        whole: bool,
        until: Sequence[AsOf] = (),
    ) -> None:
        """Read them; `whole` where everybody's windows were asked for."""
        first, last = grid.days()
        of = None if whole else with_merged(ask, moments, (each.customer for each in made))
        self._known = met(ask, moments, first, last, of)
        merged = survivors(ask, moments)
        maps = [*(survivors(ask, at) for at in until[:-1]), merged] if merged else []
        self._merged = self._homed(maps) if maps else {}

    def _homed(self, maps: Sequence[Mapping[str, str]]) -> dict[str, list[list[Met]]]:
        """Return the follow-ups of each customer that has to do with a merge, for each of the survivors given."""
        involved = {customer for each in maps for pair in each.items() for customer in pair}
        return {
            customer: [
                sorted(
                    (
                        one
                        for other in (customer, *(lead for lead, into in each.items() if into == customer))
                        if each.get(other, other) == customer
                        for one in self._known.get(other, ())
                    ),
                    key=in_order,
                )
                for each in maps
            ]
            for customer in involved
        }

    def beside(self, piece: Piece) -> Sequence[tuple[Span, Sequence[Met]]] | None:
        """Return each window of a piece with what falls into it; None where nothing falls into any of them."""
        homed = self._merged.get(piece.customer) if self._merged else None
        if homed is not None:
            return [
                (span, [one for one in homed[span.part] if span.first <= one.day <= span.last]) for span in piece.spans
            ]
        known = self._known.get(piece.customer)
        return list(_placed(piece.spans, known)) if known else None


def _placed(spans: Sequence[Span], known: Sequence[Met]) -> Iterator[tuple[Span, Sequence[Met]]]:
    """Yield each window with what falls into it; both lie in their order."""
    at, count = 0, len(known)
    for span in spans:
        while at < count and known[at].day < span.first:
            at += 1
        after = at
        while after < count and known[after].day <= span.last:
            after += 1
        yield span, known[at:after]
        at = after


def kept(span: Span, some: Sequence[Met], grid: Grid) -> Standing:
    """Return how a window stands with these follow-ups in it."""
    touches = [(date.fromordinal(one.day), one.channel) for one in some if one.touch]
    return stood(span.window, span.kept.needed, touches, grid.over) if touches else span.kept
