"""Which events changed which number of progress: facts that came, left or count elsewhere, and steps of targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.calendar.period import Period
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.views.diff.compare import Difference
from projections.views.diff.context_events import meanwhile
from projections.views.diff.explain_facts import Look, Place, of_actuals, of_rates
from projections.views.diff.explain_metrics import of_defined
from projections.views.diff.explain_targets import OF_TARGET, OfTargets
from projections.views.diff.explain_tracking import Behind
from projections.views.progress.actuals import measure_behind
from projections.views.progress.custom_metrics import SIGN

NAMED: Final[Mapping[str, str]] = {
    "value": "target",
    "original": "original_target",
    "id": "state",
    "revisions": "state",
    "over_allocated": "unallocated",
}
"""What the view targets calls otherwise, or makes of it."""

OF_ACTUAL: Final = ("actual", "numerator", "denominator")


def behind(ask: Ask, differences: Sequence[Difference], before: AsOf, after: AsOf, period: Period) -> list[Behind]:
    """Return the events behind each difference of the view progress."""
    look = Look(ask, period, before, after)
    measures = sorted({measure_of(each.key) for each in differences} - {""})
    facts = [measure for measure in measures if not measure.startswith(SIGN)]
    actual = {**of_actuals(look, facts), **of_defined(look, measures)}
    rates = of_rates(look) if any(d.key["metric"] == "repurchase-rate" for d in differences) else {}
    standing = OfTargets(look, differences)
    return [_of(each, look, actual, rates, standing) for each in differences]


def _of(
    each: Difference, look: Look, actual: Mapping[Any, Behind], rates: Mapping[Place, Behind], standing: OfTargets
) -> Behind:
    """Return the events behind one difference: its own, and those of what it follows from."""
    key, field = each.key, each.field
    place = (key["level"], key["owner"])
    if field == "working_days" and look.calendars:
        return dict.fromkeys(look.calendars)
    of_actual = (
        rates.get(place, {})
        if key["metric"] == "repurchase-rate"
        else actual.get((measure_of(key), place, key["currency"] or ""), {})
    )
    if field in OF_ACTUAL:
        events = dict(of_actual)
    elif field in OF_TARGET:
        events = standing.events(each, field)
    else:
        events = _following(each, of_actual, standing)
    if not events and field == "daily_need":
        events = dict.fromkeys(look.calendars)
    return events or dict.fromkeys(_nearest(each, look, standing))


def _following(each: Difference, of_actual: Behind, standing: OfTargets) -> Behind:
    """Return what is behind attainment, gap or daily need: the actual, the target, or both, whichever changed."""
    one, other = ((row or {}) for row in each.rows)
    events: Behind = {}
    if any(one.get(name) != other.get(name) for name in OF_ACTUAL):
        gap = each.field == "gap"
        events.update({position: -share if gap and share else None for position, share in of_actual.items()})
    if one.get("target") != other.get("target"):
        events.update(dict.fromkeys(standing.events(each, "target")))
    return events


def _nearest(each: Difference, look: Look, standing: OfTargets) -> list[int]:
    """Return what happened meanwhile to whom the row belongs to, where nothing closer is found."""
    level, owner = each.key["level"], each.key["owner"]
    prefix = {"person": "per_", "group": "grp_"}.get(level)
    subjects = [*standing.ids(each), *([prefix + owner] if prefix and owner else [])]
    found = meanwhile(look.ask, subjects, look.before, look.after)
    return found or look.grouped or look.policies


def behind_targets(
    ask: Ask, differences: Sequence[Difference], before: AsOf, after: AsOf, period: Period
) -> list[Behind]:
    """Return the events behind each difference of the view targets, whose figures are those of progress."""
    read = []
    for each in differences:
        rows = tuple({**row, "target": row["value"]} if row else None for row in each.rows)
        unit = next((row["currency"] for row in reversed(each.rows) if row), None)
        field = NAMED.get(each.field, each.field)
        read.append(each._replace(key={**each.key, "currency": unit}, field=field, rows=(rows[0], rows[1])))
    return behind(ask, read, before, after, period)


def measure_of(key: Mapping[str, Any]) -> str:
    return measure_behind(key["metric"], key["basis"]) or ""
