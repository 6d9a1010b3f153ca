"""A contract, an opportunity, a target, a person or a group as it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from domain.calendar.moment import local_text
from domain.calendar.period import Period
from domain.contract.state import Contract
from domain.contract.state import evolve as evolve_contract
from domain.kernel.json_form import revive
from domain.kernel.money import text_of
from domain.sales.opportunity import Opportunity
from domain.sales.opportunity import evolve as evolve_opportunity
from projections.engine.as_of import AsOf
from projections.engine.corrections import effective
from projections.engine.projection import Ask, Load, Seen
from projections.engine.sealed import shown
from projections.queries import customers
from projections.queries.organisation import Organisation
from projections.queries.targets import Allocations, targets
from projections.views import pipeline, tracking
from projections.views.progress import view as progress
from projections.views.subject.customer import contract, opportunity, person

STEPS: Final = 8
NEAREST: Final = 5
WORTH: Final = ("target", "actual", "numerator")


def events_of(load: Load, stream: str, moments: AsOf) -> list[Seen]:
    """Return the events of a subject's own history that stand as of a moment, in recorded order."""
    mine = [seen for seen in load(stream, moments.position) if seen.stream == stream]
    return [seen for seen in effective(mine, moments.zone) if seen.moment <= moments.micros]


def steps(events: Sequence[Seen], moments: AsOf) -> list[dict[str, Any]]:
    """Return the last steps of a subject's course, each with what it says."""
    return [
        {
            "position": seen.position,
            "at": local_text(seen.occurred, moments.zone),
            "name": seen.name,
            "by": seen.actor,
            "reason": seen.reason,
            "says": {name: shown(value) for name, value in seen.data.items() if name not in ("customer", "digest")},
        }
        for seen in events[-STEPS:]
    ]


def customer_of(ask: Ask, moments: AsOf, stream: str) -> dict[str, Any]:
    """Return a customer's id, name and owner, as it stood."""
    stood = customers.standing(ask, moments, [stream]).get(stream)
    return {"id": stream, "company": stood.company if stood else None, "owner": stood.owner if stood else None}


def folded_contract(events: Sequence[Seen]) -> Contract:
    """Return a contract after its events."""
    state = Contract()
    for seen in events:
        evolve_contract(state, revive(seen.name, seen.data))
    return state


def of_contract(ask: Ask, load: Load, stream: str, moments: AsOf, organisation: Organisation) -> dict[str, Any]:
    """Return a contract with its money and its course."""
    events = events_of(load, stream, moments)
    state = folded_contract(events)
    owner = state.owner or customer_of(ask, moments, state.customer)["owner"]
    return {
        "kind": "contract",
        **contract(stream, state),
        "of": state.kind,
        "drafted_amount": format(state.amount, "f"),
        "terms": state.terms,
        "customer": customer_of(ask, moments, state.customer),
        "owner": person(owner, organisation, moments.day),
        "submitted_by": state.submitted_by,
        "steps": steps(events, moments),
    }


def of_opportunity(ask: Ask, load: Load, stream: str, moments: AsOf, organisation: Organisation) -> dict[str, Any]:
    """Return an opportunity with its contracts and its course."""
    events = events_of(load, stream, moments)
    state = Opportunity()
    for seen in events:
        evolve_opportunity(state, revive(seen.name, seen.data))
    streams = [seen.stream for seen in load(stream, moments.position) if seen.stream.startswith("con_")]
    drafted = {each: folded_contract(events_of(load, each, moments)) for each in dict.fromkeys(streams)}
    home = customer_of(ask, moments, state.customer)
    return {
        "kind": "opportunity",
        **opportunity(stream, state),
        "customer": home,
        "owner": person(home["owner"], organisation, moments.day),
        "contracts": [contract(each, made) for each, made in drafted.items() if made.number],
        "steps": steps(events, moments),
    }


