"""Questions about quotes: which were issued, and which of them hold, have expired, or were superseded."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customer_records import Held, Wanted, behind, held
from projections.queries.dates import iso_of
from projections.queries.organisation import Organisation
from projections.views.column import Column
from projections.views.columns import COMPANY, CURRENCY, CUSTOMER_ID, GROUP, ITEM, OWNER
from projections.views.parameters import CUSTOMERS_GROUP, CUSTOMERS_OWNER, ONE_CUSTOMER, Customer
from projections.views.spec import Query, View, view

PROJECTIONS: Final = ("records", "audit", "pipeline", "tracking", "organisation")
State = Literal["valid", "expired", "superseded"]
OF_THESE: Final = (
    " AND r.subject IN (SELECT q.subject FROM {records} q WHERE q.kind = 'quote' AND q.opened BETWEEN ? AND ?)"
)


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
    state: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the quotes issued in a period (all without one), the first issued first, as they stood.

    The state is superseded once another quote replaces it, else valid up to its last day and expired after it.
    """
    wanted = Wanted(owner=owner, group=group, customer=customer, opened=period)
    mine = held(ask, moments, organisation, "quote", wanted=wanted)
    every = mine
    if period is not None and mine:  # what replaces a quote may be of another day
        days = period.first.toordinal(), period.last.toordinal()
        every = held(ask, moments, organisation, "quote", wanted=wanted._replace(opened=None, only=(OF_THESE, days)))
    by = {(each.subject, each.said["replaces"]): each for each in every if "replaces" in each.said}
    shown = [(each, by.get((each.subject, each.item))) for each in mine]
    made = [_row(each, later, moments.day) for each, later in shown]
    if explain:
        told = behind(ask, moments, mine)
        after = behind(ask, moments, [later for _, later in shown if later])
        for row, events, (_, later) in zip(made, told, shown, strict=True):
            row["events"] = [*events, *(after.pop(0) if later else ())]
    return [row for row in made if state in (None, row["state"])]


def _row(each: Held, later: Held | None, today: date) -> dict[str, Any]:
    said = each.said
    until = date.fromisoformat(said["valid_until"])
    return {
        "customer": each.customer,
        "company": each.company,
        "item": each.number,
        "number": said["number"],
        "amount": said["amount"],
        "currency": said["currency"],
        "issued": iso_of(each.opened),
        "by": each.actor,
        "valid_until": said["valid_until"],
        "days_left": (until - today).days if later is None and today <= until else None,
        "state": "superseded" if later else "valid" if today <= until else "expired",
        "superseded_by": later.said["number"] if later else None,
        "opportunity": said.get("opportunity"),
        "owner": each.owner,
        "group": each.group,
    }


@view(
    "quotes",
    title="Quotes",
    about="A row a quote, the first issued first.",
    example="sales quotes --state valid",
    needs=PROJECTIONS,
    key=("customer", "item"),
    period="any",
    period_help="Only quotes issued in this period.",
)
class Quotes(View):
    """Show the quotes: which hold, which have expired, and which were superseded by others."""

    owner: Login | None = CUSTOMERS_OWNER
    group: GroupCode | None = CUSTOMERS_GROUP
    customer: Customer | None = ONE_CUSTOMER
    state: State | None = given("Only quotes in this state.", default=None)

    COLUMNS = (
        Column("number", "Quote no.", meaning="Its number."),
        COMPANY,
        Column("amount", "Amount", "amount", meaning="What is offered for how much."),
        Column(
            "state", "State",
            meaning="superseded (a later one for its opportunity, or one that names it, replaces it), else valid up to its last"
            " day, then expired.",
        ),
        Column("valid_until", "Valid until", "date", meaning="Its last day."),
        Column("days_left", "Days left", "count", meaning="Days until then; null when it no longer holds."),
        OWNER,
        Column("issued", "Issued", "date", meaning="When it was issued."),
        Column("superseded_by", "Superseded by", meaning="The number of the quote that replaces it."),
        GROUP,
        CURRENCY._replace(meaning="Of the amount."),
        Column("by", "Issued by", wide=True, meaning="Who issued it.", form="login"),
        Column("opportunity", "Opportunity", wide=True, meaning="The opportunity that it is for."),
        ITEM._replace(wide=True),
        CUSTOMER_ID._replace(wide=True),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        return rows(
            q.ask, q.moments, q.organisation, q.period, owner=self.owner, group=self.group, customer=self.customer,
            state=self.state, explain=q.explain,
        )  # fmt: skip
