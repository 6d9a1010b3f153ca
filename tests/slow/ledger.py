"""The contract ledger and the receivables, folded for one pair of moments."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.slow.contracts import contracts, deltas, of_contract, signing
from tests.slow.customers import owner_of
from tests.slow.fold import Belief, Entry

STATES = {
    "contract.drafted": "draft",
    "contract.submitted": "submitted",
    "contract.approved": "approved",
    "contract.returned": "returned",
    "contract.signed": "signed",
    "contract.cancelled": "cancelled",
    "contract.completed": "completed",
}
MEASURES = ("signed", "collected", "invoiced", "delivered")


def happened(belief: Belief, contract: str) -> list[Entry]:
    """Return what had happened to a contract; what led to a signing has happened with it."""
    signed = signing(belief, contract)
    before = signed.position if signed is not None and signed.moment <= belief.micros else 0
    mine = of_contract(belief, contract)
    return [e for e in mine if e.moment <= belief.micros or (e.position < before and e.name != "payment.received")]


def sums(belief: Belief, contract: str) -> dict[str, Decimal]:
    """Return what a contract has added to each measure by the moment asked."""
    found = dict.fromkeys(MEASURES, Decimal(0))
    for delta in deltas(belief, contract):
        if delta.entry.moment <= belief.micros:
            found[delta.measure] += delta.amount
    return found


def contract_rows(belief: Belief) -> list[dict[str, Any]]:
    """Return a row for each contract that was drafted by then."""
    found = []
    for contract in contracts(belief):
        events = happened(belief, contract)
        drafts = [e.data for e in events if e.name == "contract.drafted"]
        if not drafts:
            continue
        signed = next((e for e in events if e.name == "contract.signed"), None)
        total = sums(belief, contract)
        row = {"id": contract, "number": drafts[-1]["number"], "currency": drafts[-1]["currency"]}
        row["state"] = state(events)
        row["signed_on"] = signed.day.isoformat() if signed else None
        row["value"] = total["signed"] if signed else None
        row["outstanding"] = max(total["signed"] - total["collected"], Decimal(0))
        row["overpaid"] = max(total["collected"] - total["signed"], Decimal(0))
        row |= {name: total[name] for name in ("collected", "invoiced", "delivered")}
        row["accepted"] = accepted(events)
        row["place"] = next((e.data["place"] for e in reversed(events) if e.name == "contract.archived"), None)
        row["owner"] = owner(belief, contract, signed) if signed else None
        found.append(row)
    return found


def state(events: list[Entry]) -> str:
    """Return the state that the last of the steps brought; an amendment before the signing makes a draft of it again."""
    now = ""
    for entry in events:
        if entry.name == "contract.amended" and now != "completed" and now != "signed":
            now = "draft"
        now = STATES.get(entry.name, now)
    return now


def accepted(events: list[Entry]) -> Decimal:
    """Return what of the deliveries was accepted."""
    items = {e.data["item"] for e in events if e.name == "delivery.accepted"}
    worth = [e.data.get("amount") or 0 for e in events if e.name == "delivery.delivered" and e.data["item"] in items]
    return sum(map(Decimal, worth), Decimal(0))


def owner(belief: Belief, contract: str, signed: Entry) -> str | None:
    """Return who owned a signed contract at the moment asked."""
    mine = of_contract(belief, contract)
    handed = [
        (e.day, e.position, e.data["owner"])
        for e in mine
        if e.name == "contract.handed_over" and e.moment <= belief.micros
    ]
    named = [e.data.get("owner") for e in mine if e.name == "contract.drafted"][-1]
    return str(max(handed)[2]) if handed else named or owner_of(belief, signed.customer, signed)


def receivable_rows(belief: Belief) -> list[dict[str, Any]]:
    """Return a row for each part of a contract that is not paid, or was paid beyond what it is worth."""
    found = []
    for contract in contracts(belief):
        events = happened(belief, contract)
        drafts = [e.data for e in events if e.name == "contract.drafted"]
        total = sums(belief, contract)
        if not drafts or not (total["collected"] or any(e.name == "contract.signed" for e in events)):
            continue
        plan = planned(events, total["signed"])
        got, surplus = poured([amount for amount, _ in plan], receipts(events))
        for n, ((amount, due), received) in enumerate(zip(plan, got, strict=True)):
            if amount != received:
                late = max(0, (belief.day - due).days) if due else None
                number = n + 1 if n < len(plan) - 1 else None
                found.append(part(contract, number, amount, received, due, late))
        if surplus:
            found.append(part(contract, None, Decimal(0), surplus, None, None))
    return found


def part(
    contract: str, number: int | None, amount: Decimal, received: Decimal, due: date | None, late: int | None
) -> dict[str, Any]:
    """Return a row."""
    return {
        "contract": contract,
        "instalment": number,
        "amount": amount,
        "received": received,
        "outstanding": max(amount - received, Decimal(0)),
        "overpaid": max(received - amount, Decimal(0)),
        "due": due.isoformat() if due else None,
        "days_overdue": late,
    }


def planned(events: list[Entry], worth: Decimal) -> list[tuple[Decimal, date | None]]:
    """Return the instalments with their due days, as far as the contract is worth them, and last what they leave out."""
    whole, agreed, schedule, of = Decimal(0), Decimal(0), list[dict[str, Any]](), Decimal(0)
    signed, framework = False, False
    for entry in events:
        data = entry.data
        match entry.name:
            case "contract.drafted":
                framework, agreed = data.get("kind") == "framework", Decimal(data["amount"])
            case "contract.signed":
                signed, of = True, agreed
                whole = Decimal(0) if framework else agreed
            case "contract.amended":
                agreed += Decimal(data["delta"])
                whole += Decimal(0 if framework else data["delta"])
            case "contract.order_placed":
                whole += Decimal(data["amount"])
            case "contract.cancelled":
                whole = Decimal(0)
            case "payment.scheduled":
                schedule, of = data["instalments"], whole if signed else agreed
    left, plan = max(worth, Decimal(0)), []
    for each, amount in zip(schedule, cut(schedule, of), strict=True):
        plan.append((min(amount, left), due(each, events)))
        left -= plan[-1][0]
    return [*plan, (left, None)]


def cut(schedule: list[dict[str, Any]], of: Decimal) -> list[Decimal]:
    """Return the amounts of instalments; the stories' shares come out even, to the cent."""
    return [Decimal(each["amount"]) if "amount" in each else of * Decimal(each["percent"]) / 100 for each in schedule]


