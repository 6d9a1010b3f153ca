"""Customers: whose they were on a day, which of them are one, and from when each of their acts counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tests.slow.fold import Belief, Entry, in_business_order

PASSING = (
    *("customer.lead_captured", "customer.assigned", "customer.claimed", "customer.ownership_ruled"),
    *("customer.recalled", "customer.released"),
)
"""What says whose a customer is from then on, or that it is nobody's."""


def captures(belief: Belief) -> dict[str, Entry]:
    """Return the captures that stand, by customer, the first captured first."""
    return {entry.stream: entry for entry in belief.named("customer.lead_captured")}


def owner_on(belief: Belief, customer: str | None, day: date) -> str | None:
    """Return who owned a customer on a day: the last named up to its end, of one day the last recorded."""
    changes = [
        (entry.day, entry.position, entry.data.get("owner"))
        for entry in belief.named(*PASSING)
        if entry.stream == customer and entry.day <= day
    ]
    return max(changes)[2] if changes else None


def owner_of(belief: Belief, customer: str | None, act: Entry) -> str | None:
    """Return to whom an act on a customer is credited: its owner at the act's moment, of a plain date the last of that day."""
    return owner_on(belief, customer, act.day) if len(act.occurred) == 10 else owner_at(belief, customer, act.moment)


def owner_at(belief: Belief, customer: str | None, moment: int) -> str | None:
    """Return who owned a customer at a moment: of what had passed it on by then the last by day, of one day the last recorded."""
    changes = [
        (entry.day, entry.position, entry.data.get("owner"))
        for entry in belief.named(*PASSING)
        if entry.stream == customer and entry.moment <= moment
    ]
    return max(changes)[2] if changes else None


def reckoned(belief: Belief, some: Sequence[Entry]) -> list[Entry]:
    """Return the entries at the moments from which they count: no act before what it builds on was there.

    What was done on a customer or an opportunity is not reckoned before its first event, and what was done with an item
    not before that item; a reopening not before its loss, nor the next end before the reopening. A follow-up stands for
    itself.
    """
    since: dict[tuple[str, str], int] = {}
    counts: dict[int, int] = {}
    for entry in belief.known:
        if not entry.stream.startswith(("cus_", "opp_")) or entry.name == "customer.followed_up":
            continue
        builds_on = [(entry.stream, "")]
        if "item" in entry.data:
            builds_on.append((entry.stream, entry.data["item"]))
        if entry.name == "opportunity.reopened":
            builds_on.append((entry.stream, "opportunity.lost"))
        if entry.name in ("opportunity.lost", "opportunity.won"):
            builds_on.append((entry.stream, "opportunity.reopened"))
        counts[entry.position] = max([entry.moment, *(since[each] for each in builds_on if each in since)])
        for each in builds_on[:2] if "item" in entry.data else builds_on[:1]:
            since.setdefault(each, counts[entry.position])
        if entry.name in ("opportunity.lost", "opportunity.reopened"):
            since[entry.stream, entry.name] = counts[entry.position]
    return [entry._replace(moment=max(entry.moment, counts.get(entry.position, entry.moment))) for entry in some]


def merged_into(belief: Belief, survivor: str) -> dict[str, int]:
    """Return the leads that are merged into a customer, or into one that is, each with the moment from which it is."""
    found: dict[str, int] = {}
    for merge in belief.named("customer.leads_merged"):
        if merge.stream == survivor:
            for lead, since in {
                merge.data["duplicate"]: merge.moment,
                **merged_into(belief, merge.data["duplicate"]),
            }.items():
                found[lead] = max(since, merge.moment)
    return found


def entity(belief: Belief, customer: str) -> set[str]:
    """Return all customers that are one legal entity with this one: those merged with one another, whenever it was told."""
    pairs = [(merge.stream, merge.data["duplicate"]) for merge in belief.named("customer.leads_merged")]
    found = {customer}
    for _ in pairs:
        for pair in pairs:
            if found & set(pair):
                found |= set(pair)
    return found


def survivor(belief: Belief, customer: str) -> str:
    """Return the customer under which one is shown as of the moment asked: itself, or the last it was merged into."""
    merges = in_business_order(reckoned(belief, belief.named("customer.merged_into")))
    into = {merge.stream: merge.data["survivor"] for merge in merges if merge.moment <= belief.micros}
    passed = [customer]
    while into.get(passed[-1]) and into[passed[-1]] not in passed:
        passed.append(into[passed[-1]])
    return passed[-1]


def company(belief: Belief, customer: str) -> str | None:
    """Return what a customer was called as of the moment asked."""
    told = [e for e in belief.named("customer.lead_captured", "customer.details_changed") if e.stream == customer]
    named = [e for e in in_business_order(reckoned(belief, told)) if e.data.get("company")]
    names = [e.data["company"] for e in named if e.moment <= belief.micros]
    return names[-1] if names else None
