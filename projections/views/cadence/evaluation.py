"""The windows of customers with how each stands: what the rows of cadence, the agenda, the norms and the scorecard are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from domain.policy.cadence import Standing as Kept
from domain.policy.cadence import Window
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import Standing, survivors
from projections.queries.events import named
from projections.queries.follow_up_log import Logged, Met
from projections.queries.organisation import Organisation
from projections.views.cadence.grade_spans import Piece, Teams, Wanted, pieces, stretches
from projections.views.cadence.touches import FollowUps, kept
from projections.views.cadence.windows import Grid, Span

NOBODY: Final = Standing("", "", None, "", None, None, None, None, None)


class Judged(NamedTuple):
    """A customer's window with how it stands and the follow-ups in it; `whose` is who owned the customer at its end.

    Of the customer it says who it is, and the company and grade as it stood.
    """

    customer: Standing
    window: Window
    kept: Kept
    whose: str | None
    group: str | None
    follow_ups: Sequence[Logged]


class Asked:
    """The windows of a period, piece by piece, and the follow-ups beside them.

    `weeks` are the moments at which weeks end that are each asked about by itself, of which the period is made.
    """

    def __init__(
        self,
        ask: Ask,
        moments: AsOf,
        organisation: Organisation,
        period: Period | None,
        wanted: Wanted,
        weeks: Sequence[tuple[Period, AsOf]] = (),
    ) -> None:
        if wanted.customer is not None:
            wanted = wanted._replace(customer=survivors(ask, moments).get(wanted.customer, wanted.customer))
        self._ask, self._moments, self._wanted, self._weeks = ask, moments, wanted, weeks
        self.grid = Grid(moments, organisation, period, [week.last.toordinal() for week, _ in weeks])
        several = stretches(ask, moments, self.grid, organisation, wanted)
        teams = Teams(organisation, self.grid)
        self.pieces = list(pieces(several, self.grid, teams, wanted))

    @cached_property
    def followed(self) -> FollowUps:
        """The follow-ups beside the windows, of which there are some."""
        whole = not any(each is not None for each in self._wanted[1:])
        return FollowUps(
            self._ask, self._moments, self.grid, self.pieces, whole=whole, until=[at for _, at in self._weeks]
        )

    def one(self, piece: Piece, span: Span, some: Sequence[Met] = ()) -> Judged:
        """Return one window with the follow-ups in it."""
        customer = Standing(piece.customer, piece.company, piece.owner, "", None, None, piece.grade, None, None)
        logged = [each.logged(piece.customer) for each in some]
        stands = kept(span, some, self.grid) if some else span.kept
        return Judged(customer, span.window, stands, piece.owner, piece.group, logged)

    def judged(self, piece: Piece) -> Iterator[Judged]:
        """Yield the windows of a piece."""
        beside = self.followed.beside(piece)
        if beside is None:
            standing = Standing(piece.customer, piece.company, piece.owner, "", None, None, piece.grade, None, None)
            for span in piece.spans:
                yield Judged(standing, span.window, span.kept, piece.owner, piece.group, ())
        else:
            for span, some in beside:
                yield self.one(piece, span, some)


def judged(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period | None,
    *,
    grade: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    customer: str | None = None,
) -> list[Judged]:
    """Return the windows that end in a period and have begun by the day asked about; without one, those not over on it."""
    asked = Asked(ask, moments, organisation, period, Wanted(grade, owner, group, customer))
    return [each for piece in asked.pieces for each in asked.judged(piece)]


def behind(ask: Ask, moments: AsOf, made: Iterable[Judged]) -> dict[int, dict[str, Any]]:
    """Return the events of the follow-ups in these windows, and what has corrected them, by position."""
    several = (position for each in made for one in each.follow_ups for position in one.positions)
    return {position: told for position, (told,) in named(ask, several, moments).items()}
