"""Questions about resource requests: how each stands, what is overdue, and what happened in a week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.action import given
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.queries.record_events import Found, Told, found
from projections.views.column import Column, Note, Rows
from projections.views.parameters import Department
from projections.views.spec import Query, View, view

STEPS: Final = {
    "resource.requested": "requested",
    "resource.granted": "granted",
    "resource.declined": "declined",
    "resource.delivered": "delivered",
}
PENDING: Final = ("requested", "granted")


def rows(
    ask: Ask,
    moments: AsOf,
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


def _row(request: Found, happened: Iterable[Told], moments: AsOf) -> dict[str, Any]:
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


@view(
    "resources",
    title="",
    about="A row a request, by department; with --week those of the week's form, as they stood at its end.",
    asked="sales resources --week 2024-W07 --json",
    example="sales resources --week 2024-W07",
    needs=("records", "audit", "pipeline", "organisation"),
    key=("id",),
    period="week",
    period_help="The form of this week, as 2024-W07: what happened in it, and what was open at its end.",
)
class Resources(View):
    """Show what departments were asked for: by when, granted, declined, delivered, open and overdue."""

    department: Department | None = given("Only what this department is asked for.", default=None)
    open: bool = given("Only what is neither delivered nor declined.", default=False)

    COLUMNS = (
        Column("department", "Department", meaning="Which department is asked."),
        Column("item", "Item", meaning="What is needed."),
        Column("count", "Count", "count", missing="", meaning="How many, if that was said."),
        Column("requested_by", "By", form="login", meaning="Who asked."),
        Column("needed_by", "Needed by", "date", meaning="The day by which it is needed."),
        Column("state", "State", meaning="requested, granted, declined or delivered."),
        Column(
            "days_overdue", "Days overdue", "count", missing="",
            meaning="Working days since then; null where it is not overdue.",
        ),
        Column("reason", "Reason", missing="", meaning="Why, as they said."),
        Column("requested", "Requested", "date", meaning="When it was asked for."),
        Column("granted", "Granted", "date", missing="", meaning="When it was granted."),
        Column("declined", "Declined", "date", missing="", meaning="When it was declined."),
        Column("delivered", "Delivered", "date", missing="", meaning="When it was delivered."),
        Column("decided_by", "Decided by", wide=True, form="login", meaning="Who granted or declined it last."),
        Column(
            "overdue", "Overdue", wide=True, form="true or false",
            meaning="Whether that day has passed and it is neither delivered nor declined.",
        ),
        Column(
            "happened", "Happened", "list", wide=True, form="list of text",
            meaning="The states that it came to: in the week asked for, else ever.",
        ),
        Column("plan", "Plan", wide=True, meaning="The action plan that it is needed for."),
        Column("id", "Id", wide=True, meaning="The request's id."),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        wanted: Any = {"department": self.department, "still_open": self.open}
        return rows(q.ask, q.moments, q.organisation, q.period, **wanted, explain=q.explain)

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {"week": q.period.name if q.period else None, "departments": by_department(rows)}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        for each in q.said["departments"]:
            yield Note(
                "{department}: requested {requested}, granted {granted}, declined {declined}, delivered {delivered}, "
                "open {open}, overdue {overdue}.",
                each,
            )
