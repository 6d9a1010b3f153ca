"""Questions about progress: for each owner and metric the target, the actual, and what is left to do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from domain.moment import instant
from domain.money import from_units, ratio, shown
from domain.period import Period
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask

COMPANY: Final = "company"
METRICS: Final = (
    ("sales", "signed", "signed"),
    ("sales", "collected", "collected"),
    ("new-customers", None, "new-customers"),
    ("repurchase-rate", None, None),
    ("leads", None, "leads"),
    ("valid-leads", None, "valid-leads"),
    ("follow-ups", None, "follow-ups"),
)
"""Each line of the view: metric, basis, and the measure that it sums (the repurchase rate has two of its own)."""

SUMS: Final = """
SELECT f.measure, f.owner, {by} f.currency, SUM({counted}) FROM {{facts}} f {join}
WHERE f.measure IN ({marks}) AND f.day BETWEEN ? AND ? AND f.since <= ? AND f.ends > ?
 AND f.known_from <= ? AND f.known_to > ? {only}
GROUP BY f.measure, f.owner, {by} f.currency
"""
MEMBERS: Final = """LEFT JOIN {memberships} m ON m.login = f.owner AND f.day BETWEEN m.first AND m.last
 AND m.known_from <= ? AND m.known_to > ?"""

COUNTED: Final = "CASE WHEN f.measure <> 'new-customers' THEN f.amount WHEN f.amount > {window} THEN 1 ELSE 0 END"

KEY_ACCOUNTS: Final = """
SELECT k.customer, k.owner,
 EXISTS (SELECT 1 FROM {facts} c WHERE c.measure = 'contract' AND c.customer = k.customer AND c.day >= ?
         AND c.day <= ? AND c.since <= ? AND c.known_from <= ? AND c.known_to > ?) AS again
FROM {facts} k
WHERE k.measure = 'key-account' AND k.since < ? AND k.ends >= ? AND k.known_from <= ? AND k.known_to > ?
 AND EXISTS (SELECT 1 FROM {facts} c WHERE c.measure = 'contract' AND c.customer = k.customer AND c.day < ?
             AND c.ends > ? AND c.known_from <= ? AND c.known_to > ?)
"""

TARGETS: Final = """
SELECT t.target, t.metric, t.basis, t.period, t.owner, t.parent, t.state, t.value, t.original, t.currency,
       t.comparator, t.allocations
FROM {targets} t
WHERE t.known_from <= ? AND t.known_to > ? AND t.since = (SELECT MAX(r.since) FROM {targets} r
      WHERE r.target = t.target AND r.since <= ? AND r.known_from <= ? AND r.known_to > ?)
