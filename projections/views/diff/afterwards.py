"""What later days did to what a period counted: its figures stay, and these are the acts that undo or change them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from domain.kernel.money import from_units
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views.diff.events import as_event, told
from projections.views.diff.explain_facts import TURNING, places_of
from projections.views.diff.query import text_of
from projections.views.digest import VIEWS

OF_CONTRACTS: Final = """
SELECT l.stream, l.name, f.owner, f.day, f.currency, f.amount, l.position FROM {facts} f JOIN {log} l ON l.position = f.source
WHERE f.measure = ? AND f.day BETWEEN ? AND ? AND f.since <= ? AND f.known_from <= ? AND f.known_to > ?
"""
VALID: Final = """
SELECT f.owner, f.day, f.since, f.ends, f.source, f.customer FROM {facts} f
WHERE f.measure = 'valid-leads' AND f.day BETWEEN ? AND ? AND f.ends > ? AND (f.since > ? OR f.ends <= ?)
 AND f.known_from <= ? AND f.known_to > ?
"""


class Later(NamedTuple):
    """An act of a later day: the measure and place that it changes, by how much, and its position."""

    metric: str
    basis: str | None
    owner: str
    day: int
    currency: str | None
    amount: int
    position: int


def afterwards(
    ask: Ask,
    period: Period,
    end: AsOf,
    now: AsOf,
    closed: Sequence[Mapping[str, Any]],
    restated: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Return the rows of progress whose figure later acts undo or change, each with `difference` and those acts.

    `end` and `now` are known at the same position; `closed` and `restated` are the period's rows of progress.
    """
    organisation = Organisation(ask, now.position)
    sums: dict[tuple[Any, ...], dict[int, int]] = {}
    for each in (*_contracts(ask, period, now), *_leads(ask, period, end, now)):
        for level, owner in places_of(organisation, each.owner, each.day):
            made = sums.setdefault((level, owner, each.metric, each.basis, each.currency), {})
            made[each.position] = made.get(each.position, 0) + each.amount
    key = VIEWS["progress"].key
    before, after = ({tuple(r[name] for name in key): r["actual"] for r in rows} for rows in (closed, restated))
    stories = told(ask, {position for made in sums.values() for position in made})
    order = {place: n for n, place in enumerate({**after, **before, **sums})}
    rows = []
    for place in sorted(sums, key=order.__getitem__):
        named = dict(zip(key, place, strict=True))
        made = sums[place]
        rows.append(
            {
                "view": "progress",
                "row": text_of(named),
                "key": named,
                "label": None,
                "field": "actual",
                "closed": before.get(place),
                "restated": after.get(place),
                "difference": _text(sum(made.values()), named),
                "kind": "afterwards",
                "events": [as_event(stories[p], now.zone, _text(made[p], named)) for p in sorted(made)],
            }
        )
    return rows


UNDOING: Final = {
    "signed": (("contract.signed", "contract.order_placed"), ("contract.amended", "contract.cancelled")),
    "collected": (("payment.received",), ("payment.refunded",)),
}
"""By basis: what counted in the period, and the acts of later days that undo or change it."""


def _contracts(ask: Ask, period: Period, now: AsOf) -> Iterator[Later]:
    """Yield the amendments, cancellations and refunds, after the period, of contracts that counted in it."""
    known = (now.micros, now.position, now.position)
    for basis, (counted, undoing) in UNDOING.items():
        within = ask(OF_CONTRACTS, (basis, period.first.toordinal(), period.last.toordinal(), *known))
        there = {row[0]: row for row in within if row[1] in counted}
        for stream, name, _, _, currency, amount, position in (
            ask(OF_CONTRACTS, (basis, period.last.toordinal() + 1, date.max.toordinal(), *known)) if there else ()
        ):
            if stream in there and name in undoing:
                _, _, owner, day, *_ = there[stream]
                yield Later("sales", basis, owner, day, currency, amount, position)


def _leads(ask: Ask, period: Period, end: AsOf, now: AsOf) -> Iterator[Later]:
    """Yield what made leads of the period invalid, or valid, after it."""
    days = (period.first.toordinal(), period.last.toordinal())
    known = (now.position, now.position)
    for owner, day, since, ends, source, customer in ask(VALID, (*days, end.micros, end.micros, now.micros, *known)):
        came, left = end.micros < since <= now.micros, ends <= now.micros
        if came != left:
            turned = ask(TURNING, (customer, since if came else ends, now.position))
            position = max((position for (position,) in turned), default=source)
            yield Later("valid-leads", None, owner, day, None, 1 if came else -1, position)


def _text(amount: int, key: Mapping[str, Any]) -> str:
    return format(from_units(amount), "f") if key["currency"] else str(amount)
