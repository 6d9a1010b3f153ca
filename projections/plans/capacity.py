"""The capacity check: for each person and week the touches planned, against those that the customers' cadences demand."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm
from operator import mul
from typing import Any, Final

from domain.calendar import WorkCalendar
from domain.money import ratio
from domain.period import Period
from domain.plan.demand import demanded, steps
from projections.moments import Moments, at_the_end
from projections.organisation.ask import Organisation
from projections.plans.behind import of_customers
from projections.plans.stood import PlanRow, plans
from projections.projection import Ask

OWNED: Final = """
SELECT g.owner, g.grade, g.since, g.ends FROM {{graded}} g
WHERE g.since <= ? AND g.ends > ? AND g.known_from <= ? AND g.known_to > ?
 AND g.grade IS NOT NULL AND g.owner IS NOT NULL{by}
"""
GRADES: Final = ("key", "high", "initial")
NONE: Final = (0, 0, 0)
NOTHING: Final = Fraction(0)
Owned = Mapping[str, Sequence[int]]
"""How many customers of each of the grades a person owns."""


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    period: Period,
    *,
    owner: str | None = None,
    group: str | None = None,
    fiscal_month: int = 1,
    explain: bool = False,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a row for each person and week of a period, the weeks at its edges whole, and the cadences by which they were reckoned.

    A person is shown who owns a graded customer or has a plan. Customers and grades are those at the week's end, of a week
    to come those of the as-of day. `explain` names the events of the plans, and those that graded and assigned the customers.
    """
    calendar = organisation.calendar()
    mine: dict[str, list[PlanRow]] = {}
    weeks = [step.whole for step in steps(period, "week")]
    around = Period(weeks[0].first, weeks[-1].last, period.name)
    for plan in plans(ask, moments, around, fiscal_month):
        mine.setdefault(plan.owner, []).append(plan)
    planning = {login for login in mine if _is_person(login, organisation)}
    shown: list[dict[str, Any]] = []
    policies: dict[str | None, dict[str, Any]] = {}
    ends = [at_the_end(moments, week) for week in weeks]
    owned = owned_at(ask, ends, owner)
    known: date | None = None
    told: dict[str, list[dict[str, Any]]] = {}
    texts, shares = _Texts(), _Shares(calendar)
    for n, week in enumerate(weeks):
        if explain and known != ends[n].day:
            told, known = of_customers(ask, ends[n]), ends[n].day
        (policy,) = organisation.in_force(week.first, "cadence")
        policies[policy["from"]] = policy
        head = _Week(week, policy["values"], calendar)
        for login in sorted(owned[n].keys() | planning):
            team = organisation.group_of(login, min(week.last, moments.day))
            if owner in (None, login) and (group is None or (team and group in organisation.above(team))):
                several = mine.get(login, ())
                planned = _sum([planned_in(plan, week, shares) for plan in several])
                row = head.row(login, team, owned[n].get(login, NONE), planned, texts)
                behind = [event for plan in several for event in plan.events] + told.get(login, [])
                shown.append({**row, "events": behind} if explain else row)
    return shown, list(policies.values())


def _sum(several: Sequence[Fraction]) -> Fraction:
    """Return the sum; mostly there is one, and nothing to add."""
    return several[0] if len(several) == 1 else sum(several, NOTHING)


def _is_person(owner: str, organisation: Organisation) -> bool:
    return owner != "company" and owner not in organisation.groups()


def owned_at(ask: Ask, ends: Sequence[Moments], owner: str | None = None) -> list[Owned]:
    """Return how many customers of each grade each person owned at each of these moments, which follow upon each other."""
    by, own = ("", ()) if owner is None else (" AND g.owner = ?", (owner,))
    moments = [then.micros for then in ends]
    known = (ends[-1].position, ends[-1].position)
    rows = ask(OWNED.format(by=by), (moments[-1], moments[0], *known, *own))
    alike = Counter(
        (login, grade, bisect_left(moments, since), bisect_left(moments, until)) for login, grade, since, until in rows
    )
    owned: list[dict[str, list[int]]] = [{} for _ in ends]
    for (login, grade, first, after), count in alike.items():
        for each in owned[first:after]:
            each.setdefault(login, [0, 0, 0])[GRADES.index(grade)] += count
    return list(owned)


