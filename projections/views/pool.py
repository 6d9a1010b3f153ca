"""Questions about the public pool 公海: who is in it and may be claimed by whom, and who is about to be recalled into it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from domain.calendar.moment import day_of
from domain.calendar.period import Period
from domain.customer.tenure import KEPT, Held, claimable_from, recall_day
from domain.kernel.action import given
from domain.kernel.types import GroupCode, Login
from domain.policy.defaults import whole
from projections.engine.as_of import AsOf
from projections.engine.json import reader
from projections.engine.projection import Ask
from projections.queries.customers import STOOD, stood_at
from projections.queries.events import named
from projections.queries.groups import Groups
from projections.queries.organisation import Organisation
from projections.queries.record_events import found
from projections.views.column import Column, Note, Rows
from projections.views.columns import COMPANY, GROUP
from projections.views.columns import CUSTOMER_ID as ID
from projections.views.parameters import Several
from projections.views.spec import Query, View, by_policies, view
from projections.views.tracking import Deadlines, next_of

if TYPE_CHECKING:
    from domain.calendar.work_calendar import WorkCalendar

NEEDS: Final = ("tracking", "holdings", "records", "pipeline", "audit", "organisation")
WHY: Final = {"customer.recalled": "recalled", "customer.released": "released"}
"""Why a customer is in the pool, by what brought it there; every other has never been given to anybody."""

HELD: Final = "c.number = h.number AND h.since <= ? AND h.ends > ? AND h.known_from <= ? AND h.known_to > ?"
NOBODYS: Final = f"""
SELECT c.customer, f.company, f.industry, f.size, t.grade, f.channel, t.last_contact, h.held, h.former, h.brought, h.reason,
       h.freed
FROM {{holdings}} h CROSS JOIN {{tracked}} c {STOOD} AND {HELD} AND t.owner IS NULL AND t.stage <> 'invalid'
 AND h.number IN (SELECT o.number FROM {{tracking}} o WHERE o.owner IS NULL)
ORDER BY h.held, c.customer
"""
SOMEBODYS: Final = f"""
SELECT c.customer, f.company, t.owner, t.grade, t.last_contact, t.next_actions, h.untouched, h.protected, h.sources
FROM {{holdings}} h CROSS JOIN {{tracked}} c {STOOD} AND {HELD} AND t.owner IS NOT NULL
 AND t.stage NOT IN ({", ".join("?" * len(KEPT))}) AND h.owner IS NOT NULL AND h.untouched <= ?
"""
OWNED: Final = " AND t.owner = ? AND h.number IN (SELECT o.number FROM {tracking} o WHERE o.owner = ?)"


def policy_on(organisation: Organisation, day: date) -> Mapping[str, Any]:
    """Return the values of the pool's policy in force on a day."""
    since = organisation.policy_since("pool", day)
    return whole("pool", since[1] if since else None)


