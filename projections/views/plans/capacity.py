"""The capacity check: for each person and week the touches planned, in all and by channel, against those that cadences demand."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm
from operator import mul
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from domain.calendar.work_calendar import WorkCalendar
from domain.kernel.action import given
from domain.kernel.money import ratio
from domain.kernel.types import GroupCode, Login
from domain.plan.demand import demanded, steps
from domain.plan.kinds import TOUCHES, KeyAction
from projections.engine.as_of import AsOf, at_the_end
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views.column import Column, Note, Row, Rows
from projections.views.parameters import PEOPLE, PERSON
from projections.views.plans.events import of_customers
from projections.views.plans.existing import PROJECTIONS
from projections.views.plans.states import PlanRow, plans
from projections.views.spec import Query, View, by_policies, view

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
CHANNELS: Final[Mapping[str, str]] = {"visits": "visit", "calls": "call"}
"""The kinds of key actions that are touches by one channel."""


class Planned(NamedTuple):
    """The touches that plans demand: in all, and of these by each channel that they name."""

    whole: Fraction = NOTHING
    channels: Mapping[str, Fraction] = {}

    def with_more(self, more: Planned) -> Planned:
        """Return what both demand together."""
        names = dict.fromkeys((*self.channels, *more.channels))
        both = {name: self.channels.get(name, NOTHING) + more.channels.get(name, NOTHING) for name in names}
        return Planned(self.whole + more.whole, both)


UNPLANNED: Final = Planned()


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period,
    *,
    owner: str | None = None,
    group: str | None = None,
    fiscal_month: int = 1,
    explain: bool = False,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a row for each person and week of a period, the weeks at its edges whole, and the cadences by which they were reckoned.

    `channels` says the same of each channel that a cadence asks for or a plan names. A person is shown who owns a graded customer or
    has a plan. Customers and grades are those at the week's end, of a week
    to come those of the as-of day. `explain` names the events of the plans, and those that graded and assigned the customers.
    """
    calendar = organisation.calendar()
    mine: dict[str, list[_Plan]] = {}
    weeks = [step.whole for step in steps(period, "week")]
    around = Period(weeks[0].first, weeks[-1].last, period.name)
    for plan in plans(ask, moments, around, fiscal_month):
        mine.setdefault(plan.owner, []).append(_Plan.of(plan))
    planning = {login for login in mine if _is_person(login, organisation)}
    shown: list[dict[str, Any]] = []
    ends = [at_the_end(moments, week) for week in weeks]
    owned = owned_at(ask, ends, owner)
    known: date | None = None
    told: dict[str, list[dict[str, Any]]] = {}
    texts, sums = _Texts(), _Sums(calendar)
    for n, week in enumerate(weeks):
        if explain and known != ends[n].day:
            told, known = of_customers(ask, ends[n]), ends[n].day
        (policy,) = organisation.in_force(week.first, "cadence")
        head, teams = _Week(week, policy["values"], calendar), organisation.teams(min(week.last, moments.day))
        planned = _planned(mine, week, sums)
        for login in sorted(owned[n].keys() | planning):
            team = teams.get(login)
            if owner in (None, login) and (group is None or (team and group in organisation.above(team))):
                row = head.row(login, team, owned[n].get(login, NONE), planned.get(login, UNPLANNED), texts)
                if explain:
                    behind = [event for plan in mine.get(login, ()) for event in plan.events]
                    row["events"] = behind + told.get(login, [])
                shown.append(row)
    return shown, cadences(organisation, period)


def cadences(organisation: Organisation, period: Period) -> list[dict[str, Any]]:
    """Return the values of the cadence by which the weeks of a period are reckoned, the first in force first."""
    found = (organisation.in_force(step.whole.first, "cadence")[0] for step in steps(period, "week"))
    return list({policy["from"]: policy for policy in found}.values())


def _planned(mine: Mapping[str, Sequence[_Plan]], week: Period, sums: _Sums) -> dict[str, Planned]:
    """Return the touches that the plans of each person demand in a week; mostly there is one, and nothing to add."""
    found: dict[str, Planned] = {}
    for login, several in mine.items():
        for plan in several:
            if plan.last >= week.first and plan.first <= week.last:
                demands = plan.within(week, sums)
                found[login] = found[login].with_more(demands) if login in found else demands
    return found


