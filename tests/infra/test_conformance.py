"""The event sourcing library's own suites, on our two logs."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)

from infra.db.connect import open_database
from infra.event_store.factory import open_log
from infra.event_store.migrations import init_store
from infra.event_store.postgres_recorder import PostgresRecorder
from infra.event_store.sqlite_recorder import SQLiteRecorder


class OnSQLite:
    """Opens new SQLite stores for a suite, with ids as text."""

    url: str

    @pytest.fixture(autouse=True)
    def _new_store(self, tmp_path: Path) -> Iterator[None]:
        self.url = f"sqlite:///{tmp_path}/store.db"
        self.opened: list[Any] = []
        before = set(threading.enumerate())
        yield
        # A suite tells its readers to stop and doesn't wait; closing under one of them would end the whole process.
        for reader in set(threading.enumerate()) - before if self.url.startswith("sqlite") else ():
            reader.join(10)
        for log in self.opened:
            log.close()

    def new_originator_id(self) -> str:
        return f"customer-{uuid4()}"

    def create_recorder(self) -> Any:
        db = open_database(self.url, create=True)
        init_store(db)
        db.close()
        self.opened.append(open_log(self.url))
        return self.opened[-1]


class OnPostgres(OnSQLite):
    """Opens new Postgres stores for a suite."""

    @pytest.fixture(autouse=True)
    def _new_schema(self, _new_store: None, postgres_url: str) -> None:
        self.url = postgres_url


class AsAggregates:
    """The aggregate recorders' suite expects no positions to be told."""

    def create_recorder(self) -> Any:
        recorder = super().create_recorder()  # type: ignore[misc]
        insert = recorder.insert_events

        def without_positions(stored_events: Sequence[StoredEvent], **_: Any) -> None:
            insert(stored_events)

        recorder.insert_events = without_positions
        return recorder


class TestSQLiteLogAsAnApplicationRecorder(OnSQLite, ApplicationRecorderTestCase[SQLiteRecorder]):
    """Positions, selections, ten writers at once."""


class TestSQLiteLogAsAnAggregateRecorder(AsAggregates, OnSQLite, AggregateRecorderTestCase):
    """Streams, versions, atomic inserts."""


class TestSQLitePositionsDoNotInterleave(OnSQLite, NonInterleavingNotificationIDsBaseCase):
    """Two batches at once get positions one after the other."""


class TestPostgresLogAsAnApplicationRecorder(OnPostgres, ApplicationRecorderTestCase[PostgresRecorder]):
    """Positions, selections, ten writers at once, and subscriptions."""

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestPostgresLogAsAnAggregateRecorder(AsAggregates, OnPostgres, AggregateRecorderTestCase):
    """Streams, versions, atomic inserts."""


class TestPostgresPositionsDoNotInterleave(OnPostgres, NonInterleavingNotificationIDsBaseCase):
    """Two batches at once get positions one after the other."""
