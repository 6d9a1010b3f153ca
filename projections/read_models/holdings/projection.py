"""Folding the log into holdings and gradings: a customer's few events of that kind are at hand, and folded anew by each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, tzinfo
from typing import Any, Final, NamedTuple

from domain.customer.tenure import PROTECTING, held
from domain.kernel.types import OWNING
from projections.engine import json
from projections.engine.projection import OPEN, BitemporalRows, ChangeSet, Load, Seen
from projections.engine.stream_cache import Cases
from projections.read_models.holdings.schema import GRADINGS, HOLDINGS

HOLDING: Final = tuple(dict.fromkeys((*OWNING, *PROTECTING)))
GRADED: Final = "customer.graded"
CORRECTED, VOIDED = "event.corrected", "event.voided"
NAMES: Final = frozenset((*HOLDING, GRADED))
KEPT: Final = ("owner", "protected_until", "grade", "need_fit", "budget", "decision_chain", "override", "unmet")
LIMIT: Final = 20_000  # events at hand

Rows = dict[tuple[Any, ...], tuple[Any, ...]]


class Act(NamedTuple):
    """An event as it stands: `day` is an ordinal, `values` what is kept of its data, `sources` it and its corrections."""

    day: int
    position: int
    moment: int
    name: str
    values: Mapping[str, Any]
    actor: str
    reason: str | None
    sources: tuple[int, ...]


class Case:
    """What was done with one customer, by position as it stands, and the rows believed of it."""

    __slots__ = ("acts", "graded", "held", "number")

    def __init__(self, stream: str) -> None:
        self.number = 0
        self.acts: dict[int, Act] = {}
        self.held, self.graded = BitemporalRows(), BitemporalRows()

    @property
    def weight(self) -> int:
        return len(self.acts)

    def keep(self, seen: Seen) -> bool:
        """Take in an event, in recorded order; say whether it changes anything."""
        if seen.name in NAMES:
            if not self.number:
                self.number = seen.position
            self.acts[seen.position] = _act(seen)
            return True
        act = self.acts.get(seen.data["at"])
        if act is None:
            return False
        if seen.name == VOIDED:
            del self.acts[act.position]
        else:
            values = {**act.values, **_kept(seen.data["values"])}
            self.acts[act.position] = act._replace(values=values, sources=(*act.sources, seen.position))
        return True

    def refold(self, position: int, to: ChangeSet, *, grading: bool, holding: bool) -> None:
        """Change what is believed to what the acts now tell, as of `position`."""
        acts = sorted(self.acts.values())
        if grading:
            self.graded.become("gradings", graded_rows(self.number, acts), position, to)
        if holding:
            self.held.become("holdings", held_rows(self.number, acts), position, to)


def _act(seen: Seen) -> Act:
    day = seen.day.toordinal()
    kept = _kept(seen.data)
    return Act(day, seen.position, seen.moment, seen.name, kept, seen.actor, seen.reason, (seen.position,))


def _kept(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in KEPT if name in data}


def graded_rows(number: int, acts: Iterable[Act]) -> Rows:
    """Return the rows of a customer's gradings."""
    return {(number, act.day, act.position): _graded(act) for act in acts if act.name == GRADED}


def _graded(act: Act) -> tuple[Any, ...]:
    said = act.values
    unmet = json.encode(list(said["unmet"])) if said.get("unmet") else None
    told = (said["grade"], said.get("need_fit"), said.get("budget"), said.get("decision_chain"))
    sources = json.encode(list(act.sources))
    return (act.moment, *told, int(bool(said.get("override"))), unmet, act.actor, act.reason, sources)


def held_rows(number: int, acts: Iterable[Act]) -> Rows:
    """Return the rows of how a customer was held, from each of its acts on; acts are in the order of their days."""
    holding = [act for act in acts if act.name in HOLDING]
    moments = sorted({act.moment for act in holding})
    return {
        (number, since): (ends, *_held([act for act in holding if act.moment <= since]))
        for since, ends in zip(moments, [*moments[1:], OPEN], strict=False)
    }


def _held(acts: Sequence[Act]) -> tuple[Any, ...]:
    now = held((date.fromordinal(act.day), act.name, act.values) for act in acts)
    days = (_ordinal(day) for day in (now.untouched, now.protected))
    freed = _last_passing(acts)
    how = (freed.name, freed.reason, json.encode(list(freed.sources))) if freed else (None, None, None)
    sources = json.encode([position for act in acts for position in act.sources])
    return (now.owner, _ordinal(now.since), now.former, *days, *how, sources)


def _last_passing(acts: Sequence[Act]) -> Act | None:
    """Return what the customer passed by last, to nobody; what gave it to somebody where nothing followed that."""
    freed = [act for act in acts if act.name in OWNING]
    last = freed[-1] if freed else None
    for act in reversed(freed):  # one who is freed twice has been so since the first time
        if act.values.get("owner"):
            break
        last = act
    return last


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None


class Holdings:
    """The holdings projection."""

    name = "holdings"
    version = 1
    tables = (HOLDINGS, GRADINGS)

    def __init__(self, load: Load, zone: tzinfo) -> None:
        self._load = load
        self._cases = Cases(self._loaded, Case, LIMIT)

    def forget(self) -> None:
        self._cases.clear()

    def fold(self, batch: Sequence[Seen], to: ChangeSet) -> None:
        for seen in batch:
            if seen.name in NAMES or (seen.name in (CORRECTED, VOIDED) and seen.stream.startswith("cus_")):
                self._take(seen, to)

    def _take(self, seen: Seen, to: ChangeSet) -> None:
        if seen.name == CORRECTED and seen.data["name"] not in NAMES:
            return
        case = self._cases.get(seen.stream, seen.position - 1, begins=seen.version == 1)
        if case.keep(seen):
            grading, holding = seen.name == GRADED, seen.name in HOLDING
            self._cases.grew(1)
            case.refold(seen.position, to, grading=not holding, holding=not grading)

    def _loaded(self, stream: str, upto: int) -> Case:
        case = Case(stream)
        for seen in self._load(stream, upto):
            if seen.stream == stream and (seen.name in NAMES or seen.name in (CORRECTED, VOIDED)):
                case.keep(seen)
        case.refold(upto, ChangeSet(), grading=True, holding=True)
        for believed in (case.held, case.graded):
            believed.rows = {place: (-1, content) for place, (_, content) in believed.rows.items()}
        return case


def make(load: Load, zone: tzinfo) -> Holdings:
    """Return the projection, with nothing at hand yet."""
    return Holdings(load, zone)
