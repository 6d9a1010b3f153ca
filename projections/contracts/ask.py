"""The contract ledger: each contract as it stood, with what is collected, invoiced and delivered of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from domain.money import from_units, ratio, text_of, units
from domain.period import Period
from projections.contracts.standing import Standing, asked_for, everything, signed_between, standing
from projections.events import named
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    *,
    currency: str,
    period: Period | None = None,
    state: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    subjects: Sequence[str] | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the contracts, the first drafted first; asks progress, tracking, pipeline and audit.

    `period` keeps those signed in it, `group` those of a group and the groups below it, `subjects` contracts and the
    contracts of customers. `currency` is the store's.
    """
    chosen: Collection[str] | None = asked_for(ask, moments, organisation, owner, group, subjects)
    if period is not None:
        signed = signed_between(ask, moments, period.first, period.last)
        chosen = signed.keys() if chosen is None else signed.keys() & chosen
    elif chosen is None:
        chosen = everything(ask, moments)
    found = narrowed(standing(ask, moments, organisation, chosen), organisation, owner, group, subjects)
    shown = [row(each) for each in found if state in (None, each.state.status)]
    if explain:
        behind = named(ask, {p for each in found for p in each.positions}, moments)
        events = {each.contract: [behind[p][0] for p in each.positions] for each in found}
        shown = [{**each, "events": events[each["id"]]} for each in shown]
    return shown


def narrowed(
    found: Sequence[Standing],
    organisation: Organisation,
    owner: str | None,
    group: str | None,
    subjects: Sequence[str] | None,
) -> list[Standing]:
    """Return the contracts of an owner, of a group and those below it, of some customers or contracts."""
    return [
        each
        for each in found
        if owner in (None, each.owner)
        and (group is None or (each.group is not None and group in organisation.above(each.group)))
        and (subjects is None or each.contract in subjects or each.customer in subjects)
    ]


def row(each: Standing) -> dict[str, Any]:
    """Return a contract's row."""
    state, sums = each.state, each.sums
    accepted = sum(units(d.amount) for d in state.deliveries.values() if d.accepted and d.amount)
    waiting = [d.milestone for d in state.deliveries.values() if not d.accepted]
    approvals = [seen for seen in each.events if seen.name == "contract.approved"]
    approved = approvals and (state.signed_on is not None or state.approved == state.digest())
    return {
        "id": each.contract,
        "number": state.number,
        "customer": each.customer,
        "company": each.company,
        "kind": state.kind,
        "state": state.status,
        "signed_on": state.signed_on.isoformat() if state.signed_on else None,
        "owner": each.owner,
        "group": each.group,
        "amount": amount(units(state.amount)),
        "value": amount(sums["signed"]) if state.signed_on else None,
        "currency": state.currency,
        "approved_by": approvals[-1].data["by"] if approved else None,
        "reviews": [_review(each, seen.data) for seen in each.events if seen.name == "contract.reviewed"],
        "place": state.place,
        "collected": amount(sums["collected"]),
        "collected_share": _share(sums["collected"], sums["signed"]),
        "outstanding": amount(sums["signed"] - sums["collected"]),
        "invoiced": amount(sums["invoiced"]),
        "delivered": amount(sums["delivered"]),
        "accepted": amount(accepted),
        "deliveries": len(state.deliveries),
        "not_accepted": waiting,
        "orders": [
            {"item": item, "number": o.number, "amount": amount(units(o.amount)), "date": o.date.isoformat()}
            for item, o in state.orders.items()
        ],
    }


def _share(part: int, whole: int) -> str | None:
    return text_of(ratio(part, whole))


def _review(each: Standing, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a department's opinion; one of what the contract said before an edit holds no more."""
    holds = each.state.signed_on is not None or said["digest"] == each.state.digest()
    return {**{name: said[name] for name in ("item", "department", "opinion", "by")}, "holds": holds}


def totals(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the sums of the signed contracts' rows by currency."""
    made = []
    for currency in sorted({each["currency"] for each in found if each["value"] is not None}):
        mine = [each for each in found if each["currency"] == currency and each["value"] is not None]
        sums = {name: total(mine, name) for name in ("value", "collected", "outstanding", "invoiced", "delivered")}
        made.append({"currency": currency, "count": len(mine), **sums})
    return made


def total(found: Sequence[Mapping[str, Any]], name: str) -> str:
    """Return the sum of an amount of the rows."""
    return amount(units(sum((Decimal(each[name]) for each in found if each[name] is not None), Decimal(0))))


@lru_cache(maxsize=8192)
def amount(whole: int) -> str:
    """Return ten-thousandths as the decimal text of the amount."""
    return format(from_units(whole), "f")
