"""How SQLite takes a batch: in one transaction that keeps every other writer out."""

from __future__ import annotations

from typing import Any, Final, Protocol

from infra.db.errors import RecordedTooEarly
from infra.event_store.stored_event import AppendBatch, AppendResult, Conflict, Record, only_read

INSERT: Final = f"INSERT INTO log VALUES ({','.join('?' * len(Record._fields))})"


class Cursor(Protocol):
    """What sqlite3's cursor and the library's wrapper of it have in common."""

    def execute(self, sql: str, params: Any = ..., /) -> Any: ...
    def executemany(self, sql: str, rows: Any, /) -> Any: ...
    def fetchone(self) -> Any: ...


def write(cursor: Cursor, batch: AppendBatch) -> AppendResult:
    """Write the batch in the transaction that is open, which began IMMEDIATE.

    Raises Conflict or RecordedTooEarly, and sqlite3's errors as they are.
    """
    cursor.execute("SELECT position, recorded FROM head")
    position, before = cursor.fetchone()
    if batch.at not in (None, position + 1):
        raise Conflict("version", f"position {batch.at}")
    for stream, version in only_read(batch).items():
        cursor.execute("SELECT max(version) FROM log WHERE stream = ?", (stream,))
        if (cursor.fetchone()[0] or 0) != version:
            raise Conflict("version", stream)
    first = position + 1
    times = recorded_times(batch, before)
    last = times[-1] if times else before
    cursor.executemany(
        INSERT,
        [
            (at, *record[:5], time, *record[6:])
            for at, (record, time) in enumerate(zip(batch.records, times, strict=True), first)
        ],
    )
    write_derived(cursor, batch, first)
    position += len(batch.records)
    cursor.execute("UPDATE head SET position = ?, recorded = ?", (position, last))
    return AppendResult(first, position, last)


def recorded_times(batch: AppendBatch, before: str) -> list[str]:
    """Return the time each record is recorded at: never earlier than the one before it, whatever the clock says."""
    times: list[str] = []
    now = max(batch.now, before)
    for record in batch.records:
        if record.recorded is None:
            times.append(now)
        elif record.recorded < before:
            raise RecordedTooEarly(recorded=record.recorded, last=before)
        else:
            before = record.recorded
            times.append(before)
    return times


def write_derived(cursor: Cursor, batch: AppendBatch, first: int) -> None:
    """Write what the batch claims, keys and mentions; `first` is its first position."""
    if batch.unclaim:
        cursor.executemany("DELETE FROM claims WHERE kind = ? AND value = ? AND n = ?", batch.unclaim)
    if batch.claims:
        cursor.executemany("INSERT INTO claims VALUES (?, ?, ?, ?)", batch.claims)
    if batch.keys:
        cursor.executemany(
            "INSERT INTO keys VALUES (?, ?, ?, ?, ?)",
            [
                (key, digest, first + index, batch.records[index].stream if count else "", count)
                for key, digest, index, count in batch.keys
            ],
        )
    if batch.mentions:
        cursor.executemany(
            "INSERT OR IGNORE INTO mentions VALUES (?, ?)",
            [(subject, first + index) for subject, index in batch.mentions],
        )


def conflict(cursor: Cursor, batch: AppendBatch) -> Conflict | None:
    """Say what of a refused batch was taken already, once its transaction is rolled back; None if nothing was."""
    for key, *_ in batch.keys:
        if _exists(cursor, "SELECT 1 FROM keys WHERE key = ?", (key,)):
            return Conflict("key", key)
    for claim in batch.claims:
        if _exists(cursor, "SELECT 1 FROM claims WHERE kind = ? AND value = ? AND n = ?", claim[:3]):
            return Conflict("claim", f"{claim.kind} {claim.value}")
    for record in batch.records:
        if _exists(cursor, "SELECT 1 FROM log WHERE event_id = ?", (record.event_id,)):
            return Conflict("key", record.event_id)
        if _exists(cursor, "SELECT 1 FROM log WHERE stream = ? AND version = ?", record[:2]):
            return Conflict("version", record.stream)
    return None


def _exists(cursor: Cursor, sql: str, params: tuple[Any, ...]) -> bool:
    cursor.execute(sql, params)
    return cursor.fetchone() is not None
