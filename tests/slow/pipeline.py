"""The open opportunities, and the waterfall between two moments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tests.slow.customers import PASSING, company, owner_at, owner_of, reckoned, survivor
from tests.slow.fold import Belief, Entry, in_business_order
from tests.slow.people import group_of


@dataclass
class Hope:
    """An opportunity after some of its events."""

    customer: str = ""
    name: str | None = None
    amount: Decimal = Decimal(0)
    currency: str = ""
    stage: str | None = None
    close_date: str | None = None
    probability: str | None = None
    status: str = ""
    opened: str = ""
    changed: str = ""

    @property
    def worth(self) -> Decimal:
        return self.amount if self.status == "open" else Decimal(0)


def after(hope: Hope, entry: Entry) -> Hope:
    """Return the opportunity after one more event."""
    data = entry.data
    told: dict[str, Any] = {}
    match entry.name:
        case "opportunity.opened":
            told = {name: data.get(name) for name in ("customer", "name", "currency", "close_date")}
            told |= {"amount": Decimal(data["amount"]), "status": hope.status or "open"}
        case "opportunity.moved":
            told = {"stage": data["stage"]}
        case "opportunity.forecast":
            told = {name: data[name] for name in ("close_date", "probability") if data.get(name) is not None}
            told |= {"amount": Decimal(data["amount"])} if data.get("amount") is not None else {}
        case "opportunity.reopened":
            told = {"status": "open"}
        case "opportunity.lost" | "opportunity.won":
            told = {"status": entry.name.removeprefix("opportunity.")}
    return replace(hope, **told, opened=hope.opened or entry.occurred, changed=entry.occurred)


def courses(belief: Belief) -> dict[str, list[Entry]]:
    """Return each opportunity's events up to the moment asked, in business order."""
    found: dict[str, list[Entry]] = {}
    for entry in in_business_order(reckoned(belief, belief.of("opp_"))):
        if entry.moment <= belief.micros:
            found.setdefault(entry.stream, []).append(entry)
    return found


def rows(belief: Belief) -> list[dict[str, Any]]:
    """Return the open opportunities."""
    found = []
    for opportunity, events in courses(belief).items():
        hope = Hope()
        for entry in events:
            hope = after(hope, entry)
        if hope.status != "open":
            continue
        owner = whose(belief, hope.customer, events[-1])
        shown = survivor(belief, hope.customer)
        found.append(
            {
                "id": opportunity,
                "name": hope.name,
                "customer": shown,
                "company": company(belief, shown),
                "owner": owner,
                "group": group_of(belief, owner, belief.day),
                "stage": hope.stage,
                "status": "open",
                "amount": hope.amount,
                "currency": hope.currency,
                "close_date": hope.close_date,
                "probability": hope.probability,
                "opened": hope.opened,
                "changed": hope.changed,
            }
        )
    return found


def whose(belief: Belief, customer: str, last: Entry) -> str | None:
    """Return who owns an opportunity at the moment asked: whose its last act was, unless its customer passed on after that."""
    changed = any(
        entry.stream == customer and last.moment <= entry.moment <= belief.micros for entry in belief.named(*PASSING)
    )
    return owner_at(belief, customer, belief.micros) if changed else owner_of(belief, customer, last)


def waterfall(belief: Belief, start: int) -> dict[tuple[str, str], Decimal]:
    """Return what each bar adds between a moment and the one asked, by currency and bar, where it is not 0."""
    bars: dict[tuple[str, str], Decimal] = {}

    def add(bar: str, currency: str, amount: Decimal) -> None:
        bars[currency, bar] = bars.get((currency, bar), Decimal(0)) + amount

    for events in courses(belief).values():
        hope = Hope()
        for entry in events:
            before, hope = hope, after(hope, entry)
            moved = hope.worth - before.worth
            if entry.moment <= start:
                add("open", hope.currency, moved)
            elif before.status == hope.status == "open":
                add("up" if moved > 0 else "down", hope.currency, moved)
            elif hope.status == "open":
                add("new", hope.currency, moved)
            elif before.status == "open":
                add(hope.status, hope.currency, moved)
        add("closing", hope.currency, hope.worth)
    return {bar: amount for bar, amount in bars.items() if amount}
