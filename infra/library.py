"""Our log for programs that are written for the event sourcing library: a recorder of its, with its events in our envelope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from eventsourcing.persistence import StoredEvent

from infra.database import open_database
from infra.record import Batch, Fresh
from infra.roles import decide_on
from infra.schema import check_store

if TYPE_CHECKING:
    from infra.postgres.recorder import PostgresRecorder
    from infra.sqlite.recorder import SQLiteRecorder


def open_recorder(url: str) -> SQLiteRecorder | PostgresRecorder:
    """Open the log of the store at `url` as a recorder of the library. Raises StoreMissing or another StoreFault."""
    db = open_database(url, create=False)
    try:
        check_store(db)
        if db.dialect == "sqlite":
            from infra.sqlite.recorder import SQLiteRecorder

            return SQLiteRecorder(db)
        decide_on(db)
        from infra.postgres.recorder import PostgresRecorder

        return PostgresRecorder(db)
    except BaseException:
        db.close()
        raise


def as_batch(events: Sequence[StoredEvent]) -> Batch:
    """Give the library's events the envelope that our log needs."""
    now = dt.datetime.now(dt.UTC)
    return Batch(
        records=[
            Fresh(
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
