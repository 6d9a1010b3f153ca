"""The question about the agenda: next actions, planned follow-ups, touches still owed and signals that wait, by their day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from domain.calendar.moment import end_of, instant
from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.types import GroupCode, Login
from domain.policy import cadence
from domain.policy.cadence import Window
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customer_records import BESIDE, TOLD, Held, Wanted, behind, held
from projections.queries.dates import iso_of
from projections.queries.deadlines import Deadline, Deadlines
from projections.queries.organisation import Organisation
from projections.views import signals
from projections.views.cadence.view import Judged, judged
from projections.views.cadence.view import behind as windows
from projections.views.column import Column, Note, Row, Rows
from projections.views.columns import COMPANY, CUSTOMER_ID, GROUP, OWNER, PROVISIONAL
from projections.views.spec import Query, View, by_policies, view

PROJECTIONS: Final = ("records", "audit", "pipeline", "tracking", "organisation")
ORDER: Final = ("overdue", "today", "this-week")


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    *,
    owner: str | None = None,
    group: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return what is to be done, the most overdue first: overdue, today, and until the Sunday of the ISO week.

    A touch that a window asks for is due on the window's last working day, and only while the window lasts.
    """
    week = Period.week_of(moments.day)
    whose: Any = {"owner": owner, "group": group}
    deadlines = Deadlines(ask, organisation, moments.position)
    mine = held(ask, moments, organisation, "next-action", wanted=Wanted(**whose, still_open=True))
    made = [*_promised(mine, deadlines)]
    planned = [*plans(ask, moments, organisation, week, **whose)]
    made += map(_planned, planned)
    if explain:
        for row, events in zip(made, behind(ask, moments, [*mine, *planned]), strict=True):
            row["events"] = events
    owed = [each for each in judged(ask, moments, organisation, None, **whose) if each.kept.state in ("open", "missed")]
    made += _owed(owed, windows(ask, moments, owed) if explain else None, deadlines, moments.day)
    made += map(_waiting, signals.rows(ask, moments, organisation, waiting=True, explain=explain, **whose))
    return _placed(made, week.last, deadlines, moments.day)


def plans(
    ask: Ask, moments: AsOf, organisation: Organisation, week: Period, *, owner: str | None, group: str | None
) -> Iterator[Held]:
    """Yield the planned follow-ups that are open, also those that are to happen only later in the week.

    A plan may have been told with the day that it is for as its own: it stands from its telling on, before that day has come.
    """
    sunday = end_of(week.last, moments.zone)
    wanted = Wanted(
        owner=owner,
        group=group,
        still_open=True,
        closed=Period.of_days(moments.day + timedelta(1), week.last) if moments.day < week.last else None,
        until=max(moments.micros, instant(sunday.isoformat(), moments.zone)),
        more=TOLD,
        joined=BESIDE,
    )
    for each in held(ask, moments, organisation, "planned-follow-up", wanted=wanted):
        if _made(each, moments):
            yield each


def _made(plan: Held, moments: AsOf) -> bool:
    """Say whether a plan was made by the moment asked about: on a day up to it, or for a later one and told by then."""
    occurred, recorded, _ = plan.more
    return instant(occurred, moments.zone) <= moments.micros or datetime.fromisoformat(recorded) <= moments.as_of


def _promised(mine: Sequence[Held], deadlines: Deadlines) -> Iterator[dict[str, Any]]:
    for each in mine:
        due = deadlines.of(each) or Deadline(each.opened, False, iso_of(each.opened))
        line = _line("next-action", due.text, due.provisional, each)
        line["what"] = each.said["what"]
        yield line


def _planned(each: Held) -> dict[str, Any]:
    line = _line("follow-up", each.said["on"], False, each)
    for name in ("what", "channel", "contact"):
        line[name] = each.said.get(name)
    return line


BLANK: Final[Mapping[str, Any]] = {
    "when": None, "kind": None, "due": None, "provisional": False, "customer": None, "company": None, "grade": None,
    "item": None, "what": None, "channel": None, "contact": None, "needed": None, "done": None, "missing": None,
    "owner": None, "group": None, "days_over": 0,
}  # fmt: skip


def _line(kind: str, due: str, provisional: bool, each: Held) -> dict[str, Any]:
    line = dict(BLANK)
    line["kind"] = kind
    line["due"] = due
    line["provisional"] = provisional
    line["customer"] = each.customer
    line["company"] = each.company
    line["grade"] = each.grade
    line["item"] = each.number
    line["missing"] = []
    line["owner"] = each.owner
    line["group"] = each.group
    return line


