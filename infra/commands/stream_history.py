"""The histories of single subjects, for decisions that look back: what is recorded, then what the present batch adds."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from infra.commands.repository import UNREADABLE, Entry, Repository, entry
from infra.commands.unit_of_work import UnitOfWork
from infra.event_store.reader import EventReader
from infra.event_store.stored_event import Record


class StreamHistory:
    """Histories as one batch reads them, each from the log once."""

    def __init__(self, world: Repository, reader: EventReader) -> None:
        self.world, self.reader = world, reader
        self._recorded: dict[str, list[Entry]] = {}

    def read(self, streams: Iterable[str]) -> None:
        """Begin anew, and read at once the histories of subjects whose events are going to be corrected or voided."""
        wanted = list(dict.fromkeys(streams))
        found: dict[str, list[Record]] = {stream: [] for stream in wanted}
        for record in self.reader.streams(wanted) if wanted else ():
            found[record.stream].append(record)
        self._recorded = {}
        for stream, records in found.items():
            with suppress(*UNREADABLE):  # who asks for it is told what can't be read
                self._recorded[stream] = self._entries(records)

    def of(self, stream: str, gathered: UnitOfWork) -> list[Entry]:
        """Return the events of a subject, the gathered ones included."""
        recorded = self._recorded.get(stream)
        if recorded is None:
            begun = self.world.subject(stream).version > 0
            recorded = self._entries(self.reader.stream(stream)) if begun else []
            self._recorded[stream] = recorded
        return [*recorded, *gathered.entries(stream)]

    def _entries(self, records: Iterable[Record]) -> list[Entry]:
        return [entry(record, self.reader.ring) for record in records if record.name]
