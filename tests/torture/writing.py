"""Plain batches for a log, who writes them until told to stop, and what must hold of a log whatever happened to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from uuid import uuid4

from infra.db.errors import StoreFault
from infra.event_store.event_store import EventStore
from infra.event_store.factory import open_log
from infra.event_store.stored_event import AppendBatch, Conflict, NewEvent

NOW = "2025-03-03T01:00:00.000000Z"


def event(stream: str, version: int, size: int = 40) -> NewEvent:
    """Return an event that no fold knows."""
    data = b'{"x":"%s"}' % (b"x" * size)
    return NewEvent(stream, version, "x.happened", 1, "2025-03-03", None, "wang", "wang", "cli", None, uuid4().hex, None,
                 None, None, 0, data)  # fmt: skip


def batch(stream: str, version: int, size: int, weight: int = 40) -> AppendBatch:
    """Return the `size` events that follow `version` in a stream, which share a key."""
    events = [event(stream, version + n, weight)._replace(key=f"{stream}@{version}") for n in range(1, size + 1)]
    return AppendBatch(events, NOW, {stream: version}, keys=[(f"{stream}@{version}", b"digest", 0, size)])


class Writer:
    """Appends batches of one to four events to a stream of its own and keeps what was acknowledged."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, name
        self.acknowledged: dict[int, list[str]] = {}
        self.faults: list[StoreFault] = []

    def run(self, stop: Event, weight: int = 40) -> None:
        """Write until `stop`, opening the log again whenever it fails; what failed may be recorded or not."""
        while not stop.is_set():
            try:
                log = open_log(self.url)
            except StoreFault:
                time.sleep(0.05)
                continue
            with suppress(Conflict):
                try:
                    self._append(log, stop, weight)
                except StoreFault as fault:
                    self.faults.append(fault)
                    time.sleep(0.02)
            with suppress(Exception):
                log.close()

    def _append(self, log: EventStore, stop: Event, weight: int) -> None:
        version = len(log.stream(self.name))
        while not stop.is_set():
            made = batch(self.name, version, 1 + version % 4, weight)
            done = log.append(made)
            self.acknowledged[done.first] = [record.event_id for record in made.records]
            version += len(made.records)


def lost(log: EventStore, acknowledged: dict[int, list[str]]) -> int:
    """Return how many acknowledged events are not in the log at the position that was told."""
    have = {record.position: record.event_id for record in whole(log)}
    return sum(have.get(first + n) != event_id for first, ids in acknowledged.items() for n, event_id in enumerate(ids))


def whole(log: EventStore) -> list:
    """Return the records of a log that must be without a gap, a half batch or a head of its own."""
    records, after = [], 0
    while some := log.read(after, 5_000):
        records += some
        after = some[-1].position
    assert [record.position for record in records] == list(range(1, len(records) + 1)), "positions are not contiguous"
    assert log.head()[0] == len(records), "the head is not at the log's end"
    versions: dict[str, int] = {}
    for record in records:
        versions[record.stream] = versions.get(record.stream, 0) + 1
        assert record.version == versions[record.stream], f"{record.stream}: a version is missing"
    by_key: dict[str, int] = {}
    for record in records:
        if record.key:
            by_key[record.key] = by_key.get(record.key, 0) + 1
    counted = {row[0]: row[1] for row in log.db.all("SELECT key, count FROM keys")}
    assert {key: counted.get(key) for key in by_key} == by_key, "a batch is in the log by half"
    assert [record.recorded for record in records] == sorted(record.recorded for record in records)
    return records


def eventually(done: Callable[[], bool], seconds: float = 30) -> float:
    """Wait until something is done and return how long it took. Raises AssertionError."""
    begun = time.monotonic()
    while not done():
        assert time.monotonic() - begun < seconds, "it did not happen"
        time.sleep(0.02)
    return time.monotonic() - begun
