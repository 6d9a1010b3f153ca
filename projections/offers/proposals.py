"""Questions about proposals: which were asked for, which are overdue, and in which versions they were delivered."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.period import Period
from projections.days import iso_of
from projections.deadlines import Deadlines
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask
from projections.records.held import Held, Wanted, behind, held


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
    made = []
    for each in held(ask, moments, organisation, "proposal", wanted=wanted):
        if department is None or department in each.said.get("departments", ()):
            row = _row(each, deadlines, moments)
            if state in (None, row["state"]):
                made.append((each, row))
    if explain:
        for (_, row), events in zip(made, behind(ask, moments, (each for each, _ in made)), strict=True):
            row["events"] = events
    return [row for _, row in made]


def _row(each: Held, deadlines: Deadlines, moments: Moments) -> dict[str, Any]:
    delivered = [
        {"version": said["version"], "day": day, "by": actor, "parts": list(said.get("parts", ()))}
        for _, _, day, actor, _, said in each.steps
    ]
    first = delivered[0]["day"] if delivered else None
    due = deadlines.of(each)
    late = deadlines.late(due.day, date.fromisoformat(first) if first else moments.day) if due else 0
    over = due is not None and first is None and moments.day > due.day
    return {
        "customer": each.customer,
        "company": each.company,
        "item": each.number,
        "what": each.said["what"],
        "departments": list(each.said.get("departments", ())),
        "requested": iso_of(each.opened),
        "by": each.actor,
        "due": due.text if due else None,
        "provisional": bool(due and due.provisional),
        "state": "delivered" if first else "overdue" if over else "requested",
        "delivered": first,
        "late_days": late,
        "version": delivered[-1]["version"] if delivered else None,
        "versions": delivered,
        "owner": each.owner,
        "group": each.group,
    }
