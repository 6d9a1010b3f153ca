"""Folding the log into objections; those of a customer are folded anew by each event that tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any, Final

from projections.engine import json
from projections.engine.corrections import EffectiveTimes, effective, in_business_order
from projections.engine.projection import OPEN, BitemporalRows, ChangeSet, Load, Seen
from projections.engine.sealed import shown
from projections.engine.stream_cache import Cases
from projections.read_models.objections.schema import OBJECTIONS

STEPS: Final = ("customer.objection_logged", "customer.objection_answered", "customer.objection_resolved")
TELLING: Final = frozenset(("customer.lead_captured", "event.corrected", "event.voided", *STEPS))

Rows = dict[tuple[Any, ...], tuple[Any, ...]]


class Case:
    """One customer's telling events in recorded order, and the rows believed of it."""

    __slots__ = ("believed", "events", "floors")

    def __init__(self, stream: str) -> None:
        self.events: list[Seen] = []
        self.floors = EffectiveTimes()
        self.believed = BitemporalRows()

    @property
    def weight(self) -> int:
        return len(self.events)

    def bears_on(self, seen: Seen) -> bool:
        """Say whether the event is one to keep: a correction is only where it changes what is kept."""
        return "at" not in seen.data or any(kept.position == seen.data["at"] for kept in self.events)

    def keep(self, seen: Seen) -> None:
        self.events.append(self.floors.lifted(seen))

    def refold(self, zone: tzinfo, position: int, to: ChangeSet) -> None:
        """Fold everything and change what is believed accordingly, as of `position`."""
        self.believed.become("objections", rows_of(effective(self.events, zone)), position, to)


def rows_of(events: Sequence[Seen]) -> Rows:
    """Return a customer's rows from its effective events; none if it was not captured."""
    rows: Rows = {}
    if not any(seen.name == "customer.lead_captured" for seen in events):
        return rows
    steps: dict[str, list[Seen]] = {}
    for seen in in_business_order(events):
        if seen.name in STEPS:
            steps.setdefault(seen.data["item"], []).append(seen)
    for item, taken in steps.items():
        if any(seen.name == STEPS[0] for seen in taken):
            rows.update(stood(item, taken))
    return rows


def stood(item: str, taken: Sequence[Seen]) -> Rows:
    """Return the rows of one objection: as it stood from each of its events on until the next."""
    logged = next(seen for seen in taken if seen.name == STEPS[0])
    answered = resolved = answer = outcome = None
    sources: list[int] = []
    rows: list[tuple[int, tuple[Any, ...]]] = []
    for seen in (logged, *(each for each in taken if each is not logged)):
        data, day = seen.data, seen.day.toordinal()
        if seen.name == STEPS[1]:
            answered, answer = day, shown(data.get("answer"))
        elif seen.name == STEPS[2]:
            resolved, outcome = day, shown(data.get("outcome"))
        sources.append(seen.position)
        words = shown(logged.data.get("words"))
        said = (logged.data["kind"], words, answer, outcome, logged.actor, json.encode(sources))
        rows.append((max(seen.moment, logged.moment), (logged.day.toordinal(), answered, resolved, *said)))
    ends = [since for since, _ in rows[1:]] + [OPEN]
    return {
        (logged.stream, item, since): (end, *content)
        for (since, content), end in zip(rows, ends, strict=True)
        if end > since
    }


class Objections:
    """The objections projection."""

    name = "objections"
    version = 1
    tables = (OBJECTIONS,)

    def __init__(self, load: Load, zone: tzinfo) -> None:
        self._load, self._zone = load, zone
        self._cases = Cases(self._loaded, Case)

    def forget(self) -> None:
        self._cases.clear()

    def fold(self, batch: Sequence[Seen], to: ChangeSet) -> None:
        for seen in batch:
            if seen.name in TELLING and seen.stream.startswith("cus_"):
                self._take(seen, to)

    def _take(self, seen: Seen, to: ChangeSet) -> None:
        case = self._cases.get(seen.stream, seen.position - 1, begins=seen.version == 1)
        if case.bears_on(seen):
            case.keep(seen)
            self._cases.grew(1)
            if seen.name != "customer.lead_captured":
                case.refold(self._zone, seen.position, to)

    def _loaded(self, stream: str, upto: int) -> Case:
        case = Case(stream)
        for seen in self._load(stream, upto):
            if seen.stream == stream and seen.name in TELLING and case.bears_on(seen):
                case.keep(seen)
        case.refold(self._zone, upto, ChangeSet())
        case.believed.rows = {place: (-1, content) for place, (_, content) in case.believed.rows.items()}
        return case


def make(load: Load, zone: tzinfo) -> Objections:
    """Return the projection, with nothing at hand yet."""
    return Objections(load, zone)