def due(instalment: dict[str, Any], events: list[Entry]) -> date | None:
    """Return when an instalment is due, if that is known."""
    if "due" in instalment:
        return date.fromisoformat(instalment["due"])
    names = {"signing": "contract.signed", "delivery": "delivery.delivered", "acceptance": "delivery.accepted"}
    days = [e.day for e in events if e.name == names.get(instalment.get("after", ""))]
    return min(days) + timedelta(days=instalment["days"]) if days else None


def receipts(events: list[Entry]) -> list[tuple[Decimal, int | None]]:
    """Return what came in and went back, in business order."""
    paid = [e for e in events if e.name in ("payment.received", "payment.refunded")]
    paid.sort(key=lambda e: (e.moment, e.position))
    sign = {"payment.received": 1, "payment.refunded": -1}
    return [(Decimal(e.data["amount"]) * sign[e.name], e.data.get("instalment")) for e in paid]


def poured(plan: list[Decimal], moves: list[tuple[Decimal, int | None]]) -> tuple[list[Decimal], Decimal]:
    """Pour each receipt, cent by cent as it were, into its instalment and then the oldest open one; take refunds back."""
    got, over = [Decimal(0)] * len(plan), Decimal(0)
    for amount, named in moves:
        first = [named - 1] if named and named <= len(plan) else []
        left = abs(amount)
        while left:
            if amount > 0 > over:
                places, room = [], -over
            elif amount > 0:
                places = [n for n in (*first, *range(len(plan))) if got[n] < plan[n]]
                room = plan[places[0]] - got[places[0]] if places else left
            else:
                places = [n for n in first if got[n]]
                places = places or [n for n in reversed(range(len(plan))) if got[n] and over <= 0]
                room = got[places[0]] if places else over if over > 0 else left
            step = min(left, room)
            left -= step
            moved = step if amount > 0 else -step
            if places:
                got[places[0]] += moved
            else:
                over += moved
    return got, over
