"""A customer as it stands: its file, what is open, its deals, and what the next stage asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.calendar.moment import local_text
from domain.contract.state import Contract
from domain.customer.state import Customer, NextAction, file_completeness
from domain.policy.defaults import DEFAULTS
from projections.engine.as_of import AsOf
from projections.engine.lifecycles import BY_KIND
from projections.engine.projection import Ask, Load, Seen
from projections.engine.sealed import shown
from projections.queries.organisation import Organisation
from projections.queries.record_events import found as recorded
from projections.read_models.contract_facts import courses
from projections.read_models.tracking.projection import Case, Tracking
from projections.read_models.tracking.row_state import Tracked
from projections.views import quotes, signals
from projections.views.subject.next_stage import missing

if TYPE_CHECKING:
    from domain.calendar.work_calendar import WorkCalendar

CONTACTS: Final = 3
APART: Final = ("follow-up", "next-action", "objection")
"""Kinds of records that a customer's sheet shows in parts of their own."""
OVER: Final = ("superseded", "expired", "answered")
"""States of quotes and signals that are no longer open."""
GRADES: Final = ("initial", "high", "key")
SOURCES: Final = ("campaign", "referrer", "partner")


class Standing(NamedTuple):
    """A customer folded up to a moment, as known at another: its events in business order, its state, its contracts."""

    stream: str
    events: Sequence[Seen]
    tracked: Tracked
    contracts: Mapping[str, Contract]


def standing(load: Load, customer: str, moments: AsOf) -> Standing:
    """Return a customer as it stood as of a moment, by what was known at its position; merged leads included."""
    case: Case = Tracking(load, moments.zone).case(customer, moments.position)
    held = [seen for seen in case.standing() if seen.moment <= moments.micros]
    found, deals = courses(held)
    by_event = {deal.seen.position: deal for deal in deals}
    tracked = Tracked()
    ordered = case.in_order(held)
    for seen in ordered:
        if seen.position in by_event:
            tracked.add(by_event[seen.position])
        tracked.take(seen, seen.stream == customer)
    return Standing(customer, ordered, tracked, {stream: course.state for stream, course in found.items()})


def sheet(now: Standing, moments: AsOf, organisation: Organisation) -> dict[str, Any]:
    """Return what a person wants to see of a customer, as JSON can hold it."""
    c, tracked = now.tracked.customer, now.tracked
    stage = tracked.stage()
    opportunities = [opportunity(stream, each) for stream, each in tracked.opportunities.items()]
    contracts = [contract(stream, each) for stream, each in now.contracts.items()]
    grading = criteria(c, organisation, moments.day)
    made = {
        "kind": "customer",
        "id": now.stream,
        "company": c.company,
        "stage": stage,
        "grade": c.grade,
        "owner": person(c.owner, organisation, moments.day),
        "file": file(c),
        "completeness": dict(zip(("filled", "fields"), file_completeness(c), strict=True)),
        "criteria": grading,
        "next_actions": next_actions(c, organisation.calendar(), moments.day),
        "objections": [
            {
                "item": o.item,
                "kind": o.kind,
                "words": shown(o.words),
                "since": tracked.opened.get(o.item, "")[:10],
                "state": o.status,
            }
            for o in c.open_objections()
        ],
        "contacts": contacts(now.events, moments),
        "opportunities": opportunities,
        "contracts": contracts,
    }
    lacks = (
        {"next_stage": None, "missing": []}
        if c.merged_into
        else missing(now.stream, stage, c, opportunities, contracts, grading)
    )
    return {**made, **lacks}


def records(ask: Ask, now: Standing, moments: AsOf, organisation: Organisation) -> list[dict[str, Any]]:
    """Return the open records of the kinds that have no part of their own, the first opened first.

    A quote is one as long as it holds, a signal as long as nothing has answered it.
    """
    kinds = [kind for kind in BY_KIND if kind not in APART]
    streams = {seen.stream for seen in now.events if seen.stream.startswith("cus_")}
    found = recorded(ask, moments, *kinds, still_open=True, subjects=sorted(streams)) if kinds else []
    there, days = {each.kind for each in found}, {"quote": "issued", "signal": "logged"}
    settled = {
        (kind, row["item"], row[days[kind]]): row["state"]
        for kind, rows in (("quote", quotes.rows), ("signal", signals.rows))
        if kind in there
        for row in rows(ask, moments, organisation, customer=now.stream)
    }
    return [
        {
            "kind": each.kind,
            "item": each.number,
            "state": state,
            "opened": each.opened.isoformat(),
            "says": {name: value for name, value in each.content.items() if name not in ("item", "customer")},
        }
        for each in found
        for state in (settled.get((each.kind, each.number, each.opened.isoformat()), each.state),)
        if state not in OVER
    ]


