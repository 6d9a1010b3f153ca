"""Which facts count other than before at two moments, where, and by which events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from domain.calendar.moment import instant
from domain.calendar.period import Period
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views.diff.context_events import WINDOWS, learned, moves
from projections.views.diff.explain_tracking import Behind
from projections.views.progress.actuals import KEY_ACCOUNTS, counted_by

FACTS: Final = """
SELECT f.measure, f.owner, f.day, f.currency, f.customer, f.source, f.since, f.ends, f.known_from, f.known_to,
       {before}, {after}
FROM {{facts}} f WHERE f.measure IN ({marks}) AND f.day BETWEEN ? AND ? AND f.known_from <= ? AND f.known_to > ?
"""
TURNING: Final = """
SELECT l.position FROM {log} l CROSS JOIN {audit_entries} a
WHERE l.stream = ? AND a.position = l.position AND a.moment = ? AND a.position <= ?
"""
Place = tuple[str, str | None]


class Fact(NamedTuple):
    """A fact as the table keeps it; `before` and `after` are what it counts by the policies of either moment."""

    measure: str
    owner: str
    day: int
    currency: str
    customer: str
    source: int
    since: int
    ends: int
    known_from: int
    known_to: int
    before: int
    after: int

    def counts(self, moments: AsOf) -> bool:
        """Say whether the fact counts as of a moment, as known then."""
        in_force = self.since <= moments.micros < self.ends
        return in_force and self.day <= moments.day.toordinal() and self.known_from <= moments.position < self.known_to


class Look:
    """Both moments of a comparison, with the organisation as known at each, and the events around them."""

    def __init__(self, ask: Ask, period: Period, before: AsOf, after: AsOf) -> None:
        self.ask, self.period, self.before, self.after = ask, period, before, after
        self.organisations = (Organisation(ask, before.position), Organisation(ask, after.position))
        self.known = before.position != after.position
        self.moved = moves(ask, before, after) if self.known else {}
        self.grouped = learned(ask, "groups_known", before, after)
        self.policies = learned(ask, WINDOWS[0], before, after, WINDOWS[1])
        self.calendars = learned(ask, "calendars", before, after)

    def places(self, owner: str, day: int) -> tuple[set[Place], set[Place]]:
        """Return where a fact of that owner and day is counted, before and after."""
        one, other = (set(places_of(organisation, owner, day)) for organisation in self.organisations)
        return one, other


def places_of(organisation: Organisation, owner: str, day: int) -> Iterator[Place]:
    """Yield the company, the person, and the person's group on the day with those above it."""
    yield "company", "company"
    yield "person", owner or None
    group = organisation.group_of(owner, date.fromordinal(day)) if owner else None
    for code in organisation.above(group) if group else ():
        yield "group", code


def of_actuals(look: Look, measures: Sequence[str]) -> dict[tuple[str, Place, str], Behind]:
    """Return the events by which facts came, left or are counted elsewhere, by (measure, place, currency)."""
    found: dict[tuple[str, Place, str], Behind] = {}
    for fact in facts(look, measures) if measures else ():
        one, other = fact.counts(look.before), fact.counts(look.after)
        if not (one or other) or (one and other and not _counted_anew(fact, look)):
            continue
        was, now = look.places(fact.owner, fact.day)
        for place in was | now:
            share = (fact.after if other and place in now else 0) - (fact.before if one and place in was else 0)
            if share:
                to = found.setdefault((fact.measure, place, fact.currency), {})
                elsewhere = [*look.moved.get(fact.owner, ()), *look.grouped] if place in was ^ now else []
                _credit(to, share, *_causes(fact, one, other, look), elsewhere)
    return found


def facts(look: Look, measures: Sequence[str], period: Period | None = None) -> Iterator[Fact]:
    """Yield the facts of the look's period, or of another, that were believed at either moment."""
    within = period or look.period
    counted = {name: counted_by(org) for name, org in zip(("before", "after"), look.organisations, strict=True)}
    sql = FACTS.format(marks=", ".join("?" * len(measures)), **counted)
    days = (within.first.toordinal(), within.last.toordinal())
    yield from map(Fact._make, look.ask(sql, (*measures, *days, look.after.position, look.before.position)))


