"""What a customer is after its events: the file, the owner, the grade, and what is still open."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.customer import events as e
from domain.kernel import items as records
from domain.kernel.declared import State, declared, field
from domain.kernel.items import Record
from domain.kernel.registry import topic_of


@declared
class NextAction(State):
    """Something promised: due on a day, or at the end of the n-th working day after `counted_from`."""

    item: str
    what: str
    due: dt.date | None
    working_days: int | None
    counted_from: dt.date | None
    status: str = "open"


@declared
class Objection(State):
    item: str
    kind: str
    words: str | None
    status: str = "open"


@declared
class Customer(State):
    """A customer's file. `known` is False before the first event; lists keep the order of the events.

    `former` had it last, while it is in the pool; `protections` counts those that its present owner has had.
    """

    known: bool = False
    company: str = ""
    channel: str | None = None
    campaign: str | None = None
    referrer: str | None = None
    partner: str | None = None
    industry: str | None = None
    size: str | None = None
    credit_code: str | None = None
    contact: str | None = None
    need: str | None = None
    owner: str | None = None
    former: str | None = None
    protected_until: dt.date | None = None
    protections: int = 0
    duplicates: tuple[str, ...] = ()
    valid: bool | None = None
    grade: str | None = None
    criteria: dict[str, str] = field(default_factory=dict)
    team: tuple[str, ...] = ()
    pain_points: list[str] = field(default_factory=list)
    next_actions: dict[str, NextAction] = field(default_factory=dict)
    objections: dict[str, Objection] = field(default_factory=dict)
    numbered: dict[str, int] = field(default_factory=dict)
    merged_into: str | None = None
    merged: list[str] = field(default_factory=list)
    contact_erased: bool = False
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    first_contact: str = ""
    records: dict[str, Record] = field(default_factory=dict)

    def next_item(self, letter: str) -> str:
        """Return the number of the customer's next record of a kind: f1, f2 ... A number is not used twice."""
        return f"{letter}{self.numbered.get(letter, 0) + 1}"

    @property
    def erasures(self) -> int:
        """How often what was known of the customer's people was erased; what is recorded later is not touched by it."""
        return self.numbered.get("e", 0)

    def number(self, item: str) -> None:
        """Note that a record bears the number `item`; one of a merged lead is numbered apart."""
        if item[1:].isdecimal():
            self.numbered[item[0]] = max(self.numbered.get(item[0], 0), int(item[1:]))

    def open_actions(self) -> list[NextAction]:
        """Return the next actions that are neither completed nor dropped."""
        return [action for action in self.next_actions.values() if action.status == "open"]

    def open_objections(self) -> list[Objection]:
        """Return the objections that are not resolved; an answered one is still open."""
        return [objection for objection in self.objections.values() if objection.status != "resolved"]


