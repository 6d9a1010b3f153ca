"""The rows of the tracking table, folded for one pair of moments."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from domain.calendar.moment import instant
from domain.kernel.money import ratio
from tests.slow.contracts import deltas
from tests.slow.customers import PASSING, captures, merged_into, reckoned
from tests.slow.fold import Belief, Entry, in_business_order
from tests.slow.people import calendar, group_of

TOUCHES = ("call", "visit", "e-mail", "message", "meeting")
REACHED = ("captured", "valid", "graded", "contacted", "need-identified", "proposed", "negotiating")
FILE = ("company", "industry", "size", "credit_code", "need")


def rows(belief: Belief) -> list[dict[str, Any]]:
    """Return a row for each customer and each currency of its contracts, the first captured first."""
    found: list[dict[str, Any]] = []
    for customer, capture in captures(belief).items():
        merged = [e for e in belief.named("customer.merged_into") if e.stream == customer]
        if any(e.moment <= belief.micros for e in reckoned(belief, [capture])) and not any(
            e.moment <= belief.micros for e in reckoned(belief, merged)
        ):
            found += rows_of(belief, customer)
    return found


def rows_of(belief: Belief, customer: str) -> list[dict[str, Any]]:
    """Return the rows of one customer, with what happened to the leads merged into it from the merge on."""
    events = history(belief, customer)
    own = [entry for entry in events if entry.stream == customer]
    file = filed(own)
    row = {
        "id": customer,
        **{name: file.get(name) for name in ("company", "industry", "size", "contact", "pain_points")},
        "channel": file["channel"],
        "campaign": file.get("campaign"),
        "grade": file.get("grade"),
        "owner": owner_on_as_of(belief, own),
        "last_contact": last_contact(belief, events),
        **next_action(belief, events),
        "open_objections": objections(events, customer),
    }
    row["group"] = group_of(belief, row["owner"], belief.day)
    signed, sums = amounts(belief, customer, events)
    row["stage"] = stage(belief, own, events, signed, file, row["last_contact"])
    known = [file.get(n) for n in ("company", "industry", "size", "contact", "channel", "credit_code", "grade")]
    known.append(file.get("need") or file["pain_points"])
    row["completeness"] = ratio(sum(1 for each in known if each), len(known))
    return [{**row, "currency": c, **each} for c, each in (sums or {belief.currency: nothing()}).items()]


def history(belief: Belief, customer: str) -> list[Entry]:
    """Return what happened to a customer up to the moment asked, in business order, each at the moment it counts from."""
    joined = {customer: -(1 << 62), **merged_into(belief, customer)}
    events = [
        entry._replace(moment=max(entry.moment, joined[entry.customer]))
        for entry in in_business_order(reckoned(belief, belief.of("cus_", "opp_", "con_")))
        if entry.customer in joined
    ]
    # Those that a merge brings at one moment keep the order in which they happened.
    return [entry for entry in sorted(events, key=lambda entry: entry.moment) if entry.moment <= belief.micros]


def filed(own: list[Entry]) -> dict[str, Any]:
    """Return the customer's file after its own events."""
    file: dict[str, Any] = {"pain_points": []}
    for entry in own:
        data = entry.data
        if entry.name == "customer.lead_captured":
            told = {**data, **{name: file[name] for name in ("industry", "size", "need", "contact") if file.get(name)}}
            file.update({name: told.get(name) for name in (*FILE, "channel", "campaign", "contact")})
        elif entry.name == "customer.details_changed":
            file.update({name: data[name] for name in FILE if data.get(name) is not None})
        elif entry.name == "customer.contact_added":
            file["contact"] = file.get("contact") or data["contact"]
        elif entry.name == "customer.pain_point_noted":
            file["pain_points"].append(data["words"])
        elif entry.name == "need.identified":
            file["need"] = file.get("need") or data["what"]
        elif entry.name == "customer.graded":
            file["grade"] = data["grade"]
    return file


def owner_on_as_of(belief: Belief, own: list[Entry]) -> str | None:
    """Return the owner as of the moment asked: the last named by day, of one day the last recorded."""
    changes = [e for e in own if e.name in PASSING]
    last = max(changes, key=lambda e: (e.day, e.position))
    owner: str | None = last.data.get("owner")
    return owner


def last_contact(belief: Belief, events: list[Entry]) -> str | None:
    """Return when the last touch was: somebody was reached on a counted channel."""
    touches = [
        entry
        for entry in events
        if entry.name == "customer.followed_up" and entry.data.get("reached", True) and entry.data["channel"] in TOUCHES
    ]
    # Of a lead merged into this one a touch counts from the merge on, and yet was when it was.
    return max(touches, key=lambda e: (instant(e.occurred, belief.zone), e.position)).occurred if touches else None


