"""Questions about proposals: which were asked for, which are overdue, and in which versions they were delivered."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customer_records import Held, Wanted, behind, each_held
from projections.queries.dates import iso_of
from projections.queries.deadlines import Deadlines
from projections.queries.organisation import Organisation
from projections.views.column import Column, Row
from projections.views.columns import COMPANY, CUSTOMER_ID, GROUP, ITEM, OWNER, PROVISIONAL
from projections.views.parameters import CUSTOMERS_GROUP, CUSTOMERS_OWNER, ONE_CUSTOMER, Customer
from projections.views.spec import Query, View, view

PROJECTIONS: Final = ("records", "audit", "pipeline", "tracking", "organisation")
State = Literal["requested", "overdue", "delivered"]


def rows(
    ask: Ask,
    moments: AsOf,
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


def _row(each: Held, deadlines: Deadlines, moments: AsOf) -> dict[str, Any]:
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


def delivered(row: Row) -> list[str]:
    """Return the versions that went out, each with its day and parts."""
    return [
        f"{each['version']}: {each['day']}{' (' + ', '.join(each['parts']) + ')' if each['parts'] else ''}"
        for each in row["versions"]
    ]


@view(
    "proposals",
    title="Proposals",
    about="A row a proposal, the first asked for first.",
    example="sales proposals --state overdue",
    needs=PROJECTIONS,
    key=("customer", "item"),
    period="any",
    period_help="Only proposals asked for in this period.",
)
class Proposals(View):
    """Show the proposals asked for: of which departments, by when, and in which versions they were delivered."""

    owner: Login | None = CUSTOMERS_OWNER
    group: GroupCode | None = CUSTOMERS_GROUP
    customer: Customer | None = ONE_CUSTOMER
    department: str | None = given("Only what this department was asked for.", default=None)
    state: State | None = given("Only proposals in this state.", default=None)

    COLUMNS = (
        COMPANY,
        Column("what", "What", meaning="What it is to be about."),
        Column("departments", "Departments", "list", meaning="Of whom it was asked.", form="list of text"),
        Column(
            "due", "Due", "date",
            meaning="When it is due; counted in working days, it moves with the calendar until it is delivered.",
        ),
        Column("state", "State", meaning="requested, overdue (after its due day) or delivered (in any version)."),
        Column(
            "late_days", "Days late", "count", text=lambda row: row["late_days"] or None,
            meaning="Working days from the due day to that, or to the as-of day.",
        ),
        OWNER,
        Column(
            "versions", "Versions", "list", text=delivered, meaning="Each with `version`, `day`, `by` and `parts`."
        ),
        Column("requested", "Asked for", "date", meaning="When."),
        Column("delivered", "First delivered", "date", meaning="When its first version went out."),
        PROVISIONAL,
        Column("by", "Asked for by", wide=True, meaning="Who asked for it.", form="login"),
        Column("version", "Last version", "count", wide=True, meaning="The last version; null before the first."),
        GROUP._replace(wide=True),
        ITEM._replace(wide=True),
        CUSTOMER_ID._replace(wide=True),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        return rows(
            q.ask, q.moments, q.organisation, q.period, owner=self.owner, group=self.group, customer=self.customer,
            department=self.department, state=self.state, explain=q.explain,
        )  # fmt: skip