def evolve(customer: Customer, happened: Any) -> Customer:
    """Return `customer` after `happened`."""
    match happened:
        case e.FollowUpLogged(item=item, plan=plan):
            customer.number(item)
            if plan:
                records.moved(customer.records, plan, "kept")
        case e.NextActionSet(item=item):
            customer.number(item)
            customer.next_actions[item] = NextAction(
                item, happened.what, happened.due, happened.working_days, happened.counted_from
            )
        case e.NextActionCompleted(item=item):
            _close(customer, item, "completed")
        case e.NextActionDropped(item=item):
            _close(customer, item, "dropped")
        case e.NextActionRescheduled(item=item):
            if item in customer.next_actions:
                moved = customer.next_actions[item]
                moved.due, moved.working_days = happened.due, happened.working_days
                moved.counted_from = happened.counted_from
        case e.LeadCaptured():
            _captured(customer, happened)
        case e.CustomerAssigned(owner=owner):
            passes(customer, owner)
        case e.CustomerRecalled():
            passes(customer, None)
        case e.LeadGraded():
            customer.grade = happened.grade
            customer.criteria = {
                "need_fit": happened.need_fit,
                "budget": happened.budget,
                "decision_chain": happened.decision_chain,
            }
        case e.LeadValidated(distinct=distinct):
            customer.valid = True
            if distinct:
                customer.duplicates = ()
        case e.LeadInvalidated():
            customer.valid = False
        case e.ObjectionLogged(item=item):
            customer.number(item)
            customer.objections[item] = Objection(item, happened.kind, happened.words)
        case e.ObjectionAnswered(item=item):
            if item in customer.objections:
                customer.objections[item].status = "answered"
        case e.ObjectionResolved(item=item):
            if item in customer.objections:
                customer.objections[item].status = "resolved"
        case e.SignalLogged(item=item):
            customer.number(item)
        case e.CustomerDetailsChanged():
            for name in ("company", "industry", "size", "credit_code", "need"):
                value = getattr(happened, name)
                if value is not None:
                    setattr(customer, name, value)
        case e.ContactAdded(item=item):
            customer.number(item)
            customer.contacts[item] = _contact(happened)
            if customer.contact_erased or not customer.contact:
                customer.contact, customer.contact_erased = happened.contact, False
                customer.first_contact = item
        case e.ContactChanged(item=item):
            customer.contacts.setdefault(item, {}).update(_contact(happened))
            if happened.contact and item == customer.first_contact:
                customer.contact = happened.contact
        case e.ContactErased(item=item, which=which):
            customer.number(item)
            _erased(customer, which)
        case e.PainPointNoted(item=item, words=words):
            customer.number(item)
            customer.pain_points.append(words)
        case e.DedicatedTeamFormed(members=members):
            customer.team = members
        case e.LeadsMerged(duplicate=duplicate):
            customer.merged.append(duplicate)
        case e.LeadsUnmerged(duplicate=duplicate):
            if duplicate in customer.merged:
                customer.merged.remove(duplicate)
        case e.MergedInto(survivor=survivor):
            customer.merged_into = survivor
        case e.UnmergedFrom():
            customer.merged_into = None
        case _:
            topic = topic_of(happened)
            if topic is not None:
                topic.evolve(customer, happened)
    return customer


def passes(customer: Customer, owner: str | None) -> None:
    """Give the customer to an owner, or to nobody: a protection was the former owner's."""
    if owner != customer.owner:
        customer.protected_until, customer.protections = None, 0
        customer.former = customer.owner if owner is None else None
    customer.owner = owner


def _erased(customer: Customer, contact: str | None) -> None:
    """Let a contact go, or all of them; who is left becomes the first where the first one goes."""
    if contact is None:
        customer.contacts.clear()
    else:
        customer.contacts.pop(contact, None)
    if contact not in (None, customer.first_contact):
        return
    customer.contact_erased = not customer.contacts
    if customer.contacts:
        customer.first_contact, first = next(iter(customer.contacts.items()))
        customer.contact = first.get("contact")


def _close(customer: Customer, item: str, status: str) -> None:
    if item in customer.next_actions:
        customer.next_actions[item].status = status


def _captured(customer: Customer, happened: e.LeadCaptured) -> None:
    customer.known = True
    for name in ("company", "channel", "campaign", "referrer", "partner", "owner", "duplicates"):
        setattr(customer, name, getattr(happened, name))
    for name in ("industry", "size", "credit_code", "contact", "need"):
        if getattr(customer, name) is None:
            setattr(customer, name, getattr(happened, name))

    if _contact(happened) and not customer.first_contact:
        customer.contacts["c0"], customer.first_contact = _contact(happened), "c0"


def _contact(happened: e.LeadCaptured | e.ContactAdded | e.ContactChanged) -> dict[str, Any]:
    """Return what an event says of a contact; the one named at the capture is c0."""
    said = {name: getattr(happened, name, None) for name in ("contact", "phone", "email", "position")}
    return {name: value for name, value in said.items() if value is not None}


def file_completeness(customer: Customer) -> tuple[int, int]:
    """Return how many of the file's fields are filled, and how many there are."""
    filled = (
        customer.company,
        customer.industry,
        customer.size,
        customer.contact,
        customer.channel,
        customer.need or customer.pain_points,
        customer.credit_code,
        customer.grade,
    )
    return sum(1 for value in filled if value), len(filled)
