"""The log as it will be: what is recorded, and after it the batch that is on its way there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from infra.access import session_role
from infra.event_store.reader import EventReader
from infra.event_store.stored_event import AppendBatch, AppendResult, IdempotencyRecord, Record


class PendingAppend:
    """A batch on its way into the log, as it will lie there if nobody is faster."""

    def __init__(self, batch: AppendBatch, at: AppendResult) -> None:
        self.batch, self.at = batch, at

    def record(self, position: int) -> Record | None:
        """Return the record that gets `position`."""
        index = position - self.at.first
        return self._record(index) if index < len(self.batch.records) else None

    def stream(self, stream: str) -> list[Record]:
        """Return what the batch adds to `stream`."""
        return [self._record(index) for index in self._indexes.get(stream, ())]

    def naming(self, subject: str, prefix: str) -> list[str]:
        """Return the streams whose names begin with `prefix` and whose new events name `subject`."""
        named = [self.batch.records[index].stream for other, index in self.batch.mentions if other == subject]
        return [stream for stream in named if stream.startswith(prefix)]

    def keyed(self, keys: Sequence[str]) -> dict[str, IdempotencyRecord]:
        """Return what those of the keys that are the batch's are going to have recorded."""
        first, records, mine = self.at.first, self.batch.records, self._keys
        return {
            key: IdempotencyRecord(key, digest, first + index, records[index].stream if count else "", count)
            for key, digest, index, count in (mine[key] for key in keys if key in mine)
        }

    @cached_property
    def holders(self) -> dict[tuple[str, str], list[str]]:
        """Who claims a value in the batch, by the value's kind and itself."""
        found: dict[tuple[str, str], list[str]] = {}
        for kind, value, _n, stream in self.batch.claims:
            found.setdefault((kind, value), []).append(stream)
        return found

    @cached_property
    def _keys(self) -> dict[str, tuple[str, bytes, int, int]]:
        return {keyed[0]: keyed for keyed in self.batch.keys}

    @cached_property
    def _indexes(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for index, fresh in enumerate(self.batch.records):
            found.setdefault(fresh.stream, []).append(index)
        return found

    def _record(self, index: int) -> Record:
        fresh = self.batch.records[index]
        return Record._make((self.at.first + index, *fresh._replace(recorded=fresh.recorded or self.at.recorded)))


class PendingReader(EventReader):
    """Answers what decisions ask of the log as if the batch that is on its way were recorded where it is expected.

    Whether that batch is there yet at the moment of a question makes no difference to the answer.
    """

    coming: PendingAppend | None = None

    @cached_property
    def narrow(self) -> bool:  # type: ignore[override]  # asked when it is needed: a lost connection is made anew by then
        return session_role.decides_narrowly(self.db)

    def head(self) -> tuple[int, str]:
        return self.coming.at[1:] if self.coming else super().head()

    def read(self, after: int, limit: int) -> list[Record]:
        found = self._before(super().read(after, limit))
        if self.coming:
            first = max(after + 1, self.coming.at.first)
            more = map(self.coming.record, range(first, min(after + limit, self.coming.at.last) + 1))
            found += [record for record in more if record]
        return found

    def stream(self, stream: str, after_version: int = 0) -> list[Record]:
        found = self._before(super().stream(stream, after_version))
        if self.coming:
            found += [record for record in self.coming.stream(stream) if record.version > after_version]
        return found

    def streams(self, streams: Sequence[str]) -> list[Record]:
        found = self._before(super().streams(streams))
        if self.coming:
            found += sorted(record for stream in dict.fromkeys(streams) for record in self.coming.stream(stream))
        return found

    def streams_like(self, prefix: str) -> list[str]:
        found = super().streams_like(prefix)
        if self.coming:
            written = (fresh.stream for fresh in self.coming.batch.records)
            found = sorted({*found, *(stream for stream in written if stream.startswith(prefix))})
        return found

    def streams_naming(self, subject: str, prefix: str) -> list[str]:
        found = super().streams_naming(subject, prefix)
        return list(dict.fromkeys([*found, *self.coming.naming(subject, prefix)])) if self.coming else found

    def record(self, position: int) -> Record | None:
        if self.coming and position >= self.coming.at.first:
            return self.coming.record(position)
        return super().record(position)

    def keyed(self, keys: Sequence[str]) -> dict[str, IdempotencyRecord]:
        found = super().keyed(keys)
        if self.coming:
            found.update(self.coming.keyed(keys))
        return found

    def holders(self, kind: str, values: Sequence[str]) -> dict[str, list[str]]:
        found = super().holders(kind, values)
        coming = self.coming.holders if self.coming else {}
        for value in values:
            if (kind, value) in coming:
                found[value] = list(dict.fromkeys([*found.get(value, ()), *coming[kind, value]]))
        return found

    def _before(self, records: list[Record]) -> list[Record]:
        """Leave out what is there from the batch that is on its way, or stands in its place."""
        if self.coming is None:
            return records
        first = self.coming.at.first
        return [record for record in records if record.position < first]
