"""Questions about resource requests: how each stands, what is overdue, and what happened in a week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from domain.calendar.period import Period
from projections.engine.as_of import Moments
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.queries.record_events import Found, Told, found

STEPS: Final = {
    "resource.requested": "requested",
    "resource.granted": "granted",
    "resource.declined": "declined",
    "resource.delivered": "delivered",
}
PENDING: Final = ("requested", "granted")


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    week: Period | None = None,
    *,
    department: str | None = None,
    still_open: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the requests as they stood, by department, the first asked first.

    Of a `week` those to which something happened in it and those open at its end, as they stood then; `moments` are to be
    those of its end. A request is overdue where it is neither delivered nor declined after the day by which it is needed.
    """
    calendar = organisation.calendar()
    shown = []
    for request in found(ask, moments, "resource", still_open=still_open):
        happened = [told for told in request.events if week is None or week.contains(told.day)]
        if department not in (None, request.content["department"]):
            continue
        if week is None or happened or request.state in PENDING:
            row = _row(request, happened, moments)
            late = calendar.late_days(date.fromisoformat(row["needed_by"]), moments.day)
            row["days_overdue"] = late if row["overdue"] else None
            shown.append({**row, "events": request.named()} if explain else row)
    return sorted(shown, key=lambda row: row["department"])


def _row(request: Found, happened: Iterable[Told], moments: Moments) -> dict[str, Any]:
    content = request.content
    day = {STEPS[told.name]: told.day.isoformat() for told in request.events}
    decided = next((told for told in reversed(request.events) if told.name in DECIDED), None)
    return {
        "id": request.subject,
        "department": content["department"],
        "item": content["item"],
        "count": content.get("count"),
        "plan": content.get("plan"),
        "needed_by": content["needed_by"],
        "state": request.state,
        "overdue": request.state in PENDING and content["needed_by"] < moments.day.isoformat(),
        "days_overdue": None,
        "requested": day["requested"],
        "requested_by": request.opening.actor,
        "granted": day.get("granted"),
        "declined": day.get("declined"),
        "delivered": day.get("delivered"),
        "decided_by": decided.actor if decided else None,
        "reason": decided.reason if decided else None,
        "happened": [STEPS[told.name] for told in happened],
    }


DECIDED: Final = ("resource.granted", "resource.declined")


def by_department(shown: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return for each department how many of the rows' requests were asked, granted, declined and delivered, are open and overdue."""
    found: dict[str, dict[str, Any]] = {}
    for row in shown:
        empty = dict.fromkeys((*STEPS.values(), "open", "overdue"), 0)
        held = found.setdefault(row["department"], {"department": row["department"], **empty})
        for step in row["happened"]:
            held[step] += 1
        held["open"] += row["state"] in PENDING
        held["overdue"] += row["overdue"]
    return list(found.values())
