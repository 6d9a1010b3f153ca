"""What a report asks: one period at two times, with the tables and the organisation that all its sections share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from infra.i18n.translate import filled, marked
from infra.report.model import Head

if TYPE_CHECKING:
    from domain.calendar.period import Period
    from infra.read_models.source import Source
    from projections.engine.as_of import AsOf
    from projections.engine.projection import Ask
    from projections.queries.organisation import Organisation

TABLES = ("organisation", "tracking", "progress", "records", "audit", "pipeline", "objections")


class Question(NamedTuple):
    """`frames` are the ends of the period's days as each was known then; `start` is the end of the day before it.

    `flags` ask any view at the same two times, `progress` are the rows of progress with the events behind them.
    """

    ask: Ask
    period: Period
    moments: AsOf
    start: AsOf
    frames: Sequence[AsOf]
    organisation: Organisation
    currency: str
    flags: str
    progress: Sequence[dict[str, Any]]

    def command(self, words: str, *, period: bool = True) -> str:
        """Return the command that lists the events behind a view's numbers."""
        named = f" --period {self.period.name}" if period else ""
        return f"sales {words}{named} {self.flags} --explain"


def moments_of(store: Source, period: Period, as_of: str | None, known_at: str | None) -> AsOf:
    """Return the two times of a report: as of the period's end or, while it runs, now; known now unless given."""
    moments = store.moments(as_of, known_at)
    if as_of is None and moments.day > period.last:
        return store.moments(period.last.isoformat(), known_at)
    return moments


def question(ask: Ask, store: Source, period: Period, moments: AsOf) -> Question:
    """Return the question with what all sections need."""
    from projections.queries.organisation import Organisation
    from projections.views.progress import view as progress
    from projections.views.progress.events import explain

    organisation = Organisation(ask, moments.position)
    before = period.first - timedelta(days=1)
    days = [before, *(day for day in period.days() if day <= moments.day)]
    start, *frames = (
        frame._replace(position=min(frame.position, moments.position)) for frame in store.moments_each(days)
    )
    rows = progress.rows(ask, period, moments, organisation, currency=store.currency)
    told = explain(ask, rows, period, moments, organisation)
    flags = f"--as-of {moments.as_of.isoformat()} --known-at {moments.known_at.isoformat()}"
    return Question(ask, period, moments, start, frames, organisation, store.currency, flags, told)


def head(q: Question, answer: str) -> Head:
    """Return what stands above the report."""
    times = (q.moments.as_of.isoformat(" ", "minutes"), q.moments.known_at.isoformat(" ", "minutes"))
    command = f"sales report {q.period.name} {q.flags}"
    title = filled(marked("Report {period}"), {"period": q.period.name})
    return Head(title, q.period.name, answer, *times, q.moments.position, command)
