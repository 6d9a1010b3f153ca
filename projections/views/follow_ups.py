"""Questions about follow-ups: which there were in a period, what was agreed in them, how late they were entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Final, Literal

from domain.calendar.moment import Days
from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.types import GroupCode, Login, is_touch
from projections.engine.as_of import AsOf
from projections.engine.json import reader
from projections.engine.projection import Ask
from projections.queries.customer_records import BESIDE, TOLD, Held, Wanted, behind, closing_of, held
from projections.queries.customers import chunks
from projections.queries.dates import day_of
from projections.queries.deadlines import Deadlines
from projections.queries.organisation import Organisation
from projections.queries.policies import on, used, versions
from projections.views.column import Column, Note, Row, Rows
from projections.views.columns import COMPANY, CUSTOMER_ID, GROUP, ITEM, OWNER
from projections.views.late_entries import norm_on
from projections.views.parameters import Customer
from projections.views.spec import Query, View, by_policies, view

AGREED: Final = """
SELECT r.subject, r.item, r.state, r.opened, r.closed, r.position, r.said, r.steps FROM {records} r
WHERE r.kind = 'next-action' AND r.since <= ? AND r.ends > ? AND r.known_from <= ? AND r.known_to > ?
"""
FEW: Final = 500
"""Customers, up to which it is quicker to ask for each."""
Channel = Literal["call", "visit", "e-mail", "message", "meeting", "minutes", "document", "other"]
PROJECTIONS: Final = ("records", "audit", "pipeline", "tracking", "organisation")


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period | None = None,
    *,
    currency: str = "",
    owner: str | None = None,
    group: str | None = None,
    channel: str | None = None,
    customer: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the follow-ups of a period (all without one), the first first, as they stood.

    They are those of the person `owner` who made them, as progress counts them, and of that person's `group` on the day.
    `late_days` are working days from the contact's day to its entry.
    """
    wanted = Wanted(customer=customer, opened=period, only=_only(owner, channel), more=TOLD, joined=BESIDE)
    teams = _Teams(organisation)
    shown = [
        each
        for each in held(ask, moments, organisation, "follow-up", wanted=wanted)
        if group in (None, teams[each.actor, each.opened])
    ]
    agreed = _agreed(ask, moments, organisation, shown)
    reckoned, days = _Reckoned(organisation), Days(moments.zone)
    made = [_row(each, teams[each.actor, each.opened], agreed, reckoned, days) for each in shown]
    if explain:
        for row, events in zip(made, behind(ask, moments, shown), strict=True):
            row["events"] = events
    return made


def _only(owner: str | None, channel: str | None) -> tuple[str, list[str]]:
    told = [(column, value) for column, value in (("actor", owner), ("channel", channel)) if value is not None]
    return "".join(f" AND r.{column} = ?" for column, _ in told), [value for _, value in told]


class _Teams(dict[tuple[str, date], str | None]):
    """The group of a person on a day."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__()
        self._organisation = organisation

    def __missing__(self, place: tuple[str, date]) -> str | None:
        self[place] = self._organisation.group_of(*place)
        return self[place]


class _Reckoned(dict[tuple[date, date], tuple[int, bool]]):
    """How many working days after its day something was entered, and whether that breaks the norm."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__()
        self._organisation = organisation
        several = organisation.policies("entry-deadline")
        self._norms = [(first, int(values["working_days"])) for first, values in several]

    def __missing__(self, days: tuple[date, date]) -> tuple[int, bool]:
        day, entered = days
        late = self._organisation.calendar().late_days(day, entered) if entered > day else 0
        self[days] = late, late > norm_on(day, self._norms)
        return self[days]


def _row(
    each: Held,
    team: str | None,
    agreed: Mapping[tuple[str, str], list[dict[str, Any]]],
    reckoned: _Reckoned,
    days: Days,
) -> dict[str, Any]:
    said = each.said
    occurred, recorded, recorder = each.more
    entered, day = days.recorded(recorded)
    late, breaks = reckoned[each.opened, day_of(day)]
    several = agreed.get((each.subject, each.item), ())
    return {
        "customer": each.customer,
        "company": each.company,
        "item": each.number,
        "time": days.occurred(occurred),
        "channel": said["channel"],
        "reached": said.get("reached", True),
        "touch": is_touch(said),
        "contact": said.get("contact"),
        "feedback": said.get("feedback"),
        "need_change": said.get("need_change"),
        "summary": said.get("summary"),
        "plan": said.get("plan"),
        "next_actions": [*several] if each.number == each.item else [each.under(action) for action in several],
        "actor": each.actor,
        "group": team,
        "recorder": recorder,
        "recorded": entered,
        "late_days": late,
        "breaks_norm": breaks,
        "owner": each.owner,
    }


def policies(organisation: Organisation, rows: Iterable[Mapping[str, Any]], moments: AsOf) -> list[dict[str, Any]]:
    """Return the entry norms that rows were held against."""
    several = versions(organisation, "entry-deadline")
    days = [datetime.fromisoformat(row["time"]).date() for row in rows] or [moments.day]
    return used("entry-deadline", (on(day, several) for day in days))


