"""Questions about disputes: who says a customer is theirs, who was there first by the log, and how it was ruled."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from domain.calendar.moment import local_text
from domain.calendar.period import Period
from projections.engine.as_of import Moments
from projections.engine.projection import Ask
from projections.queries.customers import chunks
from projections.queries.organisation import Organisation
from projections.queries.record_events import Found, found
from projections.queries.record_owner import owned

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
    moments: Moments,
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


def _first_acts(ask: Ask, moments: Moments, customers: Iterable[str]) -> dict[tuple[str, str], str]:
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
