"""Events to append to a log as they stand in it, and the times at which they are."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from infra.event_store.event_store import EventStore
from infra.event_store.stored_event import AppendBatch, NewEvent

MORNING = "2025-03-03T01:00:00.000000Z"
NOON = "2025-03-03T04:00:00.000000Z"
EVENING = "2025-03-03T12:00:00.000000Z"


def event(stream: str, version: int = 1, **envelope: Any) -> NewEvent:
    plain: dict[str, Any] = {
        "name": "customer.lead_captured",
        "schema": 1,
        "occurred": "2025-03-03",
        "recorded": None,
        "actor": "wang",
        "recorder": "li",
        "source": "cli",
        "key": None,
        "event_id": str(uuid4()),
        "correlation": None,
        "causation": None,
        "reason": None,
        "migrated": 0,
        "data": b'{"company":"\xe4\xb8\x8a\xe6\xb5\xb7"}',
    }
    return NewEvent(stream=stream, version=version, **{**plain, **envelope})


def batch(*records: NewEvent, now: str = MORNING, **more: Any) -> AppendBatch:
    return AppendBatch(records=records, now=now, **more)


def positions(log: EventStore) -> list[int]:
    return [record.position for record in log.read(0, 1000)]
