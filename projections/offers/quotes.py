"""Questions about quotes: which were issued, and which of them hold, have expired, or were superseded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain.period import Period
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask
from projections.records.ask import Found, found
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
    state: str | None = None,
    explain: bool = False,
    records: Sequence[Found] | None = None,
) -> list[dict[str, Any]]:
    """Return the quotes issued in a period (all without one), the first issued first, as they stood.

    The state is superseded once another quote replaces it, else valid up to its last day and expired after it. Only `records` are
    looked at where they are given: the quotes of a customer, that another question has found.
    """
    whose: Any = {"owner": owner, "group": group, "customer": customer}
    mine = found_of(ask, moments, organisation, "quote", opened=period, records=records, **whose)
    every = found(ask, moments, "quote", subjects={each.found.subject for each in mine}) if records is None else records
    by = {(each.subject, each.content["replaces"]): each for each in every if each.content.get("replaces")}
    made = []
    for each in mine:
        row = _row(each, by, moments.day)
        if state in (None, row["state"]):
            made.append({**row, "events": _behind(each.found, by)} if explain else row)
    return made


def _row(each: Owned, by: Mapping[tuple[str, str], Found], today: date) -> dict[str, Any]:
    record, said = each.found, each.found.content
    later = by.get((record.subject, record.item))
    until = date.fromisoformat(said["valid_until"])
    return {
        **each.row(),
        "number": said["number"],
        "amount": said["amount"],
        "currency": said["currency"],
        "issued": record.opened.isoformat(),
        "by": record.actor,
        "valid_until": until.isoformat(),
        "days_left": (until - today).days if later is None and today <= until else None,
        "state": "superseded" if later else "valid" if today <= until else "expired",
        "superseded_by": later.content["number"] if later else None,
        "opportunity": said.get("opportunity"),
        **each.whose(),
    }


def _behind(record: Found, by: Mapping[tuple[str, str], Found]) -> list[dict[str, Any]]:
    later = by.get((record.subject, record.item))
    return [*record.named(), *(later.named() if later else ())]
