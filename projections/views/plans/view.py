"""Questions about action plans: for each key action and step what it demands, what was done, and whether that met it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from typing import Any, Final

from domain.calendar.period import Period
from domain.calendar.work_calendar import WorkCalendar
from domain.kernel.action import given
from domain.kernel.types import GroupCode
from domain.plan.demand import Step, demanded, steps
from domain.plan.kinds import KeyAction
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.events import named
from projections.queries.membership import COMPANY
from projections.queries.organisation import Organisation
from projections.views.column import Column
from projections.views.parameters import Owner
from projections.views.plans.done import Act, Done, counted
from projections.views.plans.existing import PROJECTIONS
from projections.views.plans.states import PlanRow, overlap, plans
from projections.views.spec import Query, View, view

FEW: Final = 200
"""Of so many persons at most are the follow-ups asked for by their names; of more, everybody's."""
Due = tuple[PlanRow, str, KeyAction, Step]
"""A key action of a plan, by its item, in one of its steps."""
MET, MISSED, OPEN = "met", "missed", "open"


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period,
    *,
    owner: str | None = None,
    group: str | None = None,
    whole: bool = False,
    fiscal_month: int = 1,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return a row for each key action and step of the plans whose period overlaps `period`: the steps that do so too.

    A week or month is cut only at its plan's own edges, so it reads the same whichever period is asked for; what is due
    by the day is cut at the period's edges too.

    With `whole` the steps of a key action are summed up in one row. `group` keeps its own plan and those of its people.
    """
    kept = [
        row
        for row in plans(ask, moments, period, fiscal_month)
        if owner in (None, row.owner) and (group is None or group in _groups(row.owner, organisation, moments))
    ]
    kept.sort(key=lambda row: _rank(row.owner, organisation))
    due = [(plan, *each) for plan in kept for each in _in_force(plan, period)]
    if not due:
        return []
    span = Period(min(step.part.first for *_, step in due), max(step.part.last for *_, step in due), period.name)
    owners = {plan.owner for plan, *_ in due}
    persons = owners.isdisjoint((COMPANY, *organisation.groups())) and len(owners) <= FEW
    channels = any(action.kind == "leads" and action.channel for _, _, action, _ in due)
    done = Done(ask, span, moments, organisation, sorted(owners) if persons else None, channels=channels)
    found = _rows(due, moments, organisation, done)
    lines = list(_summed(found)) if whole else found
    if explain:
        return _explained(ask, lines, kept, moments)
    for line in lines:
        del line["acts"]
    return lines


def _groups(owner: str, organisation: Organisation, moments: AsOf) -> Sequence[str]:
    """Return the groups that an owner is or stands below."""
    if owner in organisation.groups():
        return organisation.above(owner)
    team = organisation.group_of(owner, moments.day)
    return organisation.above(team) if team else ()


def level_of(owner: str, organisation: Organisation) -> str:
    """Return the level of an owner: company, group or person."""
    return "company" if owner == COMPANY else "group" if owner in organisation.groups() else "person"


def _rank(owner: str, organisation: Organisation) -> tuple[int, str]:
    return ("company", "group", "person").index(level_of(owner, organisation)), owner


def _in_force(plan: PlanRow, period: Period) -> Iterator[tuple[str, KeyAction, Step]]:
    """Yield each key action of a plan in each step that has days in common with a period, as it was in force then."""
    common = Period(max(plan.period.first, period.first), min(plan.period.last, period.last), plan.period.name)
    for item, last in plan.items().items():
        for step in _steps(common if last.per == "day" else plan.period, last.per, period):
            action = plan.on(step.part.last).get(item)
            if action is not None:
                yield item, action, step


@lru_cache(maxsize=256)
def _steps(period: Period, per: str, within: Period) -> Sequence[Step]:
    """Return the steps of a period that have days in common with another, which many plans share."""
    return tuple(step for step in steps(period, per) if overlap(step.part, within))


def _rows(due: Iterable[Due], moments: AsOf, organisation: Organisation, done: Done) -> list[dict[str, Any]]:
    calendar = organisation.calendar()
    days_of = cache(partial(_days, calendar=calendar))
    demand = cache(partial(demanded, calendar=calendar))
    level = cache(partial(level_of, organisation=organisation))
    shown = []
    for plan, item, action, step in due:
        part = step.part
        acts = done.acts(action.kind, action.channel, plan.owner, part)
        demands, count = demand(step, action.count, action.per), counted(action.kind, acts)
        reading = result(count, demands, ended=part.last <= moments.day)
        shown.append({
            "plan": plan.plan,
            "target": plan.target,
            "state": plan.state,
            "level": level(plan.owner),
            "owner": plan.owner,
            "item": item,
            "kind": action.kind,
            "channel": action.channel,
            "count": action.count,
            "per": action.per,
            **days_of(part),
            "demanded": demands,
            "done": count,
            "result": reading,
            "met": int(reading == MET),
            "missed": int(reading == MISSED),
            "acts": acts,
        })  # fmt: skip
    return shown


def _days(part: Period, calendar: WorkCalendar) -> dict[str, Any]:
    return {
        "step": part.name,
        "first": part.first.isoformat(),
        "last": part.last.isoformat(),
        "working_days": calendar.working_days(part.first, part.last),
    }


def result(count: int, demanded: int, *, ended: bool) -> str | None:
    """Return how a step stands: met, missed once it is over, else open; None where nothing is demanded."""
    if not demanded:
        return None
    return MET if count >= demanded else MISSED if ended else OPEN


def _summed(lines: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield one row for each key action: the sums of its steps, and how many of them were met and missed."""
    whole: dict[tuple[str, str], dict[str, Any]] = {}
    for line in lines:
        held = whole.get((line["plan"], line["item"]))
        if held is None:
            whole[line["plan"], line["item"]] = {**line, "acts": list(line["acts"]), "ended": line["result"] != OPEN}
            continue
        held["last"], held["count"] = line["last"], line["count"]
        for key in ("working_days", "demanded", "done", "met", "missed"):
            held[key] += line[key]
        held["acts"] += line["acts"]
        held["ended"] = line["result"] != OPEN
    for held in whole.values():
        ended = held.pop("ended")
        yield {
            **held,
            "step": f"{held['first']}..{held['last']}",
            "result": result(held["done"], held["demanded"], ended=ended),
        }


