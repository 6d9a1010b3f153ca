"""Questions about progress: for each owner and metric the target, the actual, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from domain.calendar.period import Period
from domain.kernel.money import from_units, ratio, shown, text_of
from projections.engine.as_of import Moments
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.queries.targets import Allocations, TargetRow, targets
from projections.views.progress import custom_metrics
from projections.views.progress.actuals import COMPANY, Actual, Actuals, Place, actuals, lines, repurchases


class Pace(NamedTuple):
    """The period's working days, those elapsed by the as-of day (which counts), and those left."""

    working: int
    elapsed: int

    @property
    def left(self) -> int:
        return self.working - self.elapsed


def pace(period: Period, moments: Moments, organisation: Organisation) -> Pace:
    """Return the pace of a period as of a moment, by the calendar known then."""
    calendar = organisation.calendar()
    working = calendar.working_days(period.first, period.last)
    return Pace(working, calendar.working_days(period.first, min(period.last, moments.day)))


def rows(
    ask: Ask,
    period: Period,
    moments: Moments,
    organisation: Organisation,
    *,
    currency: str,
    metric: str | None = None,
    level: str | None = None,
    owner: str | None = None,
    aimed: Sequence[TargetRow] | None = None,
) -> list[dict[str, Any]]:
    """Return the progress rows of a period: company, groups, persons, and what belongs to nobody; by metric and basis.

    With `aimed`, which are all targets of the period, the rows are those of what has a target alone, and what is shared out of
    it is not looked for. Asks progress, and records where metrics are defined.
    """
    everything = targets(ask, moments) if aimed is None else aimed
    shares = Allocations(everything)
    standing = (t for t in everything if t.period == period.name and t.owner and t.state not in ("", "withdrawn"))
    mine = {(t.metric, t.basis, t.owner): t for t in standing}
    targeted = {(name, basis) for name, basis, _ in mine}
    own = custom_metrics.names(organisation, period, {name for name, _ in targeted})
    shown_lines, known = lines(targeted, own), lines(targeted)
    if aimed is not None:
        named = {name for name, _ in targeted}
        shown_lines, known = (tuple(line for line in some if line[0] in named) for some in (shown_lines, known))
    rated = metric in (None, "repurchase-rate") and any(name == "repurchase-rate" for name, _, _ in shown_lines)
    rates = repurchases(ask, period, moments, organisation) if rated else {}
    found = actuals(ask, period, moments, organisation, sorted({m for *_, m in known if m}))
    for each in custom_metrics.counted(ask, period, moments, organisation, metric) if own else ():
        group = organisation.group_of(each.owner, each.day) if each.owner else None
        found.credit(custom_metrics.measure_of(each.metric), each.owner, group, each.currency, each.number)
    currencies: dict[tuple[str, Place], list[str]] = {}
    for measured, of, unit in found.sums:
        currencies.setdefault((measured, of), []).append(unit)
    money = {"sales", *(custom_metrics.sums(organisation, period) if own else ())}
    speed = pace(period, moments, organisation)
    shown_rows = []
    for place in _places(organisation, found, rates, mine):
        if (level and place.level != level) or (owner and place.owner != owner):
            continue
        for name, basis, measure in shown_lines:
            if metric and name != metric:
                continue
            target = mine.get((name, basis, place.owner)) or (
                mine.get((name, "signed", place.owner)) if basis == "collected" else None
            )
            if target is None and aimed is not None:
                continue
            first = ((target.currency if target else None) or currency) if name in money else None
            for actual, shown_unit in _actuals_of(place, name, measure, found, currencies, rates, target, first):
                shown_rows.append(_row(place, name, basis, period, target, actual, shown_unit, speed, shares))
    return shown_rows


def _places(
    organisation: Organisation,
    found: Actuals,
    rates: Mapping[Place, Any],
    mine: Mapping[tuple[str, str | None, str | None], TargetRow],
) -> list[Place]:
    persons = [p.login for p in organisation.persons()]
    places = [Place("company", COMPANY)]
    places += (Place("group", code) for code in organisation.groups())
    places += (Place("person", login) for login in persons)
    known = set(places)
    for place in sorted({key[1] for key in found.sums} | set(rates), key=lambda p: (p.owner is None, p.owner or "")):
        if place not in known and (place.owner is not None or place.level == "person"):
            places.append(place)
    return places


def _actuals_of(
    place: Place,
    metric: str,
    measure: str | None,
    found: Actuals,
    currencies: Mapping[tuple[str, Place], Sequence[str]],
    rates: Mapping[Place, tuple[int, int]],
    target: TargetRow | None,
    currency: str | None,
) -> Iterator[tuple[Actual | None, str | None]]:
    """Yield the actual of a place, for money one for each unit that occurs; `currency` is the first, None for a count."""
    if metric == "repurchase-rate":
        numerator, denominator = rates.get(place, (0, 0))
        value = ratio(numerator, denominator)
        yield (None if value is None else Actual(value, numerator, denominator)), None
        return
    wanted = currency or ""
    used = sorted(unit for unit in currencies.get((measure or "", place), ()) if unit != wanted)
    for unit in [wanted, *used] if (target or not used or (measure, place, wanted) in found.sums) else used:
        reached = found.sums.get((measure or "", place, unit), 0)
        yield Actual(from_units(reached) if unit else Decimal(reached)), unit or None


def _row(
    place: Place,
    metric: str,
    basis: str | None,
    period: Period,
    target: TargetRow | None,
    actual: Actual | None,
    currency: str | None,
    speed: Pace,
    shares: Allocations,
) -> dict[str, Any]:
    if target and currency and target.currency != currency:
        target = None
    value = target.value if target else None
    reached = actual.value if actual else None
    gap = value - reached if value is not None and reached is not None else None
    shared = shares.of(target) if target and value is not None else None
    rate = metric == "repurchase-rate"
    return {
        "level": place.level,
        "owner": place.owner,
        "metric": metric,
        "basis": basis,
        "period": period.name,
        "state": target.state if target else None,
        "target": text_of(value),
        "original_target": text_of(target.original if target else None),
        "actual": text_of(reached),
        "numerator": actual.numerator if actual else (0 if rate else None),
        "denominator": actual.denominator if actual else (0 if rate else None),
        "attainment": text_of(_attained(actual, value)),
        "gap": text_of(gap),
        "working_days": speed.working,
        "elapsed_days": speed.elapsed,
        "daily_need": None if rate else _daily(gap, speed.left, money=currency is not None),
        "allocated": text_of(shared),
        "unallocated": text_of(value - shared) if value is not None and shared is not None else None,
        "currency": currency,
    }


def _attained(actual: Actual | None, value: Decimal | None) -> Decimal | None:
    if actual is None or value is None:
        return None
    if actual.denominator is not None and actual.numerator is not None:
        return ratio(Decimal(actual.numerator), value * actual.denominator)
    return ratio(actual.value, value)


def _daily(gap: Decimal | None, left: int, *, money: bool) -> str | None:
    if gap is None:
        return None
    if gap <= 0:
        return "0"
    if left <= 0:
        return None
    return text_of(shown(gap / left) if money else ratio(gap, left))


def met(row: Mapping[str, Any]) -> bool | None:
    """Say whether a row's target is met, compared exactly; None where there is no target or nothing to compare."""
    if row["target"] is None or row["actual"] is None:
        return None
    target = Decimal(row["target"])
    if row["denominator"]:
        return bool(row["numerator"] >= target * row["denominator"])
    return Decimal(row["actual"]) >= target
