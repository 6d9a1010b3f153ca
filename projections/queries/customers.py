"""A few columns of the tracking table for chosen customers, and the customer that a contract or opportunity belongs to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from projections.engine.as_of import AsOf
from projections.engine.projection import OPEN, Ask
from projections.queries.organisation import Organisation

CHUNK: Final = 500  # parameters in one statement
COLUMNS: Final = "c.customer, f.company, t.owner, t.stage, f.channel, f.campaign, t.grade, t.last_contact, t.amounts"


def as_it_stood(tracking: str, once: str, number: str) -> str:
    """Return the condition that rows of these names are those of a customer's number as it stood, for `stood_at`'s parameters."""
    return f"""{tracking}.number = {number} AND {once}.number = {number} AND {once}.once = {tracking}.once
 AND {tracking}.since = (SELECT r.since FROM {{tracking}} r WHERE r.number = {number} AND r.since <= ?
                AND r.known_from <= ? AND r.known_to > ? ORDER BY r.since DESC LIMIT 1)
 AND {tracking}.known_from <= ? AND {tracking}.known_to > ? AND {tracking}.stage <> ''"""


STOOD: Final = f"""
 CROSS JOIN {{tracking}} t CROSS JOIN {{tracking_once}} f
WHERE {as_it_stood("t", "f", "c.number")}
"""
"""What follows `FROM {tracked} c`, with the parameters of `stood_at`: each customer as it stood."""

CHOSEN: Final = f"SELECT {COLUMNS} FROM {{tracked}} c {STOOD}"
BEGUN: Final = """
SELECT l.stream, a.changes FROM {{log}} l JOIN {{audit_entries}} a ON a.position = l.position
WHERE l.stream IN ({marks}) AND l.version = 1
"""
MERGED: Final = """
SELECT m.customer, m.survivor FROM {merges} m WHERE m.since <= ? AND m.known_from <= ? AND m.known_to > ?
ORDER BY m.since, m.step
"""

OF_OWNERS: Final = f"""
SELECT c.customer FROM {{{{tracked}}}} c {STOOD.replace("{", "{{").replace("}", "}}")}
 AND t.owner IN ({{marks}}) AND c.number IN (SELECT o.number FROM {{{{tracking}}}} o WHERE o.owner IN ({{marks}}))
"""
SOLD: Final = f"""
SELECT l.stream, MIN(l.position) FROM {{log}} l WHERE l.position IN (
 SELECT n.position FROM {{audit_named}} n WHERE n.subject = ?
 UNION SELECT f.source FROM {{facts}} f WHERE f.measure = 'contract' AND f.owner = ? AND f.known_to = {OPEN}
) GROUP BY l.stream ORDER BY 2
"""


class Standing(NamedTuple):
    """A customer as it stood: `amounts` are its sums by currency as JSON, as the tracking table keeps them."""

    customer: str
    company: str
    owner: str | None
    stage: str
    channel: str | None
    campaign: str | None
    grade: str | None
    last_contact: str | None
    amounts: str | None


def stood_at(moments: AsOf) -> tuple[int, ...]:
    """Return the parameters of STOOD."""
    return (moments.micros, *(moments.position,) * 4)


def standing(ask: Ask, moments: AsOf, customers: Iterable[str]) -> dict[str, Standing]:
    """Return those of the customers that stood then, by id: not those merged into others by then."""
    found: dict[str, Standing] = {}
    for marks, some in chunks(customers):
        rows = ask(f"{CHOSEN} AND c.customer IN ({marks})", (*stood_at(moments), *some))
        found.update((row[0], Standing._make(row)) for row in rows)
    return found


def survivors(ask: Ask, moments: AsOf) -> dict[str, str]:
    """Return into whom each merged customer was merged in the end, as of a moment; asks the merges of pipeline."""
    into = dict(ask(MERGED, (moments.micros, moments.position, moments.position)))
    found = {}
    for customer in into:
        passed = [customer]
        while passed[-1] in into and into[passed[-1]] not in passed:
            passed.append(into[passed[-1]])
        found[customer] = passed[-1]
    return found


def streams_of(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    *,
    owner: str | None = None,
    group: str | None = None,
    customer: str | None = None,
) -> list[str] | None:
    """Return the customers of an owner, of a group, or the one asked for, as of a moment, and the leads merged into them.

    None where nothing of that is asked: everybody's.
    """
    if customer is not None:
        wanted = [survivors(ask, moments).get(customer, customer)]
    elif owner is not None or group is not None:
        owners = [owner] if owner is not None else organisation.members(str(group), moments.day)
        wanted = [
            found
            for marks, some in chunks(owners)
            for (found,) in ask(OF_OWNERS.format(marks=marks), (*stood_at(moments), *some, *some))
        ]
    else:
        return None
    return with_merged(ask, moments, wanted)


def with_merged(ask: Ask, moments: AsOf, customers: Iterable[str]) -> list[str]:
    """Return customers, and the leads that were merged into them by then."""
    wanted = dict.fromkeys(customers)
    return [*wanted, *(lead for lead, into in survivors(ask, moments).items() if into in wanted and lead not in wanted)]


def homes(ask: Ask, subjects: Iterable[str]) -> dict[str, str]:
    """Return the customer of each of these subjects that has one, as the first event of a contract or opportunity says."""
    wanted = set(subjects)
    found = {subject: subject for subject in wanted if subject.startswith("cus_")}
    for marks, some in chunks(sorted(s for s in wanted if s.startswith(("con_", "opp_")))):
        for subject, changes in ask(BEGUN.format(marks=marks), some):
            found.update((subject, new) for field, _, new in json.loads(changes) if field == "customer")
    return found


def belonging(ask: Ask, moments: AsOf, subjects: Iterable[str]) -> tuple[dict[str, str], dict[str, Standing]]:
    """Return the customer that each of these subjects belongs to now, merges followed, and how those customers stood."""
    merged = survivors(ask, moments)
    found = {subject: merged.get(home, home) for subject, home in homes(ask, subjects).items()}
    return found, standing(ask, moments, found.values())


def sold(ask: Ask, login: str) -> list[str]:
    """Return the contracts in which somebody is named, or whose signing is theirs, the first drafted first; asks progress and audit."""
    named = ask(SOLD, (f"per_{login}", login))
    return [stream for stream, _ in named if stream.startswith("con_")]


def chunks(values: Iterable[str | int]) -> Iterator[tuple[str, Sequence[str | int]]]:
    """Yield question marks, and as many of the values, each once."""
    several = list(dict.fromkeys(values))
    for first in range(0, len(several), CHUNK):
        some = several[first : first + CHUNK]
        yield ", ".join("?" * len(some)), some
