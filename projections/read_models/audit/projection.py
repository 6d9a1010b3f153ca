"""Folding the log into the audit: for each event what it changed from and to, and whom it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from functools import cache
from typing import Any, Final

from domain.kernel.field import fields_of
from domain.kernel.registry import event_class
from projections.engine import json
from projections.engine.projection import ChangeSet, Load, Seen
from projections.engine.stream_cache import Cases
from projections.read_models.audit.schema import CORRECTIONS, ENTERED, ENTRIES, NAMED

Change = list[Any]
"""[field, from, to]"""


PARTS: Final = ("item", "child")
"""The fields that say of which part of its subject an event speaks."""


class Known:
    """The last known values of one stream: of its subject's fields, and of each of its items'."""

    __slots__ = ("by_position", "opened", "values")

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], Any] = {}
        self.by_position: dict[int, tuple[str, dict[str, Any]]] = {}
        self.opened: dict[str, Seen] = {}

    @property
    def weight(self) -> int:
        return len(self.by_position)

    def changes(self, seen: Seen) -> list[Change]:
        """Return what the event changes, and know it from now on."""
        data = seen.data
        if seen.name in ("event.corrected", "event.voided"):
            return self._correction(seen, data)
        if adds(seen.name):
            changed = [[name, None, value] for name, value in data.items()]
        else:
            before = {name: self._before(data, name) for name in data}
            changed = [[name, before[name], value] for name, value in data.items() if before[name] != value]
        if seen.name == "customer.objection_logged":
            self.opened[data["item"]] = seen
        elif seen.name == "customer.objection_resolved" and data["item"] in self.opened:
            changed.append(["days_open", None, (seen.day - self.opened[data["item"]].day).days])
        self.by_position[seen.position] = (seen.name, dict(data))
        self._learn(seen.name, data)
        return changed

    def _before(self, data: Mapping[str, Any], name: str) -> Any:
        return None if name in PARTS else self.values.get((part(data), name))

    def _learn(self, event: str, data: Mapping[str, Any]) -> None:
        scope = part(data)
        if scope or not adds(event):
            self.values.update({(scope, name): value for name, value in data.items()})

    def _correction(self, seen: Seen, data: Mapping[str, Any]) -> list[Change]:
        _, before = self.by_position.get(data["at"], ("", {}))
        if seen.name == "event.voided":
            self.by_position.pop(data["at"], None)
            changed = [[name, value, None] for name, value in before.items()]
        else:
            changed = [[name, before.get(name), value] for name, value in data["values"].items()]
            before.update(data["values"])
        self.values = {}
        for event, standing in self.by_position.values():
            self._learn(event, standing)
        return changed


def part(data: Mapping[str, Any]) -> str:
    """Return which part of its subject an event speaks of (a next action, a child's share), or '' for the whole."""
    return next((data[name] for name in PARTS if name in data), "")


@cache
def adds(name: str) -> bool:
    """Say whether events of that name add a record rather than change fields of their subject."""
    return event_class(name).ADDS


@cache
def naming_fields(name: str) -> tuple[tuple[str, str, bool], ...]:
    """Return the fields of that event that name subjects, each with the prefix that makes its value an id."""
    prefixes = {"person": "per_", "group": "grp_"}
    return tuple(
        (field.name, prefixes.get(field.role or "", ""), field.many)
        for field in fields_of(event_class(name))
        if field.names or field.role in prefixes
    )


def named(seen: Seen) -> Iterator[str]:
    """Yield the ids of the subjects that the event names beside its own."""
    for name, prefix, many in naming_fields(seen.name):
        value = seen.data.get(name)
        if value:
            yield from (prefix + each for each in value) if many else (prefix + value,)


class Audit:
    """The audit projection."""

    name = "audit"
    version = 2
    tables = (ENTRIES, ENTERED, NAMED, CORRECTIONS)

    def __init__(self, load: Load, zone: tzinfo) -> None:
        self._load = load
        self._known = Cases(self._loaded, lambda stream: Known())

    def forget(self) -> None:
        self._known.clear()

    def fold(self, batch: Sequence[Seen], to: ChangeSet) -> None:
        for seen in batch:
            known = self._known.get(seen.stream, seen.position - 1, begins=seen.version == 1)
            changed = known.changes(seen)
            self._known.grew(1)
            row = (seen.position, seen.day.toordinal(), seen.moment, seen.stream, seen.actor, json.encode(changed))
            to.insert("audit_entries", row)
            if seen.recorder != seen.actor:
                to.insert("audit_entered", (seen.recorder, seen.position))
            for subject in {*named(seen)} - {seen.stream}:
                to.insert("audit_named", (subject, seen.position))
            if seen.name in ("event.corrected", "event.voided"):
                to.insert("audit_corrections", (seen.data["at"], seen.position))

    def _loaded(self, stream: str, upto: int) -> Known:
        known = Known()
        for seen in self._load(stream, upto):
            if seen.stream == stream:
                known.changes(seen)
        return known


def make(load: Load, zone: tzinfo) -> Audit:
    """Return the projection, with nothing at hand yet."""
    return Audit(load, zone)
