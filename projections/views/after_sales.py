"""Questions about the time after a sale: what was promised and kept, which visits are due, what is complained about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.money import ratio, text_of
from projections.engine.as_of import Moments
from projections.engine.projection import Ask
from projections.queries import rows as grouped
from projections.queries.customer_records import Held, Wanted, behind, each_held
from projections.queries.dates import iso_of
from projections.queries.deadlines import Deadlines
from projections.queries.organisation import Organisation

NEEDS: Final = ("records", "audit", "tracking", "pipeline", "organisation")
RECORDED: Final = " AND (r.kind = 'visit' OR r.opened BETWEEN ? AND ?)"
RECORDS: Final = ("hand-over", "promise", "visit", "complaint")


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    period: Period | None = None,
    *,
    currency: str = "",
    record: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    still_open: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return what happened after sales, the first recorded first: hand-overs, promises, visits and complaints.

    A visit is one of the period in which it is due, whatever else is recorded of that in which it was recorded.
    """
    kinds = (record,) if record else RECORDS
    wanted = Wanted(owner=owner, group=group, still_open=still_open)
    if period is not None:
        wanted = wanted._replace(only=(RECORDED, [period.first.toordinal(), period.last.toordinal()]))
    deadlines = Deadlines(ask, organisation, moments.position)
    shown, of = [], list[Held]()
    for each in each_held(ask, moments, organisation, *kinds, wanted=wanted):
        due = deadlines.day(each)
        if period is None or each.kind != "visit" or period.contains(due or each.opened):
            shown.append(_row(each, due, deadlines, moments))
            if explain:
                of.append(each)
    if explain:
        for row, events in zip(shown, behind(ask, moments, of), strict=True):
            row["events"] = events
    return shown


def _row(each: Held, due: date | None, deadlines: Deadlines, moments: Moments) -> dict[str, Any]:
    said = each.said
    passed, late = deadlines.passed(each, due, moments.day)
    return {
        "customer": each.customer,
        "company": each.company,
        "item": each.number,
        "record": each.kind,
        "kind": said.get("kind"),
        "words": said.get("feedback" if each.kind == "visit" else "words"),
        "contract": said.get("contract"),
        "to": said.get("to"),
        "recorded": iso_of(each.opened),
        "by": each.actor,
        "due": iso_of(due) if due else None,
        "state": each.state,
        "closed": iso_of(each.closed) if each.closed else None,
        "score": said.get("score"),
        "outcome": said.get("outcome"),
        "reason": each.reason if each.state == "broken" else None,
        "overdue": each.closed is None and passed,
        "late_days": late,
        "days_open": ((each.closed or moments.day) - each.opened).days if each.kind == "complaint" else None,
        "owner": each.owner,
        "group": each.group,
    }


def by_owner(rows: Sequence[Mapping[str, Any]], satisfied_from: int) -> list[dict[str, Any]]:
    """Return a line for each owner of the rows' customers, and first one for them all.

    `satisfaction` is the `satisfied` of the `scored` visits: those with a score of at least `satisfied_from`.
    """
    places: list[tuple[str, str | None, Sequence[Mapping[str, Any]]]] = [("company", "company", rows)] if rows else []
    places += [("person", owner, some) for owner, some in grouped.by_owner(rows)]
    return [{"level": level, "owner": owner, **_counted(some, satisfied_from)} for level, owner, some in places]


def _counted(rows: Sequence[Mapping[str, Any]], satisfied_from: int) -> dict[str, Any]:
    of = {record: [row for row in rows if row["record"] == record] for record in RECORDS}
    scores = [row["score"] for row in of["visit"] if row["score"] is not None]
    satisfied = sum(1 for score in scores if score >= satisfied_from)
    still = [row["days_open"] for row in of["complaint"] if row["state"] == "open"]
    return {
        "hand_overs": len(of["hand-over"]),
        "promises": len(of["promise"]),
        "kept": sum(1 for row in of["promise"] if row["state"] == "kept"),
        "broken": sum(1 for row in of["promise"] if row["state"] == "broken"),
        "visits_due": len(of["visit"]),
        "visits_done": sum(1 for row in of["visit"] if row["state"] == "done"),
        "visits_overdue": sum(1 for row in of["visit"] if row["overdue"]),
        "satisfied": satisfied,
        "scored": len(scores),
        "satisfaction": text_of(ratio(satisfied, len(scores))),
        "complaints": len(of["complaint"]),
        "complaints_open": len(still),
        "longest_open": max(still, default=None),
    }
