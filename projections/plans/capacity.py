"""The capacity check: for each person and week the touches planned, against those that the customers' cadences demand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from domain.calendar import WorkCalendar
from domain.money import ratio
from domain.period import Period
from domain.plan.demand import demanded, steps
from projections.customers import STOOD, stood_at
from projections.moments import Moments, at_the_end
from projections.organisation.ask import Organisation
from projections.plans.behind import of_customers
from projections.plans.stood import PlanRow, plans
from projections.projection import Ask

OWNED: Final = f"""
SELECT t.owner, t.grade, COUNT(*) FROM {{tracked}} c {STOOD}
 AND t.owner IS NOT NULL AND t.grade IS NOT NULL AND t.stage NOT IN ('lost', 'invalid') GROUP BY t.owner, t.grade
"""
GRADES: Final = ("key", "high", "initial")
Owned = Mapping[tuple[str, str], int]


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
    shown: list[dict[str, Any]] = []
    policies: dict[str | None, dict[str, Any]] = {}
    owned: Owned = {}
    known: date | None = None
    told: dict[str, list[dict[str, Any]]] = {}
    for week in weeks:
        then = at_the_end(moments, week)
        if known != then.day:
            owned, known = owned_at(ask, then), then.day
            told = of_customers(ask, then) if explain else {}
        (policy,) = organisation.in_force(week.first, "cadence")
        policies[policy["from"]] = policy
        people = sorted({login for login, _ in owned} | {login for login in mine if _is_person(login, organisation)})
        for login in people:
            team = organisation.group_of(login, min(week.last, moments.day))
            above = organisation.above(team) if team else []
            if owner in (None, login) and (group is None or group in above):
                planned = sum((planned_in(plan, week, calendar) for plan in mine.get(login, ())), Fraction(0))
                row = _row(login, team, week, owned, policy["values"], planned, calendar)
                behind = [event for plan in mine.get(login, ()) for event in plan.events] + told.get(login, [])
                shown.append({**row, "events": behind} if explain else row)
    return shown, list(policies.values())


def _is_person(owner: str, organisation: Organisation) -> bool:
    return owner != "company" and owner not in organisation.groups()


def owned_at(ask: Ask, moments: Moments) -> Owned:
    """Return how many customers of each grade each person owned."""
    return {(login, grade): int(count) for login, grade, count in ask(OWNED, stood_at(moments))}


def _row(
    login: str,
    team: str | None,
    week: Period,
    owned: Owned,
    cadence: Mapping[str, Any],
    planned: Fraction,
    calendar: WorkCalendar,
) -> dict[str, Any]:
    days = calendar.working_days(week.first, week.last)
    counts = {grade: owned.get((login, grade), 0) for grade in GRADES}
    needed = sum((counts[grade] * weekly(cadence[grade], days) for grade in GRADES if grade in cadence), Fraction(0))
    return {
        "owner": login,
        "group": team,
        "week": week.name,
        "first": week.first.isoformat(),
        "last": week.last.isoformat(),
        "working_days": days,
        **counts,
        "needed": _text(needed),
        "planned": _text(planned),
        "spare": _text(planned - needed),
        "result": None if not needed else "enough" if planned >= needed else "short",
    }


def weekly(rhythm: Mapping[str, Any], days: int) -> Fraction:
    """Return what one customer demands in a week of so many working days: on a day no more than one touch."""
    return Fraction(min(rhythm["touches"], days * rhythm["weeks"]), rhythm["weeks"]) if days else Fraction(0)


def planned_in(plan: PlanRow, week: Period, calendar: WorkCalendar) -> Fraction:
    """Return the touches that a plan demands in a week; those of a month are spread over its working days.

    Visits and calls are touches themselves, and so are touches of intent customers: the largest of the three counts.
    """
    if not week.first <= plan.period.last or not plan.period.first <= week.last:
        return Fraction(0)
    part = Period(max(week.first, plan.period.first), min(week.last, plan.period.last), week.name)
    sums: dict[str, Fraction] = {}
    for action in plan.on(part.last).values():
        kind = "by channel" if action.kind in ("visits", "calls") or action.channel else action.kind
        if action.kind in ("touches", "intent-touches", "visits", "calls"):
            sums[kind] = sums.get(kind, Fraction(0)) + share(action.count, action.per, part, calendar)
    return max(sums.values(), default=Fraction(0))


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


def _text(value: Fraction) -> str:
    return format(ratio(Decimal(value.numerator), Decimal(value.denominator)) or Decimal(0), "f")