def _moment(moments: AsOf) -> tuple[int, ...]:
    """Return the parameters of STOOD and HELD."""
    return (*stood_at(moments), moments.micros, moments.micros, moments.position, moments.position)


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    *,
    period: Period | None = None,
    owner: str | None = None,
    group: str | None = None,
    claimant: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return who is in the pool, the first to come there first; asks what NEEDS names.

    `owner` keeps those whom that person had last and `group` those whose last owner is in it on the as-of day, `period` those that
    came in it, `claimant` those that this person may claim on the as-of day. Whoever is invalid is no customer to claim.
    """
    wait, calendar = policy_on(organisation, moments.day)["wait_days"], organisation.calendar()
    groups = Groups(organisation, moments.day)
    shown, behind = [], []
    for row in ask(NOBODYS, _moment(moments)):
        customer, company, industry, size, grade, channel, contacted, held, former, brought, reason, freed = row
        since = date.fromordinal(held)
        now = Held(since=since, former=former)
        from_when = claimable_from(now, former, wait, calendar) if former else None
        if (owner not in (None, former)) or (group is not None and group != groups[former]):
            continue
        if period and not period.contains(since):
            continue
        first = from_when if claimant is not None and claimant == former else since
        if claimant is not None and (first is None or first > moments.day):
            continue
        told = {
            "customer": customer,
            "company": company,
            "since": since.isoformat(),
            "days": (moments.day - since).days,
            "why": WHY.get(brought, "unassigned"),
            "former": former,
            "reason": reason,
            "claimable_from": since.isoformat(),
            "former_from": from_when.isoformat() if from_when else None,
            "industry": industry,
            "size": size,
            "grade": grade,
            "channel": channel,
            "last_contact": contacted,
        }
        shown.append(told)
        behind.append(freed)
    return _explained(ask, moments, shown, behind) if explain else shown


def due(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    *,
    within: int = 5,
    owner: str | None = None,
    group: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return whom the rule recalls within some working days from the as-of day, the first to go first; asks what NEEDS names.

    One in dispute stays until it is ruled on, and has `disputed` true; `days_left` is 0 from the day on which it is due.
    """
    days, calendar = policy_on(organisation, moments.day)["recall_after"], organisation.calendar()
    if days is None:
        return []
    last_day = calendar.deadline(moments.day, within)
    sql, params = SOMEBODYS, [*_moment(moments), *KEPT, _latest(days, last_day, calendar).toordinal()]
    if owner is not None:
        sql, params = sql + OWNED, [*params, owner, owner]
    several = ask(sql, params)
    disputed = {each.customer for each in found(ask, moments, "dispute", still_open=True)} if several else set()
    groups, loads, actions = Groups(organisation, moments.day), reader(len(several)), Deadlines(organisation.calendar)
    recalled = _Recalls(days, last_day, moments.day, calendar)
    shown = []
    for customer, company, holder, grade, contacted, open_actions, taken, protected, sources in several:
        touched = day_of(contacted, moments.zone).toordinal() if contacted else taken
        told = recalled[max(taken, touched), protected]
        if told is None or (group is not None and group != groups[holder]):
            continue
        untouched, until, ends, left = told
        what, when = next_of(loads(open_actions), actions) if open_actions else (None, None)
        row = {
            "customer": customer,
            "company": company,
            "owner": holder,
            "group": groups[holder],
            "untouched_since": untouched,
            "protected_until": until,
            "due": ends,
            "days_left": left,
            "disputed": customer in disputed,
            "grade": grade,
            "next_action": what,
            "next_due": when,
        }
        shown.append((ends, customer, row, sources))
    shown.sort(key=lambda each: each[:2])
    lines = [row for _, _, row, _ in shown]
    return _explained(ask, moments, lines, [sources for *_, sources in shown]) if explain else lines


def _latest(days: int, last_day: date, calendar: WorkCalendar) -> date:
    """Return the latest day such that whoever is untouched since is due by `last_day`."""
    latest = last_day
    while calendar.deadline(latest, days) > last_day:
        latest -= timedelta(days=1)
    return latest


class _Recalls(dict[tuple[int, int | None], tuple[str, str | None, str, int] | None]):
    """What a row says of the recall of who is untouched since a day and protected until another, once each; None: not due."""

    def __init__(self, days: int, last_day: date, today: date, calendar: WorkCalendar) -> None:
        super().__init__()
        self._days, self._last, self._today, self._calendar = days, last_day, today, calendar

    def __missing__(self, since: tuple[int, int | None]) -> tuple[str, str | None, str, int] | None:
        untouched = date.fromordinal(since[0])
        until = date.fromordinal(since[1]) if since[1] else None
        ends = recall_day(Held("", untouched, None, untouched, until), self._days, self._calendar)
        told = None
        if ends is not None and ends <= self._last:
            left = self._calendar.late_days(self._today, ends)
            told = untouched.isoformat(), until.isoformat() if until else None, ends.isoformat(), left
        self[since] = told
        return told