def _plain(line: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in line.items() if key != "acts"}


def _explained(ask: Ask, lines: Sequence[dict[str, Any]], of: Sequence[PlanRow], moments: AsOf) -> list[dict[str, Any]]:
    """Return the rows, each with `events`: those of the plan, and those of what was done."""
    made = {plan.plan: list(plan.events) for plan in of}
    acts: list[Act] = [act for line in lines for act in line["acts"]]
    behind = named(ask, (act.position for act in acts), moments, corrections=True)
    return [
        {**_plain(line), "events": made[line["plan"]] + [e for act in line["acts"] for e in behind[act.position]]}
        for line in lines
    ]


@view(
    "plans",
    title="",
    about="A row for each key action and step of the period.",
    asked="sales plans --period 2024Q1 --json",
    example="sales plans --period 2024Q1 --owner zhang.san",
    needs=PROJECTIONS,
    key=("plan", "item", "step"),
    period="present",
)
class Plans(View):
    """Show the key actions of the action plans: what each week or month demands, what was done, met and missed."""

    owner: Owner | None = given("Only this owner: company, a group's code or a login.", default=None)
    group: GroupCode | None = given("Only the plans of this group and of its people.", default=None)
    total: bool = given("One line for each key action: the sums of its steps.", default=False)

    COLUMNS = (
        Column(
            "owner", "Owner",
            meaning="`company`, a group's code or a login. What the people of a group do counts for its plan.",
        ),
        Column(
            "kind", "Key action",
            meaning="leads (valid ones captured, credited to their owner), touches (customers touched on a day, each once a day,"
            " credited to who did it), intent-touches (of customers that have a grade by the end of the day), visits and calls"
            " (touches on that channel), needs (identified), proposals (delivered), quotes (issued) or contracts (signed).",
        ),
        Column("channel", "Channel", missing="", meaning="The channel that it is bound to; null for all."),
        Column(
            "count", "Count", "count",
            meaning="How many a day, week or month, as in force at the step's end; a change counts from the step in which it is"
            " filed.",
        ),
        Column("per", "Per", meaning="day, week or month."),
        Column(
            "step", "Step",
            meaning="The ISO week, or of what is due by the month the month, cut at the plan's own edges; what is due by the day"
            " is cut at the edges of the period asked for too. With --total the days of all steps.",
        ),
        Column("working_days", "Days", "count", meaning="Its working days."),
        Column(
            "demanded", "Demanded", "count",
            meaning="What is due: by the day the count on each working day; by the week the whole count where five days or more"
            " are worked, in a shorter week (holidays, the plan's edge) on each day no more than on the fullest day of a full"
            " week, which up to five a week is min(count, working days); by the month the whole count, and of a month that is cut"
            " likewise by its days.",
        ),
        Column("done", "Done", "count", meaning="What was done by the as-of day."),
        Column(
            "result", "Result", missing="n/a",
            meaning="met, missed (the step is over), open (it is not); null where nothing is due.",
        ),
        Column(
            "state", "State",
            meaning="The plan's: draft, submitted, approved, returned or filed. The filed key actions are in force, else the"
            " latest.",
        ),
        Column(
            "met", "Steps met", "count", wide=True, meaning="1 where it was met; with --total in how many steps."
        ),
        Column(
            "missed", "Steps missed", "count", wide=True,
            meaning="1 where it was missed; with --total in how many steps.",
        ),
        Column("level", "Level", wide=True, meaning="company, group or person: whose plan it is."),
        Column("first", "First day", "date", wide=True, meaning="The step's first day."),
        Column("last", "Last day", "date", wide=True, meaning="Its last one."),
        Column("item", "Item", wide=True, meaning="The key action's number in the plan, as a1."),
        Column("plan", "Id", wide=True, meaning="The plan's id."),
        Column("target", "Target", wide=True, meaning="The target that it serves."),
    )  # fmt: skip

    def columns(self, output: str) -> tuple[Column, ...]:
        shown = View.columns(self, output)
        if output != "table" or not self.total:
            return shown
        sums = (column for column in self.COLUMNS if column.key in (MET, MISSED))
        return (*shown[:-2], *sums, *shown[-2:])

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whose: Any = {"owner": self.owner, "group": self.group, "whole": self.total}
        how: Any = {"fiscal_month": q.fiscal_month, "explain": q.explain}
        return rows(q.ask, q.moments, q.organisation, q.in_period, **whose, **how)