class _Texts(dict[tuple[int, int], str]):
    """Shares (numerator, denominator) as rows show them, each written once."""

    def __missing__(self, share: tuple[int, int]) -> str:
        shown = self[share] = format(ratio(*share) or Decimal(0), "f")
        return shown


class _Week:
    """A week with what one customer of each grade demands in it, and the parts of a row that all persons share."""

    def __init__(self, week: Period, cadence: Mapping[str, Any], calendar: WorkCalendar) -> None:
        days = calendar.working_days(week.first, week.last)
        demands = [weekly(cadence[grade], days) if grade in cadence else Fraction(0) for grade in GRADES]
        self._parts = lcm(*(demand.denominator for demand in demands))
        self._demands = [int(demand * self._parts) for demand in demands]
        self._days = {"first": week.first.isoformat(), "last": week.last.isoformat(), "working_days": days}
        self._name = week.name

    def row(
        self, login: str, team: str | None, counts: Sequence[int], planned: Fraction, texts: _Texts
    ) -> dict[str, Any]:
        """Return the row of a person who owns so many customers of each grade."""
        parts, whole = self._parts, planned.denominator
        needed = sum(map(mul, counts, self._demands))
        spare = planned.numerator * parts - needed * whole
        return {
            "owner": login,
            "group": team,
            "week": self._name,
            **self._days,
            **dict(zip(GRADES, counts, strict=True)),
            "needed": texts[needed, parts],
            "planned": texts[planned.numerator, whole],
            "spare": texts[spare, whole * parts],
            "result": None if not needed else "enough" if spare >= 0 else "short",
        }


def weekly(rhythm: Mapping[str, Any], days: int) -> Fraction:
    """Return what one customer demands in a week of so many working days: on a day no more than one touch."""
    return Fraction(min(rhythm["touches"], days * rhythm["weeks"]), rhythm["weeks"]) if days else Fraction(0)


class _Shares(dict[tuple[int, str, date, date], Fraction]):
    """How much of a count a day, week or month falls into a part of a week, reckoned once."""

    def __init__(self, calendar: WorkCalendar) -> None:
        super().__init__()
        self._calendar = calendar

    def __missing__(self, asked: tuple[int, str, date, date]) -> Fraction:
        count, per, first, last = asked
        found = self[asked] = share(count, per, Period.of_days(first, last), self._calendar)
        return found


def planned_in(plan: PlanRow, week: Period, shares: _Shares) -> Fraction:
    """Return the touches that a plan demands in a week; those of a month are spread over its working days.

    Visits and calls are touches themselves, and so are touches of intent customers: the largest of the three counts.
    """
    if not week.first <= plan.period.last or not plan.period.first <= week.last:
        return NOTHING
    first, last = max(week.first, plan.period.first), min(week.last, plan.period.last)
    sums: dict[str, Fraction] = {}
    for action in plan.on(last).values():
        kind = "by channel" if action.kind in ("visits", "calls") or action.channel else action.kind
        if action.kind in ("touches", "intent-touches", "visits", "calls"):
            due = shares[action.count, action.per, first, last]
            sums[kind] = sums[kind] + due if kind in sums else due
    return max(sums.values(), default=NOTHING)


def share(count: int, per: str, part: Period, calendar: WorkCalendar) -> Fraction:
    """Return how much of `count` a day, week or month falls into a part of a week."""
    if per != "month":
        (step,) = steps(part, "week")
        return Fraction(demanded(step, count, per, calendar))
    total = Fraction(0)
    for step in steps(part, "month"):
        whole = calendar.working_days(step.whole.first, step.whole.last)
        if whole:
            total += Fraction(count * calendar.working_days(step.part.first, step.part.last), whole)
    return total
