"""Which records count other than before for the metrics that a team has defined, where, and by which events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from projections.differences.around import learned
from projections.differences.facts import Look, Place
from projections.differences.tracking import Behind
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.progress import defined


class Standing(NamedTuple):
    """A record as it counts at a moment; `brought` and `taken` are the events that say so, and that say so no more."""

    owner: str
    day: int
    brought: int
    taken: int


def of_defined(look: Look, measures: Iterable[str]) -> dict[tuple[str, Place, str], Behind]:
    """Return the events by which records of these measures came, left or are counted elsewhere, by (measure, place, '')."""
    wanted = {measure for measure in measures if measure.startswith(defined.SIGN)}
    found: dict[tuple[str, Place, str], Behind] = {}
    if not wanted:
        return found
    adopted = learned(look.ask, "policies", look.before, look.after, " AND name = 'metrics'")
    one, other = (_standing(look, *at) for at in zip((look.before, look.after), look.organisations, strict=True))
    for key in {*one, *other}:
        measure, position = key
        if measure not in wanted:
            continue
        was, now = one.get(key), other.get(key)
        before = look.places(was.owner, was.day)[0] if was else set()
        after = look.places(now.owner, now.day)[1] if now else set()
        for place in before ^ after:
            events = list(_causes(position, was, now, look, adopted))
            to = found.setdefault((measure, place, ""), {})
            to[events[0]] = (to.get(events[0]) or 0) + (1 if place in after else -1)
            for more in events[1:]:
                to.setdefault(more, None)
    return found


def _standing(look: Look, moments: Moments, organisation: Organisation) -> dict[tuple[str, int], Standing]:
    """Return what counts at a moment, by measure and the event that made it."""
    rows = defined.standing(look.ask, look.period, moments, organisation)
    return {(defined.measure_of(metric), position): Standing(*told) for metric, position, told in rows}


def _causes(position: int, was: Standing | None, now: Standing | None, look: Look, adopted: list[int]) -> Iterator[int]:
    """Yield the events by which a record counts other than before, the nearest first; the record's own at the end."""
    known = range(look.before.position + 1, look.after.position + 1)
    if now and now.brought in known:
        yield now.brought
    elif was and was.taken in known:
        yield was.taken
    elif was and now:
        yield from (*look.moved.get(now.owner, ()), *look.grouped)
    elif look.known:
        yield from adopted
    yield position