def next_action(belief: Belief, events: list[Entry]) -> dict[str, Any]:
    """Return the open next action that is due first; of one day the one set first."""
    still: dict[tuple[str, str], tuple[str, date]] = {}
    for entry in events:
        if not entry.name.startswith("customer.next_action"):
            continue
        mine = (entry.stream, entry.data["item"])
        if entry.name == "customer.next_action_set":
            still[mine] = (entry.data["what"], due(belief, entry))
        elif mine in still and entry.name == "customer.next_action_rescheduled":
            still[mine] = (still[mine][0], due(belief, entry))
        else:
            still.pop(mine, None)
    if not still:
        return {"next_action": None, "next_due": None}
    what, day = min(still.values(), key=lambda each: each[1])
    return {"next_action": what, "next_due": day.isoformat()}


def due(belief: Belief, entry: Entry) -> date:
    """Return the day on which a next action is due: the one named, or the end of the n-th working day."""
    if entry.data.get("due"):
        return date.fromisoformat(entry.data["due"])
    return calendar(belief).deadline(date.fromisoformat(entry.data["counted_from"]), entry.data["working_days"])


def objections(events: list[Entry], customer: str) -> list[dict[str, Any]]:
    """Return the objections that are not resolved; an answered one is still open."""
    still: dict[str, dict[str, Any]] = {}
    for entry in events:
        named = str(entry.data.get("item"))
        item = named if entry.stream == customer else f"{entry.stream}/{named}"
        if entry.name == "customer.objection_logged":
            still[item] = {"item": item, "kind": entry.data["kind"], "since": entry.occurred}
        elif entry.name == "customer.objection_resolved":
            still.pop(item, None)
    return list(still.values())


def nothing() -> dict[str, Decimal]:
    return {name: Decimal(0) for name in ("expected", "signed", "collected")}


def amounts(belief: Belief, customer: str, events: list[Entry]) -> tuple[set[str], dict[str, dict[str, Decimal]]]:
    """Return the contracts that are signed and not cancelled, and what is expected, signed and collected by currency."""
    sums: dict[str, dict[str, Decimal]] = defaultdict(nothing)
    signed: set[str] = set()
    happened = {entry.position for entry in events}
    for contract in dict.fromkeys(e.stream for e in belief.of("con_") if e.position in happened):
        for delta in deltas(belief, contract):
            if delta.entry.position in happened and delta.measure in ("signed", "collected"):
                sums[delta.currency][delta.measure] += delta.amount
    for entry in events:
        if entry.name == "contract.signed":
            signed.add(entry.stream)
        elif entry.name == "contract.cancelled":
            signed.discard(entry.stream)
    for opportunity in opportunities(events).values():
        if opportunity["status"] == "open":
            sums[opportunity["currency"]]["expected"] += opportunity["amount"]
    return signed, sums


def opportunities(events: list[Entry]) -> dict[str, dict[str, Any]]:
    """Return the opportunities after the events, by id."""
    found: dict[str, dict[str, Any]] = {}
    for entry in events:
        if not entry.stream.startswith("opp_"):
            continue
        mine = found.setdefault(entry.stream, {"status": "open", "stage": None})
        data = entry.data
        match entry.name:
            case "opportunity.opened":
                mine.update(amount=Decimal(data["amount"]), currency=data["currency"])
            case "opportunity.moved":
                mine["stage"] = data["stage"]
            case "opportunity.forecast" if data.get("amount") is not None:
                mine["amount"] = Decimal(data["amount"])
            case "opportunity.lost":
                mine["status"] = "lost"
            case "opportunity.won":
                mine["status"] = "won"
            case "opportunity.reopened":
                mine["status"] = "open"
    return found


def stage(
    belief: Belief, own: list[Entry], events: list[Entry], signed: set[str], file: dict[str, Any], touched: str | None
) -> str:
    """Return the stage: signed, performing or completed with a contract; invalid; lost with all its opportunities; else the furthest."""
    judged = [e for e in own if e.name in ("customer.lead_validated", "customer.lead_invalidated")]
    valid = judged[-1].name == "customer.lead_validated" if judged else None
    if signed:
        done = {e.stream for e in events if e.name == "contract.completed"}
        begun = {e.stream for e in events if e.name == "delivery.delivered"}
        return "completed" if signed <= done else "performing" if (signed - done) & begun else "signed"
    if valid is False:
        return "invalid"
    hopes = opportunities(events).values()
    if hopes and all(each["status"] == "lost" for each in hopes):
        return "lost"
    reached = {each["stage"] for each in hopes if each["status"] == "open"} - {None}
    reached |= {"need-identified"} if any(e.name == "need.identified" for e in events) else set()
    reached |= {"proposed"} if any(e.name in ("quote.issued", "proposal.delivered") for e in events) else set()
    reached |= {"contacted"} if touched else set()
    reached |= {"graded"} if file.get("grade") else set()
    reached |= {"valid"} if valid else set()
    return max(reached, key=REACHED.index, default="captured")
