"""Questions about disputes: who says a customer is theirs, who was there first by the log, and how it was ruled."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from domain.calendar.moment import local_text
from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import chunks
from projections.queries.organisation import Organisation
from projections.queries.record_events import Found, found
from projections.queries.record_owner import owned
from projections.views.column import Column
from projections.views.columns import COMPANY, CUSTOMER_ID
from projections.views.spec import Query, View, view

FIRST: Final = """
SELECT l.stream, l.actor, MIN(l.recorded) FROM {{log}} l
WHERE l.stream IN ({marks}) AND l.position <= ? GROUP BY l.stream, l.actor
"""

NAMED: Final = """
SELECT n.subject, l.stream FROM {{audit_named}} n CROSS JOIN {{log}} l
WHERE n.subject IN ({marks}) AND l.position = n.position AND l.name = 'customer.lead_captured' AND l.position <= ?
"""
"""In whose captures these are named as duplicates."""
NAMING: Final = """
SELECT l.stream, a.changes FROM {{log}} l JOIN {{audit_entries}} a ON a.position = l.position
WHERE l.stream IN ({marks}) AND l.version = 1 AND l.name = 'customer.lead_captured' AND l.position <= ?
"""
"""What the captures of these say, the duplicates that they name among it."""


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period | None = None,
    *,
    owner: str | None = None,
    group: str | None = None,
    still_open: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the disputes raised in a period (in all without one), the first raised first, open and ruled on.

    Asks records, audit, pipeline, tracking and the organisation. `owner` keeps those with this party, `group` those of a party in
    that group on the as-of day. `owner_first` and `claimant_first` are when the log first learned of an act of theirs on the
    customer: what counts between claimants is when something was recorded, not the day it was given.
    """
    disputes = found(ask, moments, "dispute", opened=period, still_open=still_open)
    first = _first_acts(ask, moments, {each.subject for each in disputes})
    shown = []
    for mine in owned(ask, moments, disputes):
        each = mine.found
        parties = (each.opening.content["owner"], each.opening.content["claimant"])
        teams = [organisation.group_of(login, moments.day) for login in parties]
        if owner not in (None, *parties) or group not in (None, *teams):
            continue
        began = {login: first.get((each.subject, login)) for login in parties}
        told = {**mine.row(), "state": each.state, "owner": parties[0], "owner_first": began[parties[0]]}
        told |= {"claimant": parties[1], "claimant_first": began[parties[1]], **_told(each)}
        shown.append(told | ({"events": each.named()} if explain else {}))
    return shown


def _told(each: Found) -> dict[str, Any]:
    """Return what a row says of the dispute's course."""
    ruling = each.events[-1] if each.state == "ruled" else None
    owner = each.opening.content["owner"]
    awarded = ruling.content.get("owner", owner) if ruling else None
    return {
        "evidence": each.content.get("evidence"),
        "raised": each.opened.isoformat(),
        "ruled": each.closed.isoformat() if each.closed else None,
        "ruled_by": ruling.actor if ruling else None,
        "awarded": awarded,
        "moved": awarded != owner if ruling else None,
        "reason": ruling.reason if ruling else None,
    }


def _first_acts(ask: Ask, moments: AsOf, customers: Iterable[str]) -> dict[tuple[str, str], str]:
    """Return when the log first learned of an act of somebody on a customer or a duplicate of it, by (customer, login)."""
    alike: dict[str, set[str]] = {customer: {customer} for customer in customers}
    for marks, some in chunks(alike):
        for customer, capture in ask(NAMED.format(marks=marks), (*some, moments.position)):
            alike[customer].add(capture)
        for customer, changes in ask(NAMING.format(marks=marks), (*some, moments.position)):
            told = {field: new for field, _, new in json.loads(changes)}
            named = told.get("duplicates") or []
            alike[customer].update(named)
            if told.get("duplicate_count"):
                # Of many the event names a few; the others name one of these too.
                beside = ask(NAMED.format(marks=",".join("?" * len(named))), (*named, moments.position))
                alike[customer].update(capture for _, capture in beside)
    first: dict[tuple[str, str], str] = {}
    of: dict[str, list[str]] = {}
    for customer, several in alike.items():
        for stream in several:
            of.setdefault(stream, []).append(customer)
    for marks, some in chunks(sorted(of)):
        for stream, actor, recorded in ask(FIRST.format(marks=marks), (*some, moments.position)):
            for customer in of[stream]:
                first[customer, actor] = min(first.get((customer, actor), recorded), recorded)
    return {place: local_text(recorded, moments.zone) for place, recorded in first.items()}


@view(
    "disputes",
    title="Disputes",
    about="A row for each dispute about an owner, the first raised first.",
    example="sales disputes --open",
    needs=("records", "tracking", "pipeline", "audit", "organisation"),
    key=("customer", "item"),
    period="any",
    period_help="Only those raised in this period.",
)
class Disputes(View):
    """Show who says a customer is theirs, who was there first by the log, and how it was ruled."""

    open: bool = given("Only those that nobody has ruled on yet.", default=False)
    owner: Login | None = given("Only those to which this person is a party.", default=None)
    group: GroupCode | None = given("Only those with a party in this group.", default=None)

    COLUMNS = (
        COMPANY,
        Column("state", "State", meaning="open or ruled."),
        Column("owner", "Owner", meaning="Whose it was when the dispute was raised.", form="login"),
        Column("claimant", "Claimant", meaning="Who says it is theirs.", form="login"),
        Column("evidence", "Evidence", missing="", meaning="What shows it (personal)."),
        Column("raised", "Raised", "date", meaning="When it was raised."),
        Column("awarded", "Awarded to", meaning="Whose it is by the ruling.", form="login"),
        Column("reason", "Reason", missing="", meaning="The ruling's reason."),
        Column("ruled", "Ruled", "date", meaning="When it was ruled on; null while it is open."),
        Column("ruled_by", "Ruled by", meaning="Who ruled.", form="login"),
        Column(
            "owner_first", "Owner registered", "time", form="time",
            meaning="When the log first learned of an act of theirs on this company.",
        ),
        Column(
            "claimant_first", "Claimant registered", "time", form="time",
            meaning="When the log first learned of an act of theirs on this company, the dispute included.",
        ),
        Column(
            "item", "Item",
            meaning="The dispute's number there, as t1; after a merge with the lead's id before it.",
        ),
        Column(
            "moved", "Moved", form="true or false", wide=True,
            meaning="Whether that is another than the owner; null while it is open.",
        ),
        CUSTOMER_ID._replace(wide=True),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whose: Any = {"owner": self.owner, "group": self.group, "still_open": self.open}
        return rows(q.ask, q.moments, q.organisation, q.period, **whose, explain=q.explain)