def _agreed(
    ask: Ask, moments: AsOf, organisation: Organisation, shown: Sequence[Held]
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return what was agreed in each follow-up, by its stream and item; it was set on the day of the follow-up."""
    if not shown:
        return {}
    days = min(each.opened for each in shown).toordinal(), max(each.opened for each in shown).toordinal()
    params = (moments.micros, moments.micros, moments.position, moments.position, *days)
    subjects = {each.subject for each in shown}
    if len(subjects) > FEW:
        rows = ask(f"{AGREED} AND r.opened BETWEEN ? AND ?", params)
    else:
        rows = [
            row
            for marks, some in chunks(subjects)
            for row in ask(f"{AGREED} AND +r.opened BETWEEN ? AND ? AND r.subject IN ({marks})", (*params, *some))
        ]
    rows.sort(key=itemgetter(3, 5))
    deadlines, loads = Deadlines(ask, organisation, moments.position), reader(len(rows))
    agreed: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for subject, item, state, _, closed, position, told, steps in rows:
        said = loads(told)
        follow_up = said.get("follow_up")
        if follow_up:
            closing = closing_of(position, loads(steps) if steps else ()) if closed and deadlines.moved() else None
            due = deadlines.told(said, closing)
            agreed.setdefault((subject, follow_up), []).append(
                {
                    "item": item,
                    "what": said["what"],
                    "due": due.text if due else None,
                    "provisional": bool(due and due.provisional),
                    "state": state,
                }
            )
    return agreed


def agreed(row: Row) -> list[Any]:
    """Return what was agreed in a follow-up, each with its day and how it stands."""
    return [
        Note("{what} @ {due} {provisional} ({state})", {**each, "provisional": Note("(provisional)")})
        if each["provisional"]
        else f"{each['what']} @ {each['due']} ({each['state']})"
        for each in row["next_actions"]
    ]


@view(
    "follow-ups",
    title="Record of follow-ups",
    about="A row a follow-up, the first first.",
    asked="sales follow-ups --period 2024-W07 --json",
    example="sales follow-ups --period 2024-W07 --owner zhang.san",
    needs=PROJECTIONS,
    key=("customer", "item"),
    period="present",
)
class FollowUps(View):
    """Show the record of follow-ups: who met whom, how, what was said and agreed, and how late it was entered.

    They are listed by who made them, as progress counts them. Minutes and documents are deliverables, not touches.
    """

    owner: Login | None = given("Only follow-ups that this person made.", default=None)
    group: GroupCode | None = given("Only follow-ups by people of this group.", default=None)
    channel: Channel | None = given("Only follow-ups by this channel.", default=None)
    customer: Customer | None = given("Only those with this customer: id, key or exact name.", default=None)

    COLUMNS = (
        Column("time", "Time", "time", meaning="When it was."),
        COMPANY,
        Column("channel", "Channel", meaning="call, visit, e-mail, message, meeting, minutes, document or other."),
        Column("contact", "Contact", meaning="With whom."),
        Column("feedback", "Feedback", meaning="What they said."),
        Column("need_change", "Need changed", meaning="What changed in their need."),
        Column(
            "next_actions", "Next actions", "list", text=agreed,
            meaning="What was agreed in it: `item`, `what`, `due`, `provisional`, and the `state` open, completed or dropped. A"
            " due day counted in working days follows the calendar while the action is open, and stays as it was once it is"
            " closed.",
        ),
        Column("actor", "By", meaning="Who made it: --owner.", form="login"),
        Column("recorder", "Recorder", meaning="Who entered it.", form="login"),
        Column("late_days", "Late", "count", meaning="Working days from its day to its entry."),
        Column(
            "breaks_norm", "Over", "flag", missing="",
            meaning="Whether that is later than the entry norm of that day allows.",
        ),
        Column("summary", "Summary", wide=True, meaning="What it was about."),
        Column("reached", "Somebody reached", wide=True, meaning="Whether anybody was reached.", form="true or false"),
        Column(
            "touch", "Touch", wide=True, form="true or false",
            meaning="Whether it counts as a touch: reached, by call, visit, e-mail, message or meeting.",
        ),
        Column("recorded", "Recorded", "time", wide=True, meaning="When the log learned it.", form="time"),
        OWNER._replace(wide=True, meaning="Who owns the customer."),
        GROUP._replace(wide=True, meaning="That person's group on the day."),
        Column("plan", "Planned as", wide=True, meaning="The number of the planned follow-up that it kept."),
        ITEM._replace(wide=True),
        CUSTOMER_ID._replace(wide=True),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        return rows(
            q.ask, q.moments, q.organisation, q.in_period, owner=self.owner, group=self.group, channel=self.channel,
            customer=self.customer, explain=q.explain,
        )  # fmt: skip

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {"policies": policies(q.organisation, rows, q.moments)}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        yield by_policies(policies(q.organisation, rows, q.moments))