def of_target(
    ask: Ask, load: Load, stream: str, moments: AsOf, organisation: Organisation, *, currency: str, fiscal_month: int
) -> dict[str, Any] | None:
    """Return a target with what is shared out and what was reached; None where it did not stand then."""
    everything = targets(ask, moments)
    mine = next((target for target in everything if target.target == stream), None)
    if mine is None:
        return None
    allocated = Allocations(everything).of(mine)
    reached = None
    if mine.period and mine.owner:
        named = Period.parse(mine.period, fiscal_month)
        asked: dict[str, Any] = {"currency": currency, "metric": mine.metric, "owner": mine.owner}
        rows = progress.rows(ask, named, moments, organisation, **asked)
        reached = next((row for row in rows if row["basis"] == mine.basis and row["currency"] == mine.currency), None)
    kept = ("actual", "numerator", "denominator", "attainment", "gap", "working_days", "elapsed_days", "daily_need")
    return {
        "kind": "target",
        "id": stream,
        "metric": mine.metric,
        "basis": mine.basis,
        "period": mine.period,
        "holder": mine.owner,
        "parent": mine.parent,
        "state": mine.state,
        "value": text_of(mine.value),
        "original": text_of(mine.original),
        "currency": mine.currency,
        "allocated": text_of(allocated),
        "unallocated": text_of(mine.value - allocated) if mine.value is not None else None,
        **{name: reached[name] if reached else None for name in kept},
        "steps": steps(events_of(load, stream, moments), moments),
    }


def of_person(
    ask: Ask, stream: str, moments: AsOf, organisation: Organisation, period: Period, *, currency: str
) -> dict[str, Any] | None:
    """Return a person with their customers, what is due next, their pipeline and their targets of a period."""
    login = stream.removeprefix("per_")
    row = organisation.person(login)
    if row is None:
        return None
    rows = tracking.rows(ask, moments, organisation, currency=currency, wanted={"owner": login})
    once = {each["id"]: each for each in rows}.values()
    due = sorted((each for each in once if each["next_due"]), key=lambda each: each["next_due"])
    today = moments.day.isoformat()
    return {
        "kind": "person",
        "login": login,
        "name": row.name,
        "role": row.role,
        "group": organisation.group_of(login, moments.day),
        "departed": row.departed,
        "customers": dict(Counter(each["stage"] for each in once)),
        "overdue": sum(each["next_due"] < today for each in due),
        "next_actions": [
            {
                "customer": each["id"],
                "company": each["company"],
                "what": each["next_action"],
                "due": each["next_due"],
                "state": "overdue" if each["next_due"] < today else "today" if each["next_due"] == today else "open",
            }
            for each in due[:NEAREST]
        ],
        **sums(ask, moments, organisation, period, currency, {"owner": login}),
    }


def of_group(
    ask: Ask, stream: str, moments: AsOf, organisation: Organisation, period: Period, *, currency: str
) -> dict[str, Any] | None:
    """Return a group with its members, its pipeline and its targets of a period."""
    code = stream.removeprefix("grp_")
    if code not in organisation.groups():
        return None
    name, parent = organisation.groups()[code]
    people = [each for each in organisation.persons() if organisation.group_of(each.login, moments.day) == code]
    return {
        "kind": "group",
        "code": code,
        "name": name,
        "parent": parent,
        "members": [{"login": each.login, "name": each.name, "role": each.role} for each in people],
        **sums(ask, moments, organisation, period, currency, {"group": code}),
    }


def sums(
    ask: Ask, moments: AsOf, organisation: Organisation, period: Period, currency: str, wanted: Mapping[str, str]
) -> dict[str, Any]:
    """Return the open pipeline of an owner or a group by currency, and the figures of a period that are not empty."""
    still = pipeline.rows(ask, moments, organisation, currency=currency, wanted=dict(wanted))
    found = progress.rows(ask, period, moments, organisation, currency=currency, owner=next(iter(wanted.values())))
    told = [row for row in found if any(row[name] not in (None, "0", 0) and Decimal(row[name]) for name in WORTH)]
    kept = ("metric", "basis", "target", "actual", "attainment", "currency")
    return {
        "pipeline": [
            {name: total[name] for name in ("currency", "count", "amount")} for total in pipeline.totals(still)
        ],
        "period": period.name,
        "progress": [{name: row[name] for name in kept} for row in told],
    }
