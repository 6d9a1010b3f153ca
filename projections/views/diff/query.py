"""The question of differences: the views at two moments that differ in one of their times, and the events between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.money import from_units
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views.diff import explain_generic, explain_pipeline, explain_progress, explain_tracking
from projections.views.diff.compare import LEDGER, Difference, compared, delta
from projections.views.diff.context_events import learned
from projections.views.diff.events import as_event, told
from projections.views.diff.explain_tracking import Behind
from projections.views.digest import VIEWS, needed, rows_of

USUAL: Final = ("progress", "tracking", "pipeline")
"""The views whose differences are shown unless others are asked for."""

Rows = Mapping[str, Iterable[Mapping[str, Any]]]


def projections_for(views: Iterable[str]) -> tuple[str, ...]:
    """Return the projections that differences of these views ask."""
    return tuple(dict.fromkeys((*needed(views), "audit", "organisation")))


def looked(ask: Ask, views: Iterable[str], period: Period, moments: AsOf, currency: str) -> Rows:
    """Return the rows of each view at a moment."""
    organisation = Organisation(ask, moments.position)
    return {view: rows_of(view, ask, period, moments, organisation, currency=currency) for view in views}


def differences(
    ask: Ask,
    before: tuple[AsOf, Rows],
    after: tuple[AsOf, Rows],
    period: Period,
    currency: str,
    keep: Callable[[Difference], bool] = lambda each: True,
) -> list[dict[str, Any]]:
    """Return what differs between two looks at the same views, each difference with the events that make it.

    Rows: view, row (the key as text), key, field, from, to, difference (of numbers), events. The moments differ in one
    of their times, and `after` is not the earlier one.
    """
    found: list[dict[str, Any]] = []
    for view, rows in before[1].items():
        some = [each for each in compared(view, VIEWS[view].key, rows, after[1][view]) if keep(each)]
        if some:
            found += shown(ask, some, behind(ask, view, some, before[0], after[0], period, currency), after[0])
    return found


def behind(
    ask: Ask, view: str, some: Sequence[Difference], before: AsOf, after: AsOf, period: Period, currency: str
) -> list[Behind]:
    """Return the events behind each of a view's differences."""
    if view == "progress":
        return explain_progress.behind(ask, some, before, after, period)
    if view == "targets":
        return explain_progress.behind_targets(ask, some, before, after, period)
    if view == "tracking":
        return explain_tracking.behind(ask, some, before, after)
    if view == "pipeline":
        return explain_pipeline.behind(ask, some, before, after)
    if view != "audit":
        return explain_generic.behind(ask, view, some, (before, after), period, currency)
    calendars = learned(ask, "calendars", before, after)
    made = []
    for each in some:
        position = each.after if each.field == "corrected_by" else each.key["position"]
        made.append(dict.fromkeys(calendars if each.field == "late_days" else [position]))
    return made


def shown(ask: Ask, some: Sequence[Difference], events: Sequence[Behind], moments: AsOf) -> list[dict[str, Any]]:
    """Return differences as rows."""
    stories = told(ask, {position for made in events for position in made})
    return [
        {
            "view": each.view,
            "row": text_of(each.key),
            "key": dict(each.key),
            "label": label_of(each),
            "field": each.field,
            "from": each.before,
            "to": each.after,
            "difference": delta(each.field, each.before, each.after),
            "events": [
                as_event(stories[position], moments.zone, _share(each, share))
                for position, share in sorted(made.items())
            ],
        }
        for each, made in zip(some, events, strict=True)
    ]


def text_of(key: Mapping[str, Any]) -> str:
    """Return a row's key as text, in the order of its columns; what is not set is a dash."""
    return "/".join("-" if value is None else str(value) for value in key.values())


def label_of(each: Difference) -> str | None:
    """Return the name by which a reader knows the row, if it has one."""
    row = each.rows[1] or each.rows[0] or {}
    if each.view in LEDGER:
        return row.get("number")
    return row.get("company") if each.view in ("tracking", "pipeline") else None


def _share(each: Difference, share: int | None) -> str | None:
    if share is None:
        return None
    told = each.rows[1] or each.rows[0] or {}
    counted = each.view in ("progress", "targets") and told.get("currency") is None
    return str(share) if counted else format(from_units(share), "f")
