"""The windows of a period by the day on which a grade began: reckoned once, for all customers that have them alike."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from domain.calendar.moment import end_of
from domain.calendar.period import Period
from domain.policy.cadence import Standing, Window, like, standing, windows
from projections.engine.as_of import AsOf
from projections.queries.organisation import Organisation
from projections.queries.policies import versions

DAY: Final = timedelta(days=1)


class Span:
    """A window with its days as ordinals, and how it stands for a customer that nobody met in it.

    `part` says in which of the grid's parts it ends. `row` and `alike` are for a view of rows: what those of all customers
    share, and where they go.
    """

    __slots__ = ("alike", "first", "kept", "last", "missed", "part", "row", "window")

    def __init__(self, window: Window, kept: Standing, part: int) -> None:
        self.window, self.kept, self.part, self.missed = window, kept, part, kept.state == "missed"
        self.first, self.last = window.first.toordinal(), window.last.toordinal()
        self.row: dict[str, Any] = {}
        self.alike: list[dict[str, Any]] = []


class Grid:
    """The windows that end in a period and have begun by the day asked about; without a period, those not over on it.

    `over` is the last day that is over: the one asked about itself, if it is asked as of its end. `parts` are the last days, as
    ordinals, of parts of the period that are each asked about by itself.
    """

    def __init__(
        self, moments: AsOf, organisation: Organisation, period: Period | None, parts: Sequence[int] = ()
    ) -> None:
        self.parts = parts
        self.today = moments.day
        ended = moments.as_of >= end_of(moments.day, moments.zone)
        self.over = moments.day if ended or moments.day == date.min else moments.day - DAY
        self.calendar = organisation.calendar()
        self.first = period.first if period else moments.day
        self.last = period.last if period else None
        self.until = min(period.last, moments.day) if period else moments.day
        self._versions = versions(organisation, "cadence")
        self._found: dict[tuple[str, int, int | None], Sequence[Span]] = {}
        self._like: dict[tuple[str, date, int | None], Sequence[Span]] = {}
        self._made: dict[Window, Span] = {}

    def spans(self, grade: str, begun: int, end: int | None) -> Sequence[Span]:
        """Return the windows of a grade that a customer had from a day on, up to the day `end` if it had another one then."""
        if end is not None and self.last is not None and end > self.last.toordinal():
            end = None
        found = self._found.get((grade, begun, end))
        if found is None:
            day = like(date.fromordinal(begun), grade, self._versions, self.first, self.until)
            found = self._like.get((grade, day, end))
            if found is None:
                found = self._like[grade, day, end] = self._spans(grade, day, end)
            self._found[grade, begun, end] = found
        return found

    def days(self) -> tuple[int, int]:
        """Return the first and the last day, as ordinals, of the windows that were asked for; there were some."""
        made = self._made.values()
        return min(span.first for span in made), max(span.last for span in made)

    def _spans(self, grade: str, begun: date, end: int | None) -> Sequence[Span]:
        then: list[tuple[date, str | None]] = [] if end is None else [(date.fromordinal(end + 1), None)]
        return [
            self._made.get(window) or self._made.setdefault(window, self._span(window))
            for window in windows([(begun, grade), *then], self._versions, self.until, self.first)
            if self._within(window)
        ]

    def _within(self, window: Window) -> bool:
        if self.last is None:
            return window.first <= self.today <= window.last
        return self.first <= window.last <= self.last

    def _span(self, window: Window) -> Span:
        part = bisect_left(self.parts, window.last.toordinal()) if self.parts else 0
        return Span(window, standing(window, (), self.calendar, self.over), part)
