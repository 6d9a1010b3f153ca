"""How the event sourcing library's own events come to stand in our log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import uuid4

from eventsourcing.persistence import StoredEvent

from infra.event_store.stored_event import AppendBatch, NewEvent


def as_batch(events: Sequence[StoredEvent]) -> AppendBatch:
    """Give the library's events the envelope that our log needs."""
    now = dt.datetime.now(dt.UTC)
    return AppendBatch(
        records=[
            NewEvent(
                stream=str(event.originator_id),
                version=event.originator_version,
                name=event.topic,
                schema=1,
                occurred=now.date().isoformat(),
                recorded=None,
                actor="system",
                recorder="system",
                source="system",
                key=None,
                event_id=str(uuid4()),
                correlation=None,
                causation=None,
                reason=None,
                migrated=0,
                data=event.state,
            )
            for event in events
        ],
        now=now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    )
