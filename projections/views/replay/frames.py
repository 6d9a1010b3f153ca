"""The frames of a replay: each is what the views said at the end of its day, with hindsight beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.money import from_units, text_of
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views.progress.curve import MEASURES, MONEY, Curve, Curves, curves
from projections.views.progress.custom_metrics import measure_of, metric_of, sums
from projections.views.progress.view import pace
from projections.views.replay.deals import Deals
from projections.views.replay.events import moved
from projections.views.replay.happenings import Happened
from projections.views.replay.scope import Scope
from projections.views.replay.targets import Goal, goals, on_pace, organisations

FRIDAY: Final = 5
METRICS: Final = {
    "sales": "signed",
    "new-customers": "new-customers",
    "leads": "leads",
    "valid-leads": "valid-leads",
    "follow-ups": "follow-ups",
}
"""What can be replayed against its target, beside the metrics that the team has defined: metric -> the measure that it sums."""


def days_of(period: Period, until: date, *, weekly: bool) -> list[date]:
    """Return the day before the period, and the days of its frames up to `until`: each day, or each Friday and the last."""
    last = min(period.last, until)
    days = [day for day in period.days() if day <= last]
    if weekly:
        days = [day for day in days if day.isoweekday() == FRIDAY or day == last]
    return [period.first - timedelta(days=1), *days] if days else []


def frames(
    ask: Ask,
    period: Period,
    moments: Sequence[AsOf],
    now: AsOf,
    *,
    currency: str,
    metric: str = "sales",
    owner: str | None = None,
    group: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return a frame for each of the moments but the first, which is the day before: what happened since the one before.

    Amounts are decimal texts. `figures` has each measure as known then and as known at `now`; the lists name events.
    With `explain` each figure has `events`, those that moved what was known since the frame before.
    """
    if len(moments) < 2:
        return []
    scope = Scope(ask, moments, owner=owner, group=group)
    organisation = Organisation(ask, now.position)
    whose = {"owner": owner, "group": group, "metric": None if metric in METRICS else metric}
    money = metric == "sales" or metric in sums(organisation, period)
    reached = curves(ask, period, moments[1:], now, organisation, **whose)
    if metric not in METRICS:
        nothing = (0,) * len(moments)
        reached.setdefault((measure_of(metric), currency if money else ""), Curve((), nothing, nothing))
    targets = goals(ask, period, moments, metric=metric, place=scope.place)
    known = organisations(ask, moments)
    speeds = [pace(period, frame, organisation) for frame, organisation in zip(moments, known, strict=True)]
    happened = Happened(ask, period, moments, scope)
    deals = Deals(ask, moments, scope)
    standing = deals.standing()
    lists = {
        "deals": deals.changes,
        "targets": happened.targets(),
        "signed": happened.signed(),
        "late": happened.late([organisation.calendar() for organisation in known]),
        "corrections": happened.corrections(),
    }
    behind = moved(ask, period, moments[1:], now, **whose) if explain else None
    return [
        {
            "day": moments[n].day.isoformat(),
            "position": moments[n].position,
            "working_days": speeds[n].working,
            "elapsed_days": speeds[n].elapsed,
            **_goal(targets[n], metric, currency if money else None),
            "pace": text_of(on_pace(targets[n], speeds[n], money=money)),
            "figures": _figures(
                reached, n - 1, targets[n].currency or currency, metric, behind[n - 1] if behind else None
            ),
            "pipeline": standing[n],
            **{name: by_frame[n] for name, by_frame in lists.items()},
        }
        for n in range(1, len(moments))
    ]


def _goal(goal: Goal, metric: str, currency: str | None) -> dict[str, Any]:
    """Return what a frame says of the target; without `currency` it is a count."""
    return {
        "metric": metric,
        "basis": "signed" if metric == "sales" else None,
        "state": goal.state,
        "target": text_of(goal.value),
        "original_target": text_of(goal.original),
        "currency": (goal.currency or currency) if currency else None,
    }


def _figures(
    reached: Curves, n: int, currency: str, metric: str, behind: Mapping[tuple[str, str], Any] | None
) -> list[dict[str, Any]]:
    """Return the measures at one frame, that of a defined metric last; money in the currency of the target and in those that occur."""
    keys = {*reached, *((measure, currency) for measure in MONEY)}
    order = (*MEASURES, measure_of(metric))
    found = []
    for measure, unit in sorted(keys, key=lambda key: (order.index(key[0]), key[1] != currency, key[1])):
        curve = reached.get((measure, unit))
        known, hindsight = (curve.known[n], curve.hindsight[n]) if curve else (0, 0)
        values = {"known": _value(known, unit), "hindsight": _value(hindsight, unit)}
        events = {} if behind is None else {"events": behind.get((measure, unit), [])}
        found.append({"measure": metric_of(measure), "currency": unit or None, **values, **events})
    return found


def _value(whole: int, unit: str) -> str:
    return format(from_units(whole), "f") if unit else str(whole)
