"""Which facts of the metrics that a team has defined count other than before, where, and by which events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from projections.engine.as_of import AsOf
from projections.queries.organisation import Organisation
from projections.views.diff.context_events import learned
from projections.views.diff.explain_facts import Look, Place
from projections.views.diff.explain_tracking import Behind
from projections.views.progress import custom_metrics


class Told(NamedTuple):
    """A fact as it counts at one of the two moments: its measure, event, owner, day and currency."""

    measure: str
    source: int
    owner: str
    day: int
    currency: str


class Standing(NamedTuple):
    """What it counts for; `brought` and `taken` are the events that say so, and that say so no more."""

    amount: int
    brought: int
    taken: int


def of_defined(look: Look, measures: Iterable[str]) -> dict[tuple[str, Place, str], Behind]:
    """Return the events by which facts of these measures came, left or are counted elsewhere, by (measure, place, currency)."""
    wanted = {measure for measure in measures if measure.startswith(custom_metrics.SIGN)}
    found: dict[tuple[str, Place, str], Behind] = {}
    if not wanted:
        return found
    adopted = learned(look.ask, "policies", look.before, look.after, " AND name = 'metrics'")
    one, other = (_standing(look, *at) for at in zip((look.before, look.after), look.organisations, strict=True))
    for fact in {*one, *other}:
        if fact.measure not in wanted:
            continue
        was, now = one.get(fact), other.get(fact)
        there, here = look.places(fact.owner, fact.day)
        for place in there | here:
            share = (now.amount if now and place in here else 0) - (was.amount if was and place in there else 0)
            if share:
                events = list(_causes(fact, was, now, look, adopted))
                to = found.setdefault((fact.measure, place, fact.currency), {})
                to[events[0]] = (to.get(events[0]) or 0) + share
                for more in events[1:]:
                    to.setdefault(more, None)
    return found


def _standing(look: Look, moments: AsOf, organisation: Organisation) -> dict[Told, Standing]:
    """Return what counts at a moment; what one event tells of one owner and day in several facts counts together."""
    found: dict[Told, Standing] = {}
    for *told, amount, brought, taken in custom_metrics.standing(look.ask, look.period, moments, organisation):
        fact = Told(*told)
        before = found.get(fact)
        found[fact] = Standing(int(amount) + (before.amount if before else 0), brought, taken)
    return found


def _causes(fact: Told, was: Standing | None, now: Standing | None, look: Look, adopted: list[int]) -> Iterator[int]:
    """Yield the events by which a fact counts other than before, the nearest first; the one that tells it at the end."""
    known = range(look.before.position + 1, look.after.position + 1)
    if now and now.brought in known:
        yield now.brought
    elif was and was.taken in known:
        yield was.taken
    elif was and now:
        yield from (*look.moved.get(fact.owner, ()), *look.grouped)
    elif look.known:
        yield from adopted
    yield fact.source