def _explained(ask: Ask, moments: AsOf, shown: Sequence[dict[str, Any]], behind: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows with the events at these positions, which are JSON lists."""
    several: list[list[int]] = [json.loads(sources) for sources in behind]
    events = named(ask, (position for some in several for position in some), moments)
    return [
        {**row, "events": [e for position in some for e in events[position]]}
        for row, some in zip(shown, several, strict=True)
    ]


GRADE: Final = Column("grade", "Grade", meaning="initial, high or key.")
WITHIN: Final = given("With --due: within how many working days; 5 unless given.", default=None)
OWNER: Final = given("Only customers of this owner, in the pool: of this former owner.", default=None)
OF_GROUP: Final = given("Only customers of this group, in the pool: of its former owners.", default=None)


@view(
    "pool",
    title="The public pool",
    about="A row for each customer that nobody owns, the first to come there first.",
    example="sales pool --due --within 10",
    needs=NEEDS,
    key=("customer",),
    period="any",
    period_help="Only those who came into the pool in this period.",
)
class Pool(View):
    """Show the public pool: who is in it, since when, from whom and why, and from when they may be claimed."""

    due: bool = given("Instead: who is about to be recalled into the pool, and when.", default=False)
    within: Several | None = WITHIN
    for_: Login | None = given("Only whom this person may claim on that day.", default=None)
    owner: Login | None = OWNER
    group: GroupCode | None = OF_GROUP

    COLUMNS = (
        COMPANY,
        Column("since", "In the pool since", "date", meaning="Since when nobody owns it."),
        Column("days", "Days", "count", meaning="Days since then."),
        Column(
            "why", "How it came",
            meaning="recalled by the rule, released by its owner, or unassigned: never given to anybody.",
        ),
        Column("former", "Former owner", meaning="Who had it last; null for nobody.", form="login"),
        Column(
            "reason", "Reason", missing="",
            meaning="Why it was released, or what was said at its capture or recall.",
        ),
        Column(
            "claimable_from", "Claimable from", "date",
            meaning="From when anybody but the former owner may claim it.",
        ),
        Column("last_contact", "Last contact", "time", meaning="The last touch."),
        Column(
            "former_from", "Former owner from", "date",
            meaning="From when the former owner may; null without one.",
        ),
        GRADE,
        Column("industry", "Industry", wide=True, meaning="Industry."),
        Column("size", "Size", wide=True, meaning="Size of the company."),
        Column("channel", "Channel", wide=True, meaning="Where the lead came from."),
        ID._replace(wide=True),
    )  # fmt: skip

    @classmethod
    def meant(cls, parameters: Mapping[str, Any]) -> type[View]:
        return PoolDue if parameters.get("due") else cls

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whose: Any = {"owner": self.owner, "group": self.group, "claimant": self.for_}
        return rows(q.ask, q.moments, q.organisation, period=q.period, **whose, explain=q.explain)

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {"policies": q.organisation.in_force(q.moments.day, "pool")}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        yield by_policies(q.said["policies"])


@view(
    "pool-due",
    title="Due for the pool",
    command="pool",
    about="A row for each customer that is about to be recalled, the first to go first.",
    asked="sales pool --due --within 10 --json",
    example="sales pool --due --within 10",
    needs=NEEDS,
    key=("customer",),
)
class PoolDue(View):
    """Show who is about to be recalled into the pool, and when."""

    within: Several | None = WITHIN
    owner: Login | None = OWNER
    group: GroupCode | None = OF_GROUP

    COLUMNS = (
        COMPANY,
        Column("owner", "Owner", meaning="Who is about to lose it.", form="login"),
        Column(
            "untouched_since", "Untouched since", "date",
            meaning="The last touch, or the day on which the owner took it where that is later.",
        ),
        Column(
            "due", "Recalled on", "date",
            meaning="The day of its recall: recall_after working days after that, and never within the protection.",
        ),
        Column(
            "days_left", "Days left", "count",
            meaning="Working days until then; 0 from that day on, until somebody sweeps.",
        ),
        Column("protected_until", "Protected until", "date", meaning="The last day of its protection; null without one."),
        Column(
            "disputed", "Disputed", form="true or false",
            meaning="Whether a dispute is open: until it is ruled on, nobody recalls it.",
        ),
        GRADE,
        Column("next_action", "Next action", meaning="The open next action that is due first."),
        Column("next_due", "Due", "date", meaning="When it is due."),
        GROUP._replace(wide=True),
        ID._replace(wide=True),
    )  # fmt: skip

    def unclear(self, q: Query) -> Note | None:
        if q.period or q.typed.get("for_"):
            return Note("--due stands with --within, --owner and --group.")
        return None

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whose: Any = {"owner": self.owner, "group": self.group, "within": self.within or 5}
        return due(q.ask, q.moments, q.organisation, **whose, explain=q.explain)

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {"policies": q.organisation.in_force(q.moments.day, "pool")}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        yield by_policies(q.said["policies"])
