"""Questions about collaborations: which were asked of whom, what is overdue, and how each department keeps its days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.money import ratio, text_of
from projections.engine.as_of import Moments
from projections.engine.projection import Ask
from projections.queries.customer_records import Held, Wanted, behind, each_held
from projections.queries.dates import iso_of
from projections.queries.deadlines import Deadlines
from projections.queries.organisation import Organisation
from projections.queries.rows import grouped

NEEDS: Final = ("records", "audit", "tracking", "pipeline", "organisation")


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    period: Period | None = None,
    *,
    currency: str = "",
    department: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    still_open: bool = False,
    overdue: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return what was asked for in a period (in all without one), the first asked first, as it stood.

    `overdue` keeps what is open after its day, by department, the longest overdue first.
    """
    wanted = Wanted(owner=owner, group=group, opened=period, still_open=still_open or overdue)
    deadlines = Deadlines(ask, organisation, moments.position)
    rows, of = [], list[Held]()
    for each in each_held(ask, moments, organisation, "collaboration", wanted=wanted):
        if department is None or department == each.said["department"]:
            row = _row(each, deadlines, moments)
            if row["overdue"] or not overdue:
                rows.append(row)
                if explain:
                    of.append(each)
    if explain:
        for row, events in zip(rows, behind(ask, moments, of), strict=True):
            row["events"] = events
    return sorted(rows, key=lambda row: (row["department"], row["due"])) if overdue else rows


def _row(each: Held, deadlines: Deadlines, moments: Moments) -> dict[str, Any]:
    due, said, state = deadlines.of(each), each.said, each.state
    passed, late = deadlines.passed(each, due.day if due else None, moments.day)
    return {
        "customer": each.customer,
        "company": each.company,
        "item": each.number,
        "department": said["department"],
        "what": said["what"],
        "asked": iso_of(each.opened),
        "by": each.actor,
        "due": due.text if due else None,
        "state": state,
        "closed": iso_of(each.closed) if each.closed else None,
        "words": said.get("words"),
        "reason": each.reason if state == "declined" else None,
        "overdue": state == "open" and passed,
        "in_time": not passed if state == "delivered" else None,
        "late_days": late,
        "owner": each.owner,
        "group": each.group,
    }


def by_department(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a line for each department among the rows, the one with most overdue first.

    `in_time` of `delivered` came by their day; `in_time_share` is null while none is delivered.
    """
    lines = []
    for department, some in grouped(rows, "department").items():
        delivered = [row for row in some if row["state"] == "delivered"]
        late = [row["late_days"] for row in some if row["overdue"]]
        in_time = sum(1 for row in delivered if row["in_time"])
        lines.append(
            {
                "department": department,
                "asked": len(some),
                "open": sum(1 for row in some if row["state"] == "open"),
                "overdue": len(late),
                "longest_overdue": max(late, default=0),
                "declined": sum(1 for row in some if row["state"] == "declined"),
                "delivered": len(delivered),
                "in_time": in_time,
                "in_time_share": text_of(ratio(in_time, len(delivered))),
            }
        )
    return sorted(lines, key=lambda line: (-line["overdue"], line["department"]))