def _is_person(owner: str, organisation: Organisation) -> bool:
    return owner != "company" and owner not in organisation.groups()


def owned_at(ask: Ask, ends: Sequence[AsOf], owner: str | None = None) -> list[Owned]:
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
        self._channels = by_channel([cadence.get(grade, {}) for grade in GRADES], demands)
        self._name, self._first, self._last, self._days = week.name, week.first.isoformat(), week.last.isoformat(), days

    def row(self, login: str, team: str | None, counts: Sequence[int], plans: Planned, texts: _Texts) -> dict[str, Any]:
        """Return the row of a person who owns so many customers of each grade."""
        parts, whole, above = self._parts, plans.whole.denominator, plans.whole.numerator
        needed = sum(map(mul, counts, self._demands))
        spare = above * parts - needed * whole
        key, high, initial = counts
        return {
            "owner": login,
            "group": team,
            "week": self._name,
            "first": self._first,
            "last": self._last,
            "working_days": self._days,
            "key": key,
            "high": high,
            "initial": initial,
            "needed": texts[needed, parts],
            "planned": texts[above, whole],
            "spare": texts[spare, whole * parts],
            "result": None if not needed else "enough" if spare >= 0 else "short",
            "channels": self._of_channels(counts, plans, texts),
        }

    def _of_channels(self, counts: Sequence[int], plans: Planned, texts: _Texts) -> list[dict[str, str]]:
        """Return for each channel what its customers demand of it and what is planned by it."""
        found = []
        for name in dict.fromkeys((*self._channels, *plans.channels)):
            needed = sum(map(mul, counts, self._channels[name]), NOTHING) if name in self._channels else NOTHING
            planned = plans.channels.get(name, NOTHING)
            if needed or planned:
                shares = {"needed": needed, "planned": planned, "spare": planned - needed}
                told = {key: texts[share.numerator, share.denominator] for key, share in shares.items()}
                found.append({"channel": name, **told})
        return found


def by_channel(rhythms: Sequence[Mapping[str, Any]], demands: Sequence[Fraction]) -> dict[str, list[Fraction]]:
    """Return what one customer of each grade demands of each channel in a week: each channel once, if there are days for all."""
    found: dict[str, list[Fraction]] = {}
    for n, (rhythm, demand) in enumerate(zip(rhythms, demands, strict=True)):
        channels = rhythm.get("channels", ())
        for name in channels:
            each = min(Fraction(1, rhythm["weeks"]), demand / len(channels))
            found.setdefault(name, [NOTHING] * len(rhythms))[n] = each
    return found


def weekly(rhythm: Mapping[str, Any], days: int) -> Fraction:
    """Return what one customer demands in a week of so many working days: on a day no more than one touch."""
    return Fraction(min(rhythm["touches"], days * rhythm["weeks"]), rhythm["weeks"]) if days else Fraction(0)


Needs = tuple[tuple[str, int, str, str | None], ...]
"""What key actions ask of contacts: as what they count, how many, whether a day, week or month, and by which channel."""


class _Plan(NamedTuple):
    """A plan's period, what its key actions ask of contacts by the day of their filing, and its events."""

    first: date
    last: date
    versions: Sequence[tuple[date, Needs]]
    events: Sequence[dict[str, Any]]

    @classmethod
    def of(cls, plan: PlanRow) -> _Plan:
        versions = [(filed, tuple(map(_need, filter(_touches, actions.values())))) for filed, actions in plan.versions]
        return cls(plan.period.first, plan.period.last, versions, plan.events)

    def within(self, week: Period, sums: _Sums) -> Planned:
        """Return the touches that the plan demands in a week that it reaches into, by its key actions at the end of that part."""
        first, last = max(week.first, self.first), min(week.last, self.last)
        needs = self.versions[0][1]
        for filed, later in self.versions[1:]:
            if filed > last:
                break
            needs = later
        return sums[needs, first, last]


def _touches(action: KeyAction) -> bool:
    return action.kind in TOUCHES


