"""Whose windows are whose: the stretches in which customers had a grade and an owner, cut into pieces of one owner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from domain.calendar.moment import end_of, instant
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views.cadence.windows import Grid, Span

GRADED: Final = """
SELECT g.number, g.customer, g.company, g.grade, g.owner, g.day, g.begun FROM {{graded}} g
WHERE g.since <= ? AND g.ends > ? AND (g.since <= ? OR g.ends > ?) AND (g.grade IS NOT NULL OR g.since > ?)
 AND g.known_from <= ? AND g.known_to > ?{only} ORDER BY g.number, g.since
"""
"""The stretches that reach into a period, and the one that holds as of the moment asked about."""

OF_CUSTOMER: Final = " AND g.number IN (SELECT k.number FROM {tracked} k WHERE k.customer = ?)"
OF_OWNERS: Final = " AND g.number IN (SELECT o.number FROM {{graded}} o WHERE o.owner IN ({marks}))"

Stretch = tuple[int, str, str | None, str | None, str | None, int, int | None]
"""A customer's number, id, company and grade, its owner, the day from which on, and the one since which it has the grade."""


class Piece(NamedTuple):
    """Windows of a customer that are those of one owner, who is in one group at their ends; `grade` is the last one it had."""

    customer: str
    company: str
    grade: str | None
    owner: str | None
    group: str | None
    spans: Sequence[Span]


class Wanted(NamedTuple):
    """What is asked for: windows of a grade, an owner, a group, a customer; None: any.

    Only customers that were ever one of those `among` are looked at, which leaves out no window of theirs.
    """

    grade: str | None = None
    owner: str | None = None
    group: str | None = None
    customer: str | None = None
    among: Sequence[str] | None = None


def stretches(ask: Ask, moments: AsOf, grid: Grid, organisation: Organisation, wanted: Wanted) -> list[Stretch]:
    """Return the stretches that bear on the windows of a grid, by customer, each customer's in their order."""
    start = min(moments.micros, instant(grid.first.isoformat(), moments.zone)) if grid.last else moments.micros
    end = instant(end_of(grid.until, moments.zone).isoformat(), moments.zone)
    params: list[Any] = [moments.micros, start, end, moments.micros, start, moments.position, moments.position]
    only = ""
    if wanted.customer is not None:
        only, params = only + OF_CUSTOMER, [*params, wanted.customer]
    owners = [wanted.owner] if wanted.owner is not None else wanted.among
    if owners is None and wanted.group is not None:
        owners = organisation.ever_in([wanted.group])
    if owners is not None:
        only, params = only + OF_OWNERS.format(marks=", ".join("?" * len(owners))), [*params, *owners]
    return ask(GRADED.format(only=only), params)


class Steady(dict[str | None, tuple[str | None] | None]):
    """The group in which an owner is at the end of every window; None where it is not the same one all the while."""

    def __init__(self, organisation: Organisation, grid: Grid) -> None:
        super().__init__({None: (None,)})
        self._memberships = organisation.memberships()
        self._days = grid.first.toordinal(), grid.until.toordinal()

    def __missing__(self, owner: str | None) -> tuple[str | None] | None:
        first, last = self._days
        inside = [span for span in self._memberships.get(owner or "", ()) if span[0] <= last and span[1] >= first]
        whole = len(inside) == 1 and inside[0][0] <= first and inside[0][1] >= last
        team: tuple[str | None] | None = (None,) if not inside else (inside[0][2],) if whole else None
        self[owner] = team
        return team


class Teams:
    """The group of each owner at the end of a window; most owners are in one group all the while."""

    def __init__(self, organisation: Organisation, grid: Grid) -> None:
        self._organisation = organisation
        self._today = grid.today.toordinal()
        self.steady = Steady(organisation, grid)

    def at(self, owner: str | None, span: Span) -> str | None:
        """Return the group of an owner at the end of a window, or today if that comes first."""
        return self._organisation.group_of(owner or "", date.fromordinal(min(span.last, self._today)))


def pieces(several: Sequence[Stretch], grid: Grid, teams: Teams, wanted: Wanted) -> Iterator[Piece]:
    """Yield the windows of customers that stood then, piece by piece.

    In a part of the grid that is asked about by itself a window belongs if the customer stood at that part's end, and if the
    grade that has cut the window short was known by then.
    """
    at, count = 0, len(several)
    steady, spans_of = teams.steady, grid.spans
    while at < count:
        number, customer, company, grade, owner, _, begun = several[at]
        after = at + 1
        while after < count and several[after][0] == number:
            after += 1
        team = steady[owner]
        if after > at + 1 or team is None:
            yield from _turns(several[at:after], grid, teams, wanted)
        elif (
            (company is not None and grade is not None and begun is not None)
            and (wanted.owner in (None, owner) and wanted.group in (None, *team) and wanted.grade in (None, grade))
            and (spans := spans_of(grade, begun, None))
        ):
            yield Piece(customer, company, grade, owner, team[0], spans)
        at = after


def _turns(several: Sequence[Stretch], grid: Grid, teams: Teams, wanted: Wanted) -> Iterator[Piece]:
    """Yield the pieces of one customer that had several grades or owners, or whose owner was in several groups."""
    # Of what began on one day the last counts.
    held = [one for n, one in enumerate(several) if n + 1 == len(several) or several[n + 1][5] != one[5]]
    _, customer, company, standing, *_ = held[-1]
    if company is None and not grid.parts:
        return
    whose: list[tuple[str | None, str | None, list[Span]]] = []
    for span in _spans(held, grid, wanted):
        owner = next(one[4] for one in reversed(held) if one[5] <= span.last)
        (team,) = teams.steady[owner] or (teams.at(owner, span),)
        mine = wanted.owner in (None, owner) and wanted.group in (None, team)
        if mine and (not grid.parts or _belongs(held, span, grid.parts[span.part])):
            if not whose or whose[-1][:2] != (owner, team):
                whose.append((owner, team, []))
            whose[-1][2].append(span)
    for owner, team, spans in whose:
        yield Piece(customer, company or "", standing, owner, team, spans)


def _spans(held: Sequence[Stretch], grid: Grid, wanted: Wanted) -> Iterator[Span]:
    """Yield the windows of one customer after another; stretches of one grade that only differ in their owner are one."""
    for one, following in zip_longest(held, held[1:]):
        _, _, _, grade, _, _, begun = one
        goes_on = following is not None and (following[3], following[6]) == (grade, begun)
        if grade is not None and begun is not None and wanted.grade in (None, grade) and not goes_on:
            yield from grid.spans(grade, begun, following[5] - 1 if following else None)


def _belongs(held: Sequence[Stretch], span: Span, end: int) -> bool:
    """Say whether a window belongs to the part of the period in which it ends, as the last day of that part knew it."""
    stood = next(one for one in reversed(held) if one[5] <= end)
    return stood[2] is not None and not (span.window.cut and span.last == end)