def file(c: Customer) -> dict[str, Any]:
    """Return the customer's file: what is known of the company."""
    source = next(((name, getattr(c, name)) for name in SOURCES if getattr(c, name)), None)
    return {
        "industry": c.industry,
        "size": c.size,
        "credit_code": c.credit_code,
        "contact": shown(c.contact),
        "channel": c.channel,
        "source": shown(source[1]) if source else None,
        "need": shown(c.need),
        "pain_points": [shown(words) for words in c.pain_points],
        "team": list(c.team),
        "duplicates": list(c.duplicates),
        "merged": list(c.merged),
        "merged_into": c.merged_into,
        "valid": c.valid,
    }


def person(login: str | None, organisation: Organisation, day: date) -> dict[str, Any] | None:
    """Return a person with their name, and the group that they are in on a day."""
    if not login:
        return None
    found = organisation.person(login)
    return {"login": login, "name": found.name if found else None, "group": organisation.group_of(login, day)}


def criteria(c: Customer, organisation: Organisation, day: date) -> list[dict[str, Any]]:
    """Return each criterion of the customer's grade and of the next one, with what is known and whether it is met."""
    adopted = organisation.policy_since("grading", day)
    grading = adopted[1] if adopted else DEFAULTS["grading"]
    at = GRADES.index(c.grade) if c.grade in GRADES else -1
    rows = []
    for grade in GRADES[max(at, 0) : at + 2]:
        for name, needed in (grading.get(grade) or {}).items():
            if name == "team":
                known: Any = bool(c.team)
                if not needed:
                    continue
            else:
                known = c.criteria.get(name, "unknown")
            rows.append({"grade": grade, "criterion": name, "known": known, "needed": needed, "met": known == needed})
    return rows


def next_actions(c: Customer, calendar: WorkCalendar, day: date) -> list[dict[str, Any]]:
    """Return the open next actions, the first due first, with how many working days they are overdue."""
    rows = []
    for action in c.open_actions():
        due = due_of(action, calendar)
        late = calendar.working_days(due + timedelta(days=1), day) if due < day else 0
        state = "overdue" if due < day else "today" if due == day else "open"
        rows.append(
            {"item": action.item, "what": shown(action.what), "due": due.isoformat(), "state": state, "days": late}
        )
    return sorted(rows, key=lambda row: (row["due"], row["item"]))


def due_of(action: NextAction, calendar: WorkCalendar) -> date:
    """Return the day at whose end a next action is due."""
    if action.due or action.counted_from is None:
        return action.due or date.max
    return calendar.deadline(action.counted_from, action.working_days or 0)


def contacts(events: Iterable[Seen], moments: AsOf) -> list[dict[str, Any]]:
    """Return the last follow-ups, the latest first."""
    logged = [seen for seen in events if seen.name == "customer.followed_up"]
    return [
        {
            "at": local_text(seen.occurred, moments.zone),
            "channel": seen.data["channel"],
            "reached": seen.data.get("reached", True),
            "contact": shown(seen.data.get("contact")),
            "feedback": shown(seen.data.get("feedback") or seen.data.get("summary")),
            "by": seen.actor,
        }
        for seen in reversed(logged[-CONTACTS:])
    ]


def opportunity(stream: str, state: Any) -> dict[str, Any]:
    """Return an opportunity's line."""
    return {
        "id": stream,
        "name": state.name,
        "stage": state.stage,
        "state": state.status,
        "amount": format(state.amount, "f"),
        "currency": state.currency,
        "close_date": state.close_date.isoformat() if state.close_date else None,
        "probability": None if state.probability is None else format(state.probability, "f"),
    }


def contract(stream: str, state: Contract) -> dict[str, Any]:
    """Return a contract's line; what is outstanding is counted from its signing on."""
    signed = state.signed_on is not None
    return {
        "id": stream,
        "number": state.number,
        "state": state.status,
        "opportunity": state.opportunity,
        "signed_on": state.signed_on.isoformat() if state.signed_on else None,
        "value": format(state.value, "f"),
        "collected": format(state.collected, "f"),
        "outstanding": format(state.outstanding, "f") if signed else None,
        "overpaid": format(state.overpaid, "f"),
        "currency": state.currency,
    }