def _owed(
    mine: Sequence[Judged], told: Mapping[int, dict[str, Any]] | None, deadlines: Deadlines, today: date
) -> Iterator[dict[str, Any]]:
    calendar = deadlines.calendar()
    days: dict[Window, tuple[str, bool]] = {}
    for each in mine:
        kept, window = each.kept, each.window
        if window not in days:
            provisional = any(calendar.provisional(day) for day in (window.first, window.last))
            days[window] = cadence.due(window, calendar, today).isoformat(), provisional
        line = dict(BLANK)
        line["kind"] = "cadence"
        line["due"], line["provisional"] = days[window]
        line["customer"] = each.customer.customer
        line["company"] = each.customer.company
        line["grade"] = each.customer.grade
        line["needed"] = kept.needed
        line["done"] = len(kept.days)
        line["missing"] = list(kept.missing)
        line["owner"] = each.whose
        line["group"] = each.group
        if told is not None:
            line["events"] = [told[p] for one in each.follow_ups for p in one.positions]
        yield line


def _waiting(row: Mapping[str, Any]) -> dict[str, Any]:
    same = ("customer", "company", "grade", "due", "provisional", "item", "owner", "group", "events")
    told = {name: row[name] for name in same if name in row}
    return {**BLANK, "missing": [], **told, "kind": "signal", "what": row["kind"]}


def _placed(lines: list[dict[str, Any]], last: date, deadlines: Deadlines, today: date) -> list[dict[str, Any]]:
    """Return the lines due up to a day, each with its place in the agenda and the working days that it is over."""
    until, now = last.isoformat(), today.isoformat()
    due = [line for line in lines if line["due"] <= until]
    due.sort(key=lambda row: (row["due"], row["company"], row["kind"], row["item"] or ""))
    over: dict[str, int] = {}
    for line in due:
        day = line["due"]
        if day < now:
            if day not in over:
                over[day] = deadlines.calendar().working_days(date.fromisoformat(day) + timedelta(1), today)
            line["when"], line["days_over"] = "overdue", over[day]
        else:
            line["when"] = "today" if day == now else "this-week"
    return due


def to_be_done(row: Row) -> str | None:
    """Return what is to be done; of a cadence what is done of what is needed."""
    if row["kind"] != "cadence":
        return row["what"]  # type: ignore[no-any-return]
    missing = f" ({', '.join(row['missing'])})" if row["missing"] else ""
    return f"{row['done']}/{row['needed']}{missing}"


@view(
    "agenda",
    title="Agenda",
    about="A row for each thing to be done, the most overdue first.",
    example="sales agenda --owner zhang.san",
    needs=PROJECTIONS,
    key=("kind", "customer", "item", "due"),
)
class Agenda(View):
    """Show what is overdue, what is due today, and what is still to be done this week.

    Next actions, planned follow-ups, touches that the cadence of a grade still asks for, and signals without an answer,
    of all customers that one may see.
    """

    owner: Login | None = given("Only what this person has to do.", default=None)
    group: GroupCode | None = given("Only what people of this group have to do.", default=None)

    COLUMNS = (
        Column(
            "when", "When",
            meaning="overdue, today or this-week: until the Sunday of the ISO week of the as-of day. A day's agenda is the same"
            " at its beginning and at its end, when cadence calls a window missed that was due today.",
        ),
        Column(
            "due", "Due", "date",
            meaning="When; of a cadence the last working day of the window, of a signal the day at whose end it is unanswered.",
        ),
        Column(
            "days_over", "Days over", "count", text=lambda row: row["days_over"] or None,
            meaning="Working days since it was due; 0 while it is not overdue.",
        ),
        Column(
            "kind", "Kind",
            meaning="next-action; follow-up, which is planned; cadence: touches that the window of a grade still asks for;"
            " signal: one without an answer.",
        ),
        COMPANY,
        Column("what", "What", text=to_be_done, meaning="What is to be done; of a signal its kind."),
        OWNER,
        Column("channel", "Channel", meaning="How it is planned; null for what has no plan."),
        Column("contact", "Contact", meaning="With whom it is planned."),
        Column("grade", "Grade", meaning="The customer's grade."),
        PROVISIONAL,
        Column("item", "Item", meaning="Its number there; null for a cadence."),
        Column(
            "needed", "Touches needed", "count", wide=True,
            meaning="Of a cadence: the touches that the window asks for; else null.",
        ),
        Column(
            "done", "Touches done", "count", wide=True,
            meaning="Of a cadence: the days with a touch so far; else null.",
        ),
        Column(
            "missing", "Missing", "list", wide=True, form="list of text",
            meaning="Of a cadence: the channels that it still asks for.",
        ),
        GROUP._replace(wide=True),
        CUSTOMER_ID._replace(wide=True),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        return rows(q.ask, q.moments, q.organisation, owner=self.owner, group=self.group, explain=q.explain)

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {"policies": q.organisation.in_force(q.moments.day, "cadence", "signals")}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        yield by_policies(q.organisation.in_force(q.moments.day, "cadence", "signals"))
        overdue, today, later = (sum(row["when"] == name for row in rows) for name in ORDER)
        yield Note(
            "{day}: overdue: {overdue}; today: {today}; later this week: {later}.",
            {"day": q.moments.day, "overdue": overdue, "today": today, "later": later},
        )
