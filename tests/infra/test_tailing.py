"""Many writers and a reader who tails the log: nothing missed, doubled or out of order."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest

from infra.event_store.factory import open_log
from infra.event_store.stored_event import AppendBatch, Claim, Conflict, NewEvent
from tests.conftest import make_store

NOW = "2025-03-03T01:00:00.000000Z"
WRITERS = 8
APPENDS = 40


def event(stream: str, version: int) -> NewEvent:
    return NewEvent(
        stream,
        version,
        "x.happened",
        1,
        "2025-03-03",
        None,
        "wang",
        "wang",
        "cli",
        None,
        str(uuid4()),
        None,
        None,
        None,
        0,
        b"{}",
    )


def write(url: str, writer: int) -> int:
    """Append batches of one to three events to a stream of one's own."""
    log = open_log(url)
    version = 0
    for turn in range(APPENDS):
        size = 1 + turn % 3
        events = [event(f"w{writer}", version + n) for n in range(1, size + 1)]
        log.append(AppendBatch(events, NOW, {f"w{writer}": version}))
        version += size
    log.close()
    return version


def tail(url: str, done: Event) -> list[int]:
    """Follow the log until the writers are done and nothing more comes."""
    log = open_log(url)
    seen: list[int] = []
    while True:
        last_round = done.is_set()
        records = log.read(seen[-1] if seen else 0, 100)
        seen += [record.position for record in records]
        if last_round and not records:
            log.close()
            return seen


def test_a_tailing_reader_misses_nothing_under_eight_writers(store_url: str) -> None:
    make_store(store_url)
    done = Event()
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        tailing = pool.submit(tail, store_url, done)
        try:
            written = sum(pool.map(lambda writer: write(store_url, writer), range(WRITERS)))
        finally:
            done.set()
        assert tailing.result() == list(range(1, written + 1))


@pytest.mark.parametrize("kind", ["version", "claim", "key"])
def test_of_those_who_race_one_wins_and_the_others_are_told(store_url: str, kind: str) -> None:
    make_store(store_url)

    def race(writer: int) -> Counter[str]:
        log = open_log(store_url)
        outcomes: Counter[str] = Counter()
        for turn in range(10):
            own = f"s{turn}-{writer}"
            if kind == "version":
                batch = AppendBatch([event(f"s{turn}", 1)], NOW, {f"s{turn}": 0})
            elif kind == "claim":
                batch = AppendBatch([event(own, 1)], NOW, {own: 0}, claims=[Claim("name", str(turn), 0, own)])
            else:
                batch = AppendBatch([event(own, 1)], NOW, {own: 0}, keys=[(f"k{turn}", b"", 0, 1)])
            try:
                log.append(batch)
                outcomes["won"] += 1
            except Conflict as conflict:
                outcomes[conflict.what] += 1
        log.close()
        return outcomes

    with ThreadPoolExecutor(4) as pool:
        outcomes = sum(pool.map(race, range(4)), Counter())
    assert outcomes == {"won": 10, kind: 30}
    log = open_log(store_url)
    assert [record.position for record in log.read(0, 100)] == list(range(1, 11))
    log.close()
