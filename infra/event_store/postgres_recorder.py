"""The log in a Postgres schema as a recorder of the event sourcing library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.rows import dict_row

from infra.db.database import Database
from infra.db.postgres import PostgresDatabase
from infra.event_store.eventsourcing_adapter import as_batch
from infra.event_store.postgres_arrays import arrays
from infra.event_store.postgres_store import APPEND, PostgresLog


class Datastore(PostgresDatastore):
    """The library's datastore, with our address and search path on every connection; opened when first used."""

    def __init__(self, params: dict[str, Any], schema: str) -> None:
        super().__init__("", "", "", "", "", schema=schema, max_overflow=9, originator_id_type="text")
        self.pool.kwargs = {**params, "row_factory": dict_row}

    def register_type_adapters(self) -> None:
        """Do nothing: we pass arrays of plain types, so there is no composite type to look up."""


class PostgresRecorder(PostgresLog, PostgresApplicationRecorder):
    """The log in a Postgres schema as the library writes and reads it.

    What the library selects comes from the view `stored_events`; what it inserts goes through append_events too.
    """

    def __init__(self, db: Database) -> None:
        assert isinstance(db, PostgresDatabase)
        PostgresLog.__init__(self, db)
        datastore = Datastore(db.address.params, db.schema)
        PostgresApplicationRecorder.__init__(self, datastore, events_table_name="stored_events")
        self.channel_name = f"salestrail_{db.schema}"

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        if not stored_events:
            return []
        batch = as_batch(stored_events)
        with self.datastore.get_connection() as lent:
            connection = cast("psycopg.Connection[Any]", lent)
            row = connection.execute(APPEND, arrays(batch)).fetchone()
            assert row is not None
            # After the commit: a NOTIFY inside a transaction makes all commits wait for one another.
            connection.execute("SELECT pg_notify(%s, '')", (self.channel_name,))
        return list(range(row["first"], row["first"] + len(stored_events)))

    def close(self) -> None:
        self.datastore.close()
        super().close()
