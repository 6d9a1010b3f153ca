"""Chosen contracts as they stood at a moment, each folded from its few events in the log."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from domain.contract.state import Contract, evolve
from domain.form import lifted, revive
from domain.moment import placed
from projections.customers import chunks, streams_of, survivors, with_merged
from projections.customers import standing as customers
from projections.deals import MEASURES, ContractCourse, Deal
from projections.effective import effective
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask, Seen

EVENTS: Final = """
SELECT l.position, l.stream, l.version, l.name, l.schema, l.occurred, l.actor, l.event_id, l.data FROM {{log}} l
WHERE l.stream IN ({marks}) AND l.position <= ? ORDER BY l.position
"""
ALL: Final = (
    "SELECT l.stream FROM {log} l WHERE l.stream >= 'con_' AND l.stream < 'con`' AND l.version = 1 AND l.position <= ?"
)
SIGNED: Final = """
SELECT l.stream, f.owner FROM {facts} f CROSS JOIN {log} l
WHERE f.measure = 'signed' AND f.day BETWEEN ? AND ? AND f.since <= ? AND f.known_from <= ? AND f.known_to > ?
 AND l.position = f.source AND l.name = 'contract.signed'
"""
SUMS: Final = """
SELECT l.stream, f.measure, SUM(f.amount) FROM {facts} f CROSS JOIN {log} l
WHERE f.measure IN ('signed', 'collected') AND f.since <= ? AND f.known_from <= ? AND f.known_to > ? AND l.position = f.source
GROUP BY l.stream, f.measure
"""

NAMING: Final = """
SELECT DISTINCT l.stream FROM {{audit_named}} n CROSS JOIN {{log}} l
WHERE n.subject IN ({marks}) AND l.position = n.position AND l.stream >= 'con_' AND l.stream < 'con`'
"""
SOLD: Final = """
SELECT DISTINCT l.stream FROM {{facts}} f CROSS JOIN {{log}} l
WHERE f.measure = 'signed' AND f.owner IN ({marks}) AND l.position = f.source AND l.name = 'contract.signed'
"""

ROADS: Final = frozenset(
    "contract.drafted contract.submitted contract.reviewed contract.approved contract.returned contract.amended "
    "payment.scheduled".split()
)
"""What leads to a signing: recorded before it, all of it has happened once the contract is signed."""
MANY: Final = 2_000


class Standing(NamedTuple):
    """A contract as it stood: `state` after what had happened by then, and the sums of its deltas in ten-thousandths.

    `events` are those that had happened, as they stand, in recorded order, and `positions` theirs and those of what
    corrects them; `owner` is who owned it then, `customer` whose it is with merges followed.
    """

    contract: str
    state: Contract
    events: Sequence[Seen]
    deals: Sequence[Deal]
    sums: dict[str, int]
    owner: str | None
    group: str | None
    customer: str
    company: str | None
    positions: Sequence[int]

    def named(self, *names: str) -> list[Seen]:
        """Return its events of these names, in business order."""
        found = [seen for seen in self.events if seen.name in names]
        return sorted(found, key=lambda seen: (seen.moment, seen.position))


class _Course(NamedTuple):
    began: int
    course: ContractCourse
    state: Contract
    events: list[Seen]
    deals: list[Deal]
    positions: list[int]


def signed_between(ask: Ask, moments: Moments, first: date, last: date) -> dict[str, str | None]:
    """Return the contracts that were signed on these days, each with who owned it then; asks progress."""
    days = (first.toordinal(), min(last, moments.day).toordinal())
    found = ask(SIGNED, (*days, moments.micros, moments.position, moments.position))
    return {contract: owner or None for contract, owner in found}


def everything(ask: Ask, moments: Moments) -> list[str]:
    """Return all contracts that were known."""
    return [contract for (contract,) in ask(ALL, (moments.position,))]


def unsettled(ask: Ask, moments: Moments) -> list[str]:
    """Return the contracts of which more or less has come in than they are worth; asks progress."""
    sums: dict[str, int] = {}
    for contract, measure, amount in ask(SUMS, (moments.micros, moments.position, moments.position)):
        sums[contract] = sums.get(contract, 0) + (int(amount) if measure == "signed" else -int(amount))
    return [contract for contract, left in sums.items() if left]


def asked_for(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    owner: str | None,
    group: str | None,
    subjects: Sequence[str] | None,
) -> set[str] | None:
    """Return every contract that may be an owner's, of a group or those below it, or of some subjects; None for all.

    Whose a contract is, it says itself, or the fact of its signing, or until then its customer: asks audit, too.
    """
    if subjects is not None:
        return {*subjects, *_found(ask, NAMING, with_merged(ask, moments, subjects))}
    if owner is None and group is None:
        return None
    logins = [owner] if owner is not None else organisation.members_below(str(group), moments.day)
    streams = [customer for login in logins for customer in streams_of(ask, moments, organisation, owner=login) or ()]
    named = (f"per_{login}" for login in logins)
    return {*_found(ask, NAMING, [*streams, *named]), *_found(ask, SOLD, logins)}


def _found(ask: Ask, sql: str, values: Iterable[str]) -> list[str]:
    return [stream for marks, some in chunks(values) for (stream,) in ask(sql.format(marks=marks), some)]


def standing(ask: Ask, moments: Moments, organisation: Organisation, contracts: Iterable[str]) -> list[Standing]:
    """Return those of the contracts that stood then, the first drafted first; asks progress, tracking and pipeline."""
    found = [each for each in _read(ask, moments, contracts) if each.state.number]
    merged = survivors(ask, moments)
    companies = customers(ask, moments, {merged.get(each.state.customer, each.state.customer) for each in found})
    days = [each.course.signed.day for each in found if each.course.signed]
    credited = signed_between(ask, moments, min(days), max(days)) if days else {}
    made = []
    for each in found:
        contract = each.course.stream
        customer = merged.get(each.state.customer, each.state.customer)
        stood = companies.get(customer)
        owner = _owner(each, moments.day)
        if owner is None:
            owner = credited.get(contract) if each.state.signed_on else stood.owner if stood else None
        sums = dict.fromkeys(MEASURES, 0)
        for deal in each.deals:
            if deal.measure in sums:
                sums[deal.measure] += deal.amount
        group = organisation.group_of(owner, moments.day) if owner else None
        made.append(
            Standing(contract, each.state, each.events, each.deals, sums, owner or None, group, customer,
                     stood.company if stood else None, each.positions)
        )  # fmt: skip
    return made


def _owner(each: _Course, day: date) -> str | None:
    """Return who owned the contract by what its own events say, if they do."""
    handed = [change for change in each.course.owner_changes if change.day <= day]
    if handed:
        return str(max(handed, key=lambda change: (change.day, change.position)).data["owner"])
    return each.course.drafted_for


def _read(ask: Ask, moments: Moments, contracts: Iterable[str]) -> list[_Course]:
    """Return the contracts folded from their events up to both moments."""
    histories: dict[str, list[Seen]] = {}
    rows = [
        row for marks, some in chunks(contracts) for row in ask(EVENTS.format(marks=marks), (*some, moments.position))
    ]
    loads, zone = _reader(len(rows)), moments.zone
    for position, stream, version, name, schema, occurred, actor, event_id, data in rows:
        moment, day = placed(occurred, zone)
        said = lifted(name, schema, loads(data))
        seen = Seen(
            position, stream, version, name, occurred, moment, day, "", actor, "", "", None, None, event_id, said
        )
        histories.setdefault(stream, []).append(seen)
    made = [_folded(stream, history, moments) for stream, history in histories.items()]
    return sorted(made, key=lambda each: each.began)


def _reader(rows: int) -> Callable[[bytes], Any]:
    """Return what reads the JSON of that many events; orjson pays only from some thousand on."""
    if rows < MANY:
        return json.loads
    import orjson

    return orjson.loads  # type: ignore[no-any-return,unused-ignore]


def _folded(stream: str, history: Sequence[Seen], moments: Moments) -> _Course:
    """Return a contract's course by all that is known of it, and its state after what had happened by the moment."""
    course, state = ContractCourse(stream), Contract()
    known, deals = effective(history, moments.zone), []
    for seen in known:
        deal = course.step(seen)
        if deal is not None and seen.moment <= moments.micros:
            deals.append(deal)
    signing = course.signed
    before = signing.position if signing is not None and signing.moment <= moments.micros else 0
    happened = [s for s in known if s.moment <= moments.micros or (s.position < before and s.name in ROADS)]
    if len(happened) == len(known):
        state = course.state
    else:
        for seen in happened:
            evolve(state, revive(seen.name, seen.data))
    there = {seen.position for seen in happened}
    behind = [seen.position for seen in history if seen.position in there or seen.data.get("at") in there]
    return _Course(history[0].position, course, state, happened, deals, behind)
