"""Questions about collaborations: which were asked of whom, what is overdue, and how each department keeps its days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import ratio, text_of
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customer_records import Held, Wanted, behind, each_held
from projections.queries.dates import iso_of
from projections.queries.deadlines import Deadlines
from projections.queries.organisation import Organisation
from projections.queries.rows import grouped
from projections.views.column import Column, Note, Rows, Summary
from projections.views.columns import COMPANY, CUSTOMER_ID, GROUP, OVERDUE, OWNER, days_late
from projections.views.parameters import CUSTOMERS_GROUP, CUSTOMERS_OWNER
from projections.views.spec import Query, View, view

NEEDS: Final = ("records", "audit", "tracking", "pipeline", "organisation")


def rows(
    ask: Ask,
    moments: AsOf,
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


def _row(each: Held, deadlines: Deadlines, moments: AsOf) -> dict[str, Any]:
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


DEPARTMENTS: Final = (
    Column("department", "Department", meaning="The department."),
    Column("asked", "Asked", "count", meaning="What it was asked for."),
    Column("open", "Still open", "count", meaning="Of these open."),
    Column("overdue", "How many overdue", "count", meaning="Of these open after their day."),
    Column(
        "longest_overdue", "Longest overdue", "count",
        meaning="Working days since the day of the one longest overdue; 0 without one.",
    ),
    Column("declined", "How many declined", "count", meaning="Of those asked for, declined."),
    Column("delivered", "How many delivered", "count", meaning="Delivered."),
    Column("in_time", "In time", "count", meaning="Of these by their day."),
    Column("in_time_share", "In time share", "ratio", meaning="in_time / delivered; null while none is."),
)  # fmt: skip


@view(
    "collaborations",
    title="Collaborations",
    about="A row for each thing asked for, the first first.",
    example="sales collaborations --overdue",
    needs=NEEDS,
    key=("customer", "item"),
    period="any",
    period_help="Only what was asked for in this period.",
)
class Collaborations(View):
    """Show what other departments were asked for, by when, what they delivered, and what is overdue."""

    department: str | None = given("Only what this department was asked for.", default=None)
    owner: Login | None = CUSTOMERS_OWNER
    group: GroupCode | None = CUSTOMERS_GROUP
    open: bool = given("Only what is neither delivered nor declined yet.", default=False)
    overdue: bool = given("Only what is open after its day, by department.", default=False)

    COLUMNS = (
        Column("department", "Department", meaning="Who was asked."),
        COMPANY,
        Column("what", "What", meaning="For what."),
        Column(
            "due", "Due", "date",
            meaning="Until the end of which day: of an open one by the calendar known now, of a closed one by that known then.",
        ),
        Column("state", "State", meaning="open, delivered or declined."),
        OVERDUE,
        Column(
            "late_days", "Days late", "count", text=days_late,
            meaning="Working days from its day to its delivery, or to the as-of day; 0 while it is in time.",
        ),
        OWNER,
        Column("reason", "Reason", missing="", meaning="Why it was declined."),
        Column("closed", "Closed on", "date", missing="", meaning="When it was delivered or declined."),
        Column(
            "in_time", "In time", "flag", missing="", wide=True,
            meaning="Whether it was delivered by its day; null while it is not delivered.",
        ),
        Column("words", "Delivered with", wide=True, meaning="What was delivered."),
        Column("asked", "Asked on", "date", wide=True, meaning="When."),
        Column("by", "Asked by", wide=True, meaning="Who asked.", form="login"),
        GROUP._replace(wide=True),
        Column("item", "Item", wide=True, meaning="Its number there, as k1; after a merge with the lead's id before it."),
        CUSTOMER_ID._replace(wide=True),
    )  # fmt: skip
    SUMMARY = Summary(
        "A line for each department instead: asked, overdue, in time.",
        "Collaborations",
        DEPARTMENTS,
        by_department,
        about="A row a department, the one with most overdue first.",
        asked="sales collaborations --summary --json",
    )

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whose: Any = {"department": self.department, "owner": self.owner, "group": self.group}
        which: Any = {"still_open": self.open, "overdue": self.overdue}
        return rows(q.ask, q.moments, q.organisation, q.period, **whose, **which, explain=q.explain)

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        if rows:
            still = sum(1 for row in rows if row["state"] == "open")
            late = sum(1 for row in rows if row["overdue"])
            said = "Asked for: {count}; open: {open}; overdue: {overdue}."
            yield Note(said, {"count": len(rows), "open": still, "overdue": late})

    def notes_on_summary(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        yield from ()