def _counted_anew(fact: Fact, look: Look) -> bool:
    """Say whether a fact that counts at both moments may count otherwise: by a policy, a move, or a group's place."""
    return fact.before != fact.after or fact.owner in look.moved or bool(look.grouped)


def _credit(to: Behind, share: int, first: Iterable[int], *others: Iterable[int]) -> None:
    """Note the share of a difference with its first event; the others stand behind it too."""
    head, *rest = [*first, *(position for several in others for position in several)]
    to[head] = (to.get(head) or 0) + share
    for position in rest:
        to.setdefault(position, None)


def _causes(fact: Fact, one: bool, other: bool, look: Look) -> tuple[list[int], ...]:
    """Return the events by which a fact counts other than before, the nearest first; there is always one."""
    if one and other:
        moved = [*look.moved.get(fact.owner, ()), *look.grouped]
        return look.policies if fact.before != fact.after else moved, [fact.source]
    if look.known:
        learned_at = fact.known_from if other else fact.known_to
        if look.before.position < learned_at <= look.after.position:
            return ([learned_at],)
        return [*look.policies, fact.source], []
    turned = fact.since if other else fact.ends
    asked = not other or fact.measure == "valid-leads"  # only these begin at another event than their source
    found = look.ask(TURNING, (fact.customer, turned, look.after.position)) if asked else []
    turning = [position for (position,) in found]
    if other:
        return (
            [fact.source],
            turning,
            [fact.known_from] if fact.known_from != fact.source and turning in ([], [fact.source]) else [],
        )
    return turning or [fact.source], []


def of_rates(look: Look) -> dict[Place, Behind]:
    """Return the events behind changed repurchase rates: by which key accounts came, left or bought again."""
    one, other = (accounts(look, moments) for moments in (look.before, look.after))
    changed = {customer for customer in {*one, *other} if one.get(customer) != other.get(customer)}
    ever = look.period._replace(first=date(1, 1, 1))
    start = instant(look.period.first.isoformat(), look.after.zone)
    telling: dict[str, Behind] = {}
    for fact in facts(look, ["contract", "key-account"], ever):
        if fact.customer in changed:
            was, now = (_rated(fact, moments, start) for moments in (look.before, look.after))
            if was != now:
                causes = (position for some in _causes(fact, was, now, look) for position in some)
                telling.setdefault(fact.customer, {}).update(dict.fromkeys(causes))
    found: dict[Place, Behind] = {}
    for customer in {*one, *other}:
        owners = {standing[customer][0] for standing in (one, other) if customer in standing}
        for owner in owners:
            there, here = look.places(owner, look.period.first.toordinal())
            mine = telling.get(customer, {}) if customer in changed else {}
            for place in there | here:
                moved = dict.fromkeys([*look.moved.get(owner, ()), *look.grouped]) if place in there ^ here else {}
                found.setdefault(place, {}).update({**mine, **moved})
    return found


def _rated(fact: Fact, moments: AsOf, start: int) -> bool:
    """Say whether a fact counts for the repurchase rate: a key account is one at the period's start."""
    if fact.measure != "key-account":
        return fact.counts(moments)
    believed = fact.known_from <= moments.position < fact.known_to
    return believed and fact.since < start <= min(fact.ends, moments.micros)


def accounts(look: Look, moments: AsOf) -> dict[str, tuple[str, bool]]:
    """Return the key accounts of the repurchase rate at a moment: customer -> (owner, whether they bought again)."""
    start, first = instant(look.period.first.isoformat(), moments.zone), look.period.first.toordinal()
    known = (moments.position, moments.position)
    again = (first, min(look.period.last, moments.day).toordinal(), moments.micros, *known)
    if start > moments.micros:
        return {}
    rows = look.ask(KEY_ACCOUNTS, (*again, start, start, *known, first, moments.micros, *known))
    return {customer: (owner, bool(bought)) for customer, owner, bought in rows}
