"""What answers buying signals: a touch on a later day, from its own day on a proposal, a quote, a contract drafted or signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from projections.engine.as_of import AsOf
from projections.engine.json import reader
from projections.engine.projection import Ask
from projections.queries.customer_records import Held
from projections.queries.customers import chunks, survivors, with_merged
from projections.queries.dates import day_of

ANY: Final = ("touch", "proposal", "quote", "contract")
ANSWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "asks-for-quotation": ("touch", "quote", "contract"),
    "asks-for-contract-details": ("touch", "contract"),
    "asks-for-proposal": ("touch", "proposal", "quote", "contract"),
    "asks-for-visit": ("touch",),
}
"""What answers a signal of a kind."""

SCALE: Final = 1 << 40
"""A day and a position in one number: more positions than that are in no log."""
STANDS: Final = "a.since <= ? AND a.ends > ? AND a.known_from <= ? AND a.known_to > ?"
FIRST: Final = f"""
 , (SELECT MIN(a.opened * {SCALE} + a.position) FROM {{records}} a WHERE a.kind = 'follow-up' AND a.subject = r.subject
    AND a.touch = 1 AND +a.opened > r.opened AND {STANDS})
 , (SELECT MIN(a.opened * {SCALE} + a.position) FROM {{records}} a WHERE a.kind = 'quote' AND a.subject = r.subject
    AND (+a.opened > r.opened OR (+a.opened = r.opened AND a.position > r.position)) AND {STANDS})
"""
"""The columns of a signal `r` with the first touch and the first quote after it in its own stream."""
UNTOUCHED: Final = f"""
 AND (r.subject IN (SELECT m.customer FROM {{merges}} m UNION SELECT m.survivor FROM {{merges}} m)
  OR NOT EXISTS (SELECT 1 FROM {{records}} a WHERE a.kind = 'follow-up' AND a.subject = r.subject AND a.touch = 1
   AND +a.opened > r.opened AND {STANDS}))
"""
"""Leaves out the signals that a touch answered, which answers any; where there was a merge, touches may be another stream's."""
DELIVERED: Final = f"""
SELECT a.subject, a.steps FROM {{{{records}}}} a WHERE a.kind = 'proposal' AND a.closed IS NOT NULL AND {STANDS}
 AND a.subject IN ({{marks}})
"""
MET: Final = f"""
SELECT a.subject, a.kind, a.opened, a.position FROM {{{{records}}}} a
WHERE (a.kind = 'quote' OR (a.kind = 'follow-up' AND a.touch = 1)) AND {STANDS} AND a.subject IN ({{marks}})
"""
CONTRACTS: Final = """
SELECT n.subject, l.position, a.day FROM {{audit_named}} n CROSS JOIN {{log}} l
CROSS JOIN {{audit_entries}} a WHERE n.subject IN ({marks}) AND l.position = n.position
 AND l.name IN ('contract.drafted', 'contract.signed')
 AND a.position = l.position AND a.moment <= ? AND a.position <= ?
 AND NOT EXISTS (SELECT 1 FROM {{audit_corrections}} c JOIN {{log}} v ON v.position = c.position
                 WHERE c.corrected = l.position AND v.name = 'event.voided' AND c.position <= ?)
"""


class Answer(NamedTuple):
    """What may answer a signal: when, the position of the event that says so, and what it is."""

    day: date
    position: int
    kind: str


def within(moments: AsOf) -> tuple[str, Sequence[Any]]:
    """Return the columns FIRST with their parameters, to be asked for with each signal."""
    return FIRST, [moments.micros, moments.micros, moments.position, moments.position] * 2


def untouched(moments: AsOf) -> tuple[str, Sequence[Any]]:
    """Return the condition UNTOUCHED with its parameters."""
    return UNTOUCHED, [moments.micros, moments.micros, moments.position, moments.position]


def answered(ask: Ask, moments: AsOf, signals: Sequence[Held], *, waiting: bool) -> list[Answer | None]:
    """Return for each signal what answered it first; what happened to a merged lead is its survivor's.

    With `waiting` it is enough to say that something has: which answer was the first is not looked for.
    """
    merged = survivors(ask, moments) if signals else {}
    several = {*merged, *merged.values()}
    found = [[] if each.customer in several else _of_its_own(each) for each in signals]
    open_ = [each for each, some in zip(signals, found, strict=True) if not (waiting and _first(each, some))]
    by = _told(ask, moments, open_, several)
    return [
        _first(each, sorted([*some, *by.get(each.customer, ())])) for each, some in zip(signals, found, strict=True)
    ]


def _of_its_own(each: Held) -> list[Answer]:
    kinds = zip(("touch", "quote"), each.more, strict=True)
    return [Answer(day_of(first // SCALE), first % SCALE, kind) for kind, first in kinds if first is not None]


def _first(each: Held, answers: Iterable[Answer]) -> Answer | None:
    """Return the first answer to a signal, of those to its customer in their order."""
    kinds = ANSWERS.get(each.said["kind"], ANY)
    since, position = each.opened, each.position
    for answer in answers:
        later = answer.day > since or (answer.day == since and answer.kind != "touch" and answer.position > position)
        if later and answer.kind in kinds:
            return answer
    return None


def _told(ask: Ask, moments: AsOf, signals: Iterable[Held], several: set[str]) -> dict[str, list[Answer]]:
    """Return by customer its proposals and contracts; of one of several streams its touches and quotes, too."""
    customers = dict.fromkeys(each.customer for each in signals)
    apart = with_merged(ask, moments, [each for each in customers if each in several])
    streams = dict.fromkeys([*customers, *apart])
    stands = (moments.micros, moments.micros, moments.position, moments.position)
    merged = survivors(ask, moments) if apart else {}
    loads, by = reader(len(streams)), dict[str, list[Answer]]()

    def add(stream: Any, answer: Answer) -> None:
        by.setdefault(merged.get(str(stream), str(stream)), []).append(answer)

    for marks, some in chunks(streams):
        for stream, steps in ask(DELIVERED.format(marks=marks), (*stands, *some)):
            _, position, day, *_ = loads(steps)[0]
            add(stream, Answer(date.fromisoformat(day), position, "proposal"))
        known = (*some, moments.micros, moments.position, moments.position)
        for stream, position, ordinal in ask(CONTRACTS.format(marks=marks), known):
            add(stream, Answer(day_of(ordinal), position, "contract"))
    for marks, some in chunks(apart):
        for stream, kind, ordinal, position in ask(MET.format(marks=marks), (*stands, *some)):
            add(stream, Answer(day_of(ordinal), position, "quote" if kind == "quote" else "touch"))
    return by
