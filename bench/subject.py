"""The state of a subject with a thousand events, against its raw rows and orjson."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench.measure import Row, millis, times, took
from bench.stores import Bench
from infra.commands.repository import Repository
from infra.commands.request import request
from infra.store.open import create_store

EVENTS = 1_000


def on_sqlite(bench: Bench) -> Iterator[Row]:
    """Measure the fold of one long stream, as a decision needs it."""
    import orjson

    from projections.engine import json

    json.go_fast()
    store, _ = create_store(f"sqlite:///{bench.place}/subject.db", first_actor="boss")
    captured = {"action": "lead.capture", "key": "c", "data": {"company": "某某科技有限公司", "channel": "online"}}
    called = {"action": "follow-up.log", "subject": "c", "data": {"channel": "call", "feedback": "感兴趣"}}
    ledger = store.ledger("boss")
    told = [captured, *({**called, "key": f"c-{n}"} for n in range(1, EVENTS))]
    (stream,) = {answer.subject for answer in ledger.record([request(line) for line in told])}  # type: ignore[union-attr]

    def raw() -> None:
        for row in store.db.all("SELECT * FROM log WHERE stream = ? ORDER BY version", (stream,)):
            orjson.loads(row[-1])

    ours, floor = [], []
    for _turn in range(30):
        floor.append(took(raw))
        ours.append(took(lambda: Repository(store.log, "cn").subject(stream)))
    shown = millis(median(ours)), millis(median(floor)), times(median(ours), median(floor))
    yield Row(f"state of a subject, {EVENTS:,} events", *shown, "<= 5 ms")
    store.close()
