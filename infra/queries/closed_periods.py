"""Closed periods: the figures that a closing records, and those of a closed period made again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.calendar.moment import end_of, local_text
from domain.kernel.context import Figures
from infra.errors.problem import Problem
from infra.read_models import tables
from projections.queries.organisation import Organisation
from projections.views.digest import VIEWS, digest, needed, rows_of

if TYPE_CHECKING:
    from domain.calendar.period import Period
    from infra.read_models.source import Source
    from projections.engine.as_of import AsOf
    from projections.engine.projection import Ask


class Closing(NamedTuple):
    """A period's closing: `known` is the last event that its figures know, `position` that of the closing itself."""

    period: Period
    known: int
    digests: Mapping[str, str]
    position: int
    event: str
    recorded: str
    actor: str


def figures_of(store: Source, period: Period) -> Figures:
    """Return the digest of each view's figures of a period, as of its end, and the last event that they know.

    The log is folded beside the store for it: what the tables say is recorded only where it is what the log gives.
    Raises Problem else.
    """
    projections = needed(VIEWS)
    with store.view(*projections) as ask:
        # Somebody may have written between the catching up and the look; the tables say what they know.
        standing = tables.standings(store.db)
        position = min(standing[name].position for name in projections)
        told = _digests(store, ask, period, position)
    beside = store.beside()
    beside.fold(projections, position)
    given = _digests(store, beside.ask(projections), period, position)
    wrong = [view for view in VIEWS if told[view] != given[view]]
    if wrong:
        raise Problem("period.not_as_folded", period=period.name, views=", ".join(wrong))
    return Figures(position, given)


def _digests(store: Source, ask: Ask, period: Period, position: int) -> dict[str, str]:
    """Return the digest of each view's figures of a period, as some tables have them at a position."""
    moments = at_the_end(store, period)._replace(position=position)
    organisation = Organisation(ask, position)
    found = {view: rows_of(view, ask, period, moments, organisation, currency=store.currency) for view in VIEWS}
    return {view: digest(view, rows) for view, rows in found.items()}


def at_the_end(store: Source, period: Period, known_at: str | None = None) -> AsOf:
    """Return the moments as of the end of a period's last day, as known now unless given."""
    end = end_of(period.last, store.zone)
    return store.moments(end.isoformat(), known_at)


def closing_of(store: Source, period: Period, upto: int) -> Closing | None:
    """Return how a period was closed, as known at a position, or None."""
    from infra.read_models.decoder import one

    for record in store.reader.stream(f"prd_{period.name}"):
        if record.position <= upto:
            seen = one(record, store.zone)
            known, digests = seen.data["position"], seen.data["digests"]
            recorded = local_text(seen.recorded, store.zone)
            return Closing(period, known, digests, seen.position, seen.event_id, recorded, seen.actor)
    return None


def as_closed(store: Source, closing: Closing) -> AsOf:
    """Return the moments as of which a period was closed."""
    moments = at_the_end(store, closing.period)
    return moments._replace(position=closing.known, known_at=datetime.fromisoformat(closing.recorded))


def differing(
    ask: Ask, closing: Closing, moments: AsOf, currency: str, views: Iterable[str] = VIEWS
) -> tuple[list[str], dict[str, list[dict[str, Any]]]]:
    """Return which of the views have other figures at `moments` than were closed, and the rows of each."""
    organisation = Organisation(ask, moments.position)
    rows = {v: rows_of(v, ask, closing.period, moments, organisation, currency=currency) for v in views}
    closed = closing.digests
    return [view for view in rows if view in closed and digest(view, rows[view]) != closed[view]], rows


class ByDay:
    """Asks the tables with each fact credited to the last owner of its day, as all were once; now one with a time has it from that."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def __call__(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._ask(sql.replace("{facts}", FACTS_BY_DAY), params)


FACTS_BY_DAY: Final = """
(SELECT d.measure, d.day, d.customer, d.source, d.since, d.known_from, d.known_to, COALESCE(d.by_day, d.owner) AS owner, d.ends,
 d.amount, d.currency, d.by_day FROM {facts} d)
"""
CREDITED: Final = ("progress", "targets", "scorecard")
"""The views of a closing whose figures rest on whom a fact is credited to."""


def as_credited(ask: Ask, closing: Closing, moments: AsOf, currency: str, views: Iterable[str] = VIEWS) -> Ask:
    """Return what asks the tables by the rule of credit by which a period was closed; `moments` are those of its closing.

    The figures themselves tell which it was: where those of today's rule differ from what was closed, and those of the
    older one do not, it was that.
    """
    rested = [view for view in CREDITED if view in views and view in closing.digests]
    last = closing.period.last.toordinal()
    if not rested or not ask("SELECT 1 FROM {facts} f WHERE f.by_day IS NOT NULL AND f.day <= ? LIMIT 1", (last,)):
        return ask
    wrong, _ = differing(ask, closing, moments, currency, rested)
    older = ByDay(ask)
    return older if wrong and len(differing(older, closing, moments, currency, wrong)[0]) < len(wrong) else ask


def checked(
    ask: Ask, closing: Closing, moments: AsOf, currency: str, views: Iterable[str] = VIEWS
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of these views as they were closed. Raises Problem if they are not what was closed."""
    wrong, rows = differing(ask, closing, moments, currency, views)
    if wrong:
        raise Problem("period.altered", period=closing.period.name, views=", ".join(wrong))
    return rows
