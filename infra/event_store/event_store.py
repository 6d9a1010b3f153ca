"""The log of one store: one way to append to it, whatever keeps it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from infra.db.database import must_last
from infra.event_store.reader import EventReader
from infra.event_store.stored_event import AppendBatch, AppendResult, Claim, IdempotencyRecord


class EventStore(EventReader, ABC):
    """A log that takes appends, for one thread; but see `apart`."""

    @abstractmethod
    def append(self, batch: AppendBatch) -> AppendResult:
        """Record the whole batch at the next positions, or nothing of it.

        Raises Conflict if an expected version, a claim or a key was taken meanwhile; StoreUncertain if the answer was
        lost (then look its keys or event ids up); ValueError if the batch contradicts itself; else StoreFault.
        """

    def apart(self) -> bool:
        """Say whether `append` may now run in a thread of its own while this one reads; SQLite's may not."""
        return False

    def rebuild_derived(
        self, claims: Iterable[Claim], keys: Iterable[IdempotencyRecord], mentions: Iterable[tuple[str, int]]
    ) -> None:
        """Replace all claims, keys and mentions. What is given may read this log: nobody appends meanwhile."""
        must_last(self.db)
        with self.db.transaction():
            if self.db.dialect == "postgres":
                self.db.run("SELECT position FROM head FOR UPDATE")
            for table in ("claims", "keys", "mentions"):
                self.db.run(f"DELETE FROM {table}")
            last = "SELECT coalesce((SELECT recorded FROM log ORDER BY position DESC LIMIT 1), '')"
            self.db.run(f"UPDATE head SET recorded = ({last})")
            self.db.insert("claims", Claim._fields, claims)
            self.db.insert("keys", IdempotencyRecord._fields, keys)
            self.db.insert("mentions", ("subject", "position"), mentions)


def check_batch(batch: AppendBatch) -> None:
    """Raise ValueError if the batch leaves out a version of a stream it expects, or gives only some recorded times."""
    following = dict(batch.expected)
    given = 0
    for record in batch.records:
        given += record.recorded is not None
        if record.stream in following:
            following[record.stream] += 1
            if record.version != following[record.stream]:
                raise ValueError(f"{record.stream}: {record.version} does not follow its last version")
    if given not in (0, len(batch.records)):
        raise ValueError("recorded times are given for all records of a batch, or for none")