def _need(action: KeyAction) -> tuple[str, int, str, str | None]:
    channel = CHANNELS.get(action.kind) or action.channel
    return "by channel" if channel else action.kind, action.count, action.per, channel


class _Sums(dict[tuple[Needs, date, date], Planned]):
    """The touches that key actions demand in a part of a week, reckoned once for all plans that are alike.

    Visits and calls are touches themselves, and so are touches of intent customers: the largest of the three counts. Those of
    a month are spread over its working days.
    """

    def __init__(self, calendar: WorkCalendar) -> None:
        super().__init__()
        self._calendar = calendar

    def __missing__(self, asked: tuple[Needs, date, date]) -> Planned:
        needs, first, last = asked
        part, sums, channels = Period.of_days(first, last), dict[str, Fraction](), dict[str, Fraction]()
        for kind, count, per, channel in needs:
            touches = share(count, per, part, self._calendar)
            sums[kind] = sums.get(kind, NOTHING) + touches
            if channel:
                channels[channel] = channels.get(channel, NOTHING) + touches
        found = self[asked] = Planned(max(sums.values(), default=NOTHING), channels)
        return found


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


def by_each(row: Row) -> list[str] | None:
    """Return what is planned by each channel of what is needed, as a reader takes it in: visit 3 / 4."""
    return [f"{part['channel']} {part['planned']} / {part['needed']}" for part in row["channels"]] or None


@view(
    "capacity",
    title="",
    about="A row for each person and week of the period.",
    asked="sales capacity --period 2024Q1 --json",
    example="sales capacity --period 2024Q1 --group g1",
    needs=PROJECTIONS,
    key=("owner", "week"),
    period="present",
)
class Capacity(View):
    """Show for each person and week the touches that the plan commits to against those that the owned customers demand."""

    owner: Login | None = PERSON
    group: GroupCode | None = PEOPLE
    short: bool = given("Only the weeks in which more is demanded than is planned.", default=False)

    COLUMNS = (
        Column(
            "owner", "Owner", form="login",
            meaning="Whose week it is: everybody who owns a graded customer or has a plan.",
        ),
        Column(
            "group", "Group", missing="", form="group code", meaning="The person's group at the week's end."
        ),
        Column("week", "Week", meaning="The ISO week; at the period's edges the whole one."),
        Column("working_days", "Days", "count", meaning="Its working days."),
        Column(
            "key", "Graded key", "count",
            meaning="Key customers owned at the week's end, of a week to come those of the as-of day; lost and invalid ones are"
            " left out.",
        ),
        Column("high", "Graded high", "count", meaning="Likewise those of high intent."),
        Column("initial", "Graded initial", "count", meaning="Likewise those of initial intent."),
        Column(
            "needed", "Needed", "count", form="number",
            meaning="The touches that the cadence demands of them: for each min(touches, working days), one in two weeks counting"
            " as half a week's.",
        ),
        Column(
            "planned", "Planned", "count", form="number",
            meaning="The touches that the person's own plans commit to: the largest of touches, intent touches, and what is bound"
            " to a channel (visits, calls) together, for one touch may be all of them; a month's are spread over its working"
            " days.",
        ),
        Column("spare", "Spare", "count", form="number", meaning="planned minus needed."),
        Column("result", "Result", missing="", meaning="enough or short; null where nothing is needed."),
        Column(
            "channels", "By channel", missing="", form="list", text=by_each,
            meaning="For each channel that a cadence asks for or a plan names: `channel`, `needed` (a touch in the cadence's"
            " weeks, or less where there are not days enough for all channels), `planned` (visits, calls, touches bound to it),"
            " `spare`.",
        ),
        Column("first", "First day", "date", wide=True, meaning="Its first day."),
        Column("last", "Last day", "date", wide=True, meaning="Its last one."),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whose: Any = {"owner": self.owner, "group": self.group}
        how: Any = {"fiscal_month": q.fiscal_month, "explain": q.explain}
        found, _ = rows(q.ask, q.moments, q.organisation, q.in_period, **whose, **how)
        return [row for row in found if row["result"] == "short"] if self.short else found

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {"policies": cadences(q.organisation, q.in_period)}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        yield by_policies(q.said["policies"])