"""


class TargetRow(NamedTuple):
    target: str
    metric: str
    basis: str | None
    period: str | None
    owner: str | None
    parent: str | None
    state: str
    value: Decimal | None
    original: Decimal | None
    currency: str | None
    comparator: str
    allocations: dict[str, Decimal]


class Place(NamedTuple):
    """Whose number it is: the level company, group or person, and the owner there (None: nobody's)."""

    level: str
    owner: str | None


class Actual(NamedTuple):
    value: Decimal
    numerator: int | None = None
    denominator: int | None = None


def targets(ask: Ask, moments: Moments) -> list[TargetRow]:
    """Return every target as it stood."""
    known = (moments.position, moments.position)
    rows = ask(TARGETS, (*known, moments.micros, *known))
    return [
        TargetRow._make(
            (
                *row[:7],
                _number(row[7]),
                _number(row[8]),
                *row[9:11],
                {child: Decimal(share) for child, share in json.loads(row[11]).items()},
            )
        )
        for row in rows
    ]


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


class Actuals:
    """What was reached in a period, by measure, place and currency."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.sums: dict[tuple[str, Place, str], int] = {}

    def credit(self, measure: str, owner: str, group: str | None, currency: str, amount: int) -> None:
        """Count an amount for its person, the person's group and those above it, and the company."""
        places = [Place("company", COMPANY), Place("person", owner or None)]
        places += (Place("group", code) for code in self.organisation.above(group)) if group else ()
        for place in places:
            key = (measure, place, currency)
            self.sums[key] = self.sums.get(key, 0) + amount


def actuals(ask: Ask, period: Period, moments: Moments, organisation: Organisation) -> Actuals:
    """Sum the facts of a period as of a moment, credited to the group that each owner was in on the fact's day."""
    found = Actuals(organisation)
    first, last = period.first.toordinal(), min(period.last, moments.day).toordinal()
    movers = sorted(_movers(organisation, first, last))
    measures = sorted({measure for *_, measure in METRICS if measure})
    within = (*measures, first, last, moments.micros, moments.micros, moments.position, moments.position)
    marks = ", ".join("?" * len(measures))
    counted = counted_by(organisation)
    still = f"AND f.owner NOT IN ({', '.join('?' * len(movers))})" if movers else ""
    for measure, owner, currency, amount in ask(
        SUMS.format(by="", join="", counted=counted, marks=marks, only=still), (*within, *movers)
    ):
        group = organisation.group_of(owner, date.fromordinal(last)) if owner and last >= first else None
        found.credit(measure, owner, group, currency, int(amount))
    if movers:
        moved = f"AND f.owner IN ({', '.join('?' * len(movers))})"
        sql = SUMS.format(by="m.groups,", join=MEMBERS, counted=counted, marks=marks, only=moved)
        for measure, owner, group, currency, amount in ask(sql, (moments.position, moments.position, *within, *movers)):
            found.credit(measure, owner, group, currency, int(amount))
    return found


def counted_by(organisation: Organisation) -> str:
    """Return the SQL for what a fact counts: a signing is a new customer's by the window in force on its day."""
    window = "12"
    for first, values in organisation.policies("new-customer-window"):
        window = f"CASE WHEN f.day >= {first.toordinal()} THEN {int(values['months'])} ELSE {window} END"
    return COUNTED.format(window=window)


def _movers(organisation: Organisation, first: int, last: int) -> Iterator[str]:
    """Yield who was not in one and the same group, or none, all through the days."""
    for login, spans in organisation.memberships().items():
        inside = [span for span in spans if span[0] <= last and span[1] >= first]
        if inside and not (len(inside) == 1 and inside[0][0] <= first and inside[0][1] >= last):
            yield login


def repurchases(ask: Ask, period: Period, moments: Moments, organisation: Organisation) -> dict[Place, tuple[int, int]]:
    """Return (who bought again, who could have) of the key accounts at the period's start, by place.

    Key accounts with an earlier effective contract make the denominator, credited to their owner at the start.
    """
    start = instant(period.first.isoformat(), moments.zone)
    known = (moments.position, moments.position)
    first = period.first.toordinal()
    again = (first, min(period.last, moments.day).toordinal(), moments.micros, *known)
    rows = ask(KEY_ACCOUNTS, (*again, start, start, *known, first, moments.micros, *known))
    rates: dict[Place, tuple[int, int]] = {}
    if start > moments.micros:
        return rates
    for _, owner, bought in rows:
        group = organisation.group_of(owner, period.first) if owner else None
        places = [Place("company", COMPANY), Place("person", owner or None)]
        places += (Place("group", code) for code in organisation.above(group)) if group else ()
        for place in places:
            numerator, denominator = rates.get(place, (0, 0))
            rates[place] = (numerator + int(bool(bought)), denominator + 1)
    return rates


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
) -> list[dict[str, Any]]:
    """Return the progress rows of a period: company, groups, persons, and what belongs to nobody; by metric and basis."""
    found = actuals(ask, period, moments, organisation)
    rates = repurchases(ask, period, moments, organisation) if metric in (None, "repurchase-rate") else {}
    everything = targets(ask, moments)
    mine = {(t.metric, t.basis, t.owner): t for t in everything if t.period == period.name and t.state != "withdrawn"}
    speed = pace(period, moments, organisation)
    shown_rows = []
    for place in _places(organisation, found, rates, mine):
        if (level and place.level != level) or (owner and place.owner != owner):
            continue
        for name, basis, measure in METRICS:
            if metric and name != metric:
                continue
            target = mine.get((name, basis, place.owner)) or (
                mine.get((name, "signed", place.owner)) if basis == "collected" else None
            )
            for actual, unit in _actuals_of(place, name, measure, found, rates, target, currency):
                shown_rows.append(_row(place, name, basis, period, target, actual, unit, speed, everything))
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
    rates: Mapping[Place, tuple[int, int]],
    target: TargetRow | None,
    currency: str,
) -> Iterator[tuple[Actual | None, str | None]]:
    """Yield the actual of a place, for money one for each currency that occurs."""
    if metric == "repurchase-rate":
        numerator, denominator = rates.get(place, (0, 0))
        value = ratio(numerator, denominator)
        yield (None if value is None else Actual(value, numerator, denominator)), None
    elif metric != "sales":
        yield Actual(Decimal(found.sums.get((measure or "", place, ""), 0))), None
    else:
        wanted = (target.currency if target else None) or currency
        used = [c for m, p, c in found.sums if m == measure and p == place and c != wanted]
        for unit in [wanted, *sorted(used)] if (target or not used or (measure, place, wanted) in found.sums) else used:
            yield Actual(from_units(found.sums.get((measure or "", place, unit), 0))), unit


