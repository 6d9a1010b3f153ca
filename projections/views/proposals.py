"""Questions about proposals: which were asked for, which are overdue, and in which versions they were delivered."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.calendar.period import Period
from projections.engine.as_of import Moments
from projections.engine.projection import Ask
from projections.queries.customer_records import Held, Wanted, behind, each_held
from projections.queries.dates import iso_of
from projections.queries.deadlines import Deadlines
from projections.queries.organisation import Organisation


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    period: Period | None = None,
    *,
    currency: str = "",
    owner: str | None = None,
    group: str | None = None,
    customer: str | None = None,
    department: str | None = None,
    state: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the proposals asked for in a period (all without one), the first asked for first, as they stood.

    The state is requested, overdue (from the day after its due day on) or delivered.
    """
    wanted = Wanted(owner=owner, group=group, customer=customer, opened=period)
    deadlines = Deadlines(ask, organisation, moments.position)
    made, of = [], list[Held]()
    for each in each_held(ask, moments, organisation, "proposal", wanted=wanted):
        if department is None or department in each.said.get("departments", ()):
            row = _row(each, deadlines, moments)
            if state is None or state == row["state"]:
                made.append(row)
                if explain:
                    of.append(each)
    if explain:
        for row, events in zip(made, behind(ask, moments, of), strict=True):
            row["events"] = events
    return made


def _row(each: Held, deadlines: Deadlines, moments: Moments) -> dict[str, Any]:
    said, steps, due, late, today = each.said, each.steps, deadlines.of(each), 0, moments.day
    delivered = [
        {"version": told["version"], "day": day, "by": actor, "parts": told.get("parts") or []}
        for _, _, day, actor, _, told in steps
    ]
    first = steps[0][2] if steps else None
    if due is not None:
        late = deadlines.late(due.day, date.fromisoformat(first) if first else today)
    over = due is not None and first is None and today > due.day
    return {
        "customer": each.customer,
        "company": each.company,
        "item": each.number,
        "what": said["what"],
        "departments": said.get("departments") or [],
        "requested": iso_of(each.opened),
        "by": each.actor,
        "due": due.text if due else None,
        "provisional": due.provisional if due else False,
        "state": "delivered" if first else "overdue" if over else "requested",
        "delivered": first,
        "late_days": late,
        "version": delivered[-1]["version"] if delivered else None,
        "versions": delivered,
        "owner": each.owner,
        "group": each.group,
    }
