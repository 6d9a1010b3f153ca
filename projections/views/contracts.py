"""The contract ledger: each contract as it stood, with what is collected, invoiced and delivered of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.money import units, units_text
from projections.engine.as_of import Moments
from projections.engine.json import reader
from projections.engine.projection import Ask
from projections.queries.contract_scope import WHOSE, Condition, Wanted, found, signed_in, under_others, whose
from projections.queries.events import named
from projections.queries.groups import Groups
from projections.queries.organisation import Organisation

KEYS: Final = (
    *("id", "number", "customer", "company", "kind", "state", "signed_on", "owner", "group", "amount", "value"),
    *("currency", "approved_by", "reviews", "place", "collected", "collected_share", "outstanding", "overpaid"),
    *("invoiced", "delivered", "accepted", "deliveries", "not_accepted", "orders"),
)
ROWS: Final = f"""
{WHOSE}, k.begun, c.kind, c.state, c.signed_on, c.amount, c.value, c.currency, c.approved_by, c.reviews, c.place,
c.collected, c.collected_share, c.outstanding, c.overpaid, c.invoiced, c.delivered, c.accepted, c.deliveries, c.not_accepted
"""
ORDERS: Final = """
SELECT o.begun, o.item, o.number, o.amount, o.date FROM {contract_orders} o
WHERE o.since <= ? AND o.known_from <= ? AND o.known_to > ? AND o.begun BETWEEN ? AND ? ORDER BY o.begun, o.placed
"""
ORDER: Final = ("item", "number", "amount", "date")
BEGUN: Final = 6
SUMMED: Final = ("value", "collected", "outstanding", "overpaid", "invoiced", "delivered")


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
    """Return the contracts, the first drafted first; asks contracts, progress, tracking, pipeline and organisation.

    `period` keeps those signed in it, `group` those of a group and the groups below it, `subjects` contracts and the
    contracts of customers. `currency` is the store's.
    """
    wanted = Wanted(owner, group, subjects)
    conditions = [whose(ask, moments, organisation, wanted)]
    if period is not None:
        conditions.append(signed_in(period, moments))
    if state is not None:
        conditions.append(Condition(" AND c.state = ?", (state,)))
    told = found(ask, moments, f"{ROWS}, c.sources" if explain else ROWS, *conditions, Condition(" ORDER BY k.begun"))
    loads, groups = reader(len(told)), Groups(organisation, moments.day)
    shown = _shown(told, groups, loads, _orders(ask, moments, told))
    under_others(ask, moments, shown, told, groups)
    if explain:
        behind = {row["id"]: loads(stored[-1]) for row, stored in zip(shown, told, strict=True)}
        explained(ask, moments, shown, "id", behind)
    return wanted.narrowed(shown, organisation, "id")


def _orders(ask: Ask, moments: Moments, told: Sequence[Sequence[Any]]) -> dict[int, list[dict[str, Any]]]:
    """Return what was ordered under contracts, by their beginnings."""
    placed: dict[int, list[dict[str, Any]]] = {}
    if told:
        params = (moments.micros, moments.position, moments.position, told[0][BEGUN], told[-1][BEGUN])
        for contract, *order in ask(ORDERS, params):
            placed.setdefault(contract, []).append(dict(zip(ORDER, order, strict=True)))
    return placed


def _shown(
    told: Sequence[Sequence[Any]],
    groups: Mapping[str | None, str | None],
    loads: Callable[[str], Any],
    orders: Mapping[int, list[dict[str, Any]]],
) -> list[dict[str, Any]]:
    """Return what the stored rows show."""
    blank = dict.fromkeys(KEYS)
    shown: list[dict[str, Any]] = []
    for (
        contract, number, customer, company, owner, _, begun, kind, state, signed_on, amount, value, currency,
        approved_by, reviews, place, collected, share, outstanding, overpaid, invoiced, delivered, accepted, deliveries,
        waiting, *_sources,
    ) in told:  # fmt: skip
        row: dict[str, Any] = blank.copy()  # quicker than setting every key
        row["id"] = contract
        row["number"] = number
        row["customer"] = customer
        row["company"] = company
        row["kind"] = kind
        row["state"] = state
        row["signed_on"] = signed_on
        row["owner"] = owner
        row["group"] = groups[owner]
        row["amount"] = amount
        row["value"] = value
        row["currency"] = currency
        row["approved_by"] = approved_by
        row["reviews"] = loads(reviews) if reviews else []
        row["place"] = place
        row["collected"] = collected
        row["collected_share"] = share
        row["outstanding"] = outstanding
        row["overpaid"] = overpaid
        row["invoiced"] = invoiced
        row["delivered"] = delivered
        row["accepted"] = accepted
        row["deliveries"] = deliveries
        row["not_accepted"] = loads(waiting) if waiting else []
        row["orders"] = orders.get(begun) or []
        shown.append(row)
    return shown


def explained(
    ask: Ask, moments: Moments, shown: Sequence[dict[str, Any]], contract: str, sources: Mapping[str, Sequence[int]]
) -> None:
    """Name in each row the events behind it, which are at these positions by the contract that it is of."""
    behind = named(ask, {position for positions in sources.values() for position in positions}, moments)
    for row in shown:
        row["events"] = [behind[position][0] for position in sources[row[contract]]]


def totals(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the sums of the signed contracts' rows by currency; what came in before a signing is among what is overpaid."""
    made = []
    for currency in sorted(
        {each["currency"] for each in found if each["value"] is not None or each["overpaid"] != "0"}
    ):
        whole = [each for each in found if each["currency"] == currency]
        mine = [each for each in whole if each["value"] is not None]
        sums = {name: total(whole if name == "overpaid" else mine, name) for name in SUMMED}
        made.append({"currency": currency, "count": len(mine), **sums})
    return made


def total(found: Sequence[Mapping[str, Any]], name: str) -> str:
    """Return the sum of an amount of the rows."""
    return units_text(units(sum((Decimal(each[name]) for each in found if each[name] is not None), Decimal(0))))