def _row(
    place: Place,
    metric: str,
    basis: str | None,
    period: Period,
    target: TargetRow | None,
    actual: Actual | None,
    currency: str | None,
    speed: Pace,
    everything: Sequence[TargetRow],
) -> dict[str, Any]:
    if target and currency and target.currency != currency:
        target = None
    value = target.value if target else None
    reached = actual.value if actual else None
    gap = value - reached if value is not None and reached is not None else None
    allocated = _allocated(target, everything) if target and value is not None else None
    rate = metric == "repurchase-rate"
    return {
        "level": place.level,
        "owner": place.owner,
        "metric": metric,
        "basis": basis,
        "period": period.name,
        "state": target.state if target else None,
        "target": _text(value),
        "original_target": _text(target.original if target else None),
        "actual": _text(reached),
        "numerator": actual.numerator if actual else (0 if rate else None),
        "denominator": actual.denominator if actual else (0 if rate else None),
        "attainment": _text(_attained(actual, value)),
        "gap": _text(gap),
        "working_days": speed.working,
        "elapsed_days": speed.elapsed,
        "daily_need": _daily(gap, speed.left, metric),
        "allocated": _text(allocated),
        "unallocated": _text(value - allocated) if value is not None and allocated is not None else None,
        "currency": currency,
    }


def _attained(actual: Actual | None, value: Decimal | None) -> Decimal | None:
    if actual is None or value is None:
        return None
    if actual.denominator is not None and actual.numerator is not None:
        return ratio(Decimal(actual.numerator), value * actual.denominator)
    return ratio(actual.value, value)


def _daily(gap: Decimal | None, left: int, metric: str) -> str | None:
    if gap is None or metric == "repurchase-rate":
        return None
    if gap <= 0:
        return "0"
    if left <= 0:
        return None
    return _text(shown(gap / left) if metric == "sales" else ratio(gap, left))


def _allocated(target: TargetRow, everything: Sequence[TargetRow]) -> Decimal:
    shares = dict(target.allocations)
    for child in everything:
        if child.state == "withdrawn":
            shares.pop(child.target, None)
        elif child.parent == target.target and child.value is not None:
            shares.setdefault(child.target, child.value)
    return sum(shares.values(), Decimal(0))


def met(row: Mapping[str, Any]) -> bool | None:
    """Say whether a row's target is met, compared exactly; None where there is no target or nothing to compare."""
    if row["target"] is None or row["actual"] is None:
        return None
    target = Decimal(row["target"])
    if row["denominator"]:
        return bool(row["numerator"] >= target * row["denominator"])
    return Decimal(row["actual"]) >= target


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
