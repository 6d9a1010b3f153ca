"""What the log stores and what an append brings: plain rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple


class Record(NamedTuple):
    """One row of the log, exactly the stored values.

    `occurred` is an ISO date or an ISO time with offset, as it was given. `recorded` is UTC in the fixed form
    'YYYY-MM-DDTHH:MM:SS.ffffffZ', so that the order of the texts is the order of the times. `migrated` is 1 where
    `recorded` was given rather than taken from the clock.
    """

    position: int
    stream: str
    version: int
    name: str
    schema: int
    occurred: str
    recorded: str
    actor: str
    recorder: str
    source: str
    key: str | None
    event_id: str
    correlation: str | None
    causation: str | None
    reason: str | None
    migrated: int
    data: bytes


class NewEvent(NamedTuple):
    """A row to be appended: no position yet, and `recorded` only where it is given (all rows of a batch, or none)."""

    stream: str
    version: int
    name: str
    schema: int
    occurred: str
    recorded: str | None
    actor: str
    recorder: str
    source: str
    key: str | None
    event_id: str
    correlation: str | None
    causation: str | None
    reason: str | None
    migrated: int
    data: bytes


class Claim(NamedTuple):
    """`stream` holds `value`.

    A unique kind always has n = 0; otherwise n follows the last n seen, so that two who claim at once conflict.
    """

    kind: str
    value: str
    n: int
    stream: str


class IdempotencyRecord(NamedTuple):
    """What a key recorded: its first event's position and stream, and how many events in all."""

    key: str
    digest: bytes
    position: int
    stream: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody wants of this


class AppendBatch(NamedTuple):
    """All that one append writes, or nothing of it.

    `expected` holds every stream that was read to decide, written or not, with the version seen (0: no event).
    `keys` are (key, digest, index of its first record, number of records); `mentions` are (subject, index of the
    record); `unclaim` are (kind, value, n), given back before `claims` are taken. `at` is the position that the first
    record must get, where a record speaks of another's position. `now` has the form of `recorded`.
    """

    records: Sequence[NewEvent]
    now: str
    expected: Mapping[str, int] = {}
    claims: Sequence[Claim] = ()
    keys: Sequence[tuple[str, bytes, int, int]] = ()
    mentions: Sequence[tuple[str, int]] = ()
    unclaim: Sequence[tuple[str, str, int]] = ()
    at: int | None = None


def only_read(batch: AppendBatch) -> dict[str, int]:
    """Return the expected versions that no record of the batch guards by its own place in its stream."""
    written = {record.stream for record in batch.records}
    return {stream: version for stream, version in batch.expected.items() if stream not in written}


class AppendResult(NamedTuple):
    """Where a batch lies: its first and last position, and the time recorded with its last record."""

    first: int
    last: int
    recorded: str


class Conflict(Exception):
    """Somebody else wrote in between: nothing was recorded; reload and decide again."""

    def __init__(self, what: Literal["version", "claim", "key"], detail: str) -> None:
        super().__init__(f"{what}: {detail}")
        self.what = what
        self.detail = detail
