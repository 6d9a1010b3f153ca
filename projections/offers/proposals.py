"""Questions about proposals: which were asked for, which are overdue, and in which versions they were delivered."""

from __future__ import annotations

from typing import Any

from domain.period import Period
from projections.deadlines import Deadlines
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask
from projections.records.whose import Owned, found_of


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
    whose: Any = {"owner": owner, "group": group, "customer": customer}
    deadlines = Deadlines(ask, organisation, moments.position)
    made = []
    for each in found_of(ask, moments, organisation, "proposal", opened=period, **whose):
        if department is not None and department not in each.found.content.get("departments", ()):
            continue
        row = _row(each, deadlines, moments)
        if state in (None, row["state"]):
            made.append({**row, "events": each.found.named()} if explain else row)
    return made


def _row(each: Owned, deadlines: Deadlines, moments: Moments) -> dict[str, Any]:
    record = each.found
    delivered = [
        {"version": told.content["version"], "day": told.day.isoformat(), "by": told.actor,
         "parts": list(told.content.get("parts", ()))}
        for told in record.events if told.name == "proposal.delivered"
    ]  # fmt: skip
    first = next((told.day for told in record.events if told.name == "proposal.delivered"), None)
    due = deadlines.of(record)
    late = deadlines.calendar().late_days(due.day, first or moments.day) if due else 0
    over = due is not None and first is None and moments.day > due.day
    return {
        **each.row(),
        "what": record.opening.content["what"],
        "departments": list(record.content.get("departments", ())),
        "requested": record.opened.isoformat(),
        "by": record.actor,
        "due": due.day.isoformat() if due else None,
        "provisional": bool(due and due.provisional),
        "state": "delivered" if first else "overdue" if over else "requested",
        "delivered": first.isoformat() if first else None,
        "late_days": late,
        "version": delivered[-1]["version"] if delivered else None,
        "versions": delivered,
        **each.whose(),
    }
