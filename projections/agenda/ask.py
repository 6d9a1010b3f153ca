"""The question about the agenda: next actions, planned follow-ups, touches still owed and signals that wait, by their day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from domain import cadence
from domain.moment import end_of, instant
from domain.period import Period
from projections.cadence.ask import Judged, behind, judged
from projections.customers import Standing, streams_of
from projections.deadlines import Deadline, Deadlines
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask
from projections.records.ask import Found, found
from projections.records.whose import Owned, owned
from projections.signals import ask as signals

PROJECTIONS: Final = ("records", "audit", "pipeline", "tracking", "organisation")
ORDER: Final = ("overdue", "today", "this-week")


def rows(
    ask: Ask,
    moments: Moments,
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
    customers = streams_of(ask, moments, organisation, **whose)
    mine = owned(
        ask, moments, organisation, found(ask, moments, "next-action", still_open=True, subjects=customers), **whose
    )
    made = [*_promised(mine, deadlines)]
    made += _planned(owned(ask, moments, organisation, plans(ask, moments, week, customers), **whose))
    owed = [each for each in judged(ask, moments, organisation, None, **whose) if each.kept.state in ("open", "missed")]
    made += _owed(owed, behind(ask, moments, owed) if explain else {}, deadlines, moments.day)
    made += _waiting(signals.rows(ask, moments, organisation, waiting=True, explain=explain, **whose))
    due = [_placed(each, deadlines, moments.day) for each in made if each["due"] <= week.last]
    due.sort(key=lambda row: (ORDER.index(row["when"]), row["due"], row["company"], row["kind"], row["item"] or ""))
    return due if explain else [{key: value for key, value in row.items() if key != "events"} for row in due]


def plans(ask: Ask, moments: Moments, week: Period, subjects: Sequence[str] | None = None) -> list[Found]:
    """Return the planned follow-ups that are open, also those that are to happen only later in the week.

    A plan may have been told with the day that it is for as its own: it stands from its telling on, before that day has come.
    `subjects` keeps those of these customers.
    """
    sunday = end_of(week.last, moments.zone)
    later = moments._replace(micros=max(moments.micros, instant(sunday.isoformat(), moments.zone)))
    several = found(ask, later, "planned-follow-up", closed_after=moments.day, subjects=subjects)
    return [each for each in several if _made(each, moments)]


def _made(plan: Found, moments: Moments) -> bool:
    """Say whether a plan was made by the moment asked about: on a day up to it, or for a later one and told by then."""
    return plan.opening.moment <= moments.micros or datetime.fromisoformat(plan.opening.recorded) <= moments.as_of


def _line(kind: str, due: date, customer: Standing, **more: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "item": None,
        "what": None,
        "channel": None,
        "contact": None,
        "needed": None,
        "done": None,
        "missing": [],
    }
    return {
        "kind": kind,
        "due": due,
        "provisional": False,
        "customer": customer.customer,
        "company": customer.company,
        "grade": customer.grade,
        **nothing,
        **more,
    }


def _promised(mine: Sequence[Owned], deadlines: Deadlines) -> Iterator[dict[str, Any]]:
    for each in mine:
        due = deadlines.of(each.found) or Deadline(each.found.opened, False)
        said = {"what": each.found.content["what"], "provisional": due.provisional}
        yield _line("next-action", due.day, each.customer, **_record(each), **said)


def _planned(mine: Sequence[Owned]) -> Iterator[dict[str, Any]]:
    for each in mine:
        said = each.found.opening.content
        told = {name: said.get(name) for name in ("what", "channel", "contact")}
        yield _line("follow-up", date.fromisoformat(said["on"]), each.customer, **_record(each), **told)


def _owed(
    mine: Sequence[Judged], told: Mapping[int, dict[str, Any]], deadlines: Deadlines, today: date
) -> Iterator[dict[str, Any]]:
    for each in mine:
        kept, calendar = each.kept, deadlines.calendar()
        yield _line(
            "cadence",
            cadence.due(each.window, calendar, today),
            each.customer,
            needed=kept.needed,
            done=len(kept.days),
            missing=list(kept.missing),
            owner=each.whose,
            group=each.group,
            provisional=any(calendar.provisional(day) for day in (each.window.first, each.window.last)),
            events=[told[p] for one in each.follow_ups for p in one.positions] if told else [],
        )


def _waiting(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        customer = Standing(row["customer"], row["company"], row["owner"], "", None, None, row["grade"], None, None)
        told = {name: row[name] for name in ("item", "owner", "group", "provisional", "events") if name in row}
        yield _line("signal", date.fromisoformat(row["due"]), customer, what=row["kind"], **told)


def _record(each: Owned) -> dict[str, Any]:
    return {"item": each.found.number, **each.whose(), "events": each.found.named()}


def _placed(line: dict[str, Any], deadlines: Deadlines, today: date) -> dict[str, Any]:
    """Return a line with its place in the agenda and the working days that it is over."""
    due = line["due"]
    when = "overdue" if due < today else "today" if due == today else "this-week"
    over = deadlines.calendar().working_days(due + timedelta(1), today) if due < today else 0
    return {"when": when, **line, "due": due.isoformat(), "days_over": over}
