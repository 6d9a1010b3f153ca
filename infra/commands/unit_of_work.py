"""What one transaction is going to write, gathered request by request, and how each request is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.kernel.event import Event
from infra.commands.repository import Entry, entry
from infra.commands.request import Request
from infra.errors.problem import Problem
from infra.event_store import ids
from infra.event_store.references import named_by
from infra.event_store.stored_event import AppendBatch, Claim, NewEvent, Record

if TYPE_CHECKING:
    from infra.crypto.keyring import Keyring


class CommandResult(NamedTuple):
    """What became of a request: its subject and the events, new or recorded before under its key."""

    status: str
    subject: str
    names: tuple[str, ...]
    position: int | None
    events: tuple[Event, ...] = ()


Answer = CommandResult | Problem


class DecidedCommand:
    """The events of one request, decided but not recorded; `first` is the index of the first among the gathered ones."""

    __slots__ = ("digest", "events", "first", "occurred", "request", "subject")

    def __init__(self, request: Request, subject: str, digest: bytes, first: int, occurred: str) -> None:
        self.request, self.subject, self.digest, self.first, self.occurred = request, subject, digest, first, occurred
        self.events: list[Event] = []


class DecidedBatch(NamedTuple):
    """What requests are answered if `batch`, the events of `drafts`, gets recorded."""

    answers: list[Answer]
    drafts: list[DecidedCommand]
    batch: AppendBatch


class UnitOfWork:
    """What one transaction will write.

    `first` is the position that its first record gets if nobody is faster, `last` the recorded time so far.
    """

    def __init__(self, ring: Keyring, first: int, last: str = "") -> None:
        self.ring, self.first, self.last = ring, first, last
        self.speaks_of_positions = False
        self.event_ids = ids.event_ids()
        self.records: list[NewEvent] = []
        self.expected: dict[str, int] = {}
        self.claims: list[Claim] = []
        self.keys: list[tuple[str, bytes, int, int]] = []
        self.mentions: list[tuple[str, int]] = []
        self._by_stream: dict[str, list[int]] = {}

    def add(self, fresh: NewEvent, made: Event, claims: Iterable[tuple[Any, int]]) -> None:
        stream, index = fresh.stream, len(self.records)
        self.records.append(fresh)
        if stream in self._by_stream:
            self._by_stream[stream].append(index)
        else:
            self.expected[stream] = fresh.version - 1
            self._by_stream[stream] = [index]
        if fresh.recorded:
            self.last = fresh.recorded
        for claim, n in claims:
            self.claims.append(Claim(claim.kind, claim.value, n, stream))
        for named in named_by(made):
            if named != stream:
                self.mentions.append((named, index))

    def entries(self, stream: str) -> list[Entry]:
        """Return the gathered events of a stream, at the positions that they will get."""
        return [self._entry(index) for index in self._by_stream.get(stream, ())]

    def naming(self, subject: str, prefix: str) -> list[str]:
        """Return the streams whose names begin with `prefix` and whose gathered events name `subject`."""
        named = (self.records[index].stream for other, index in self.mentions if other == subject)
        return [stream for stream in named if stream.startswith(prefix)]

    def entry_of(self, draft: DecidedCommand) -> Entry | None:
        """Return the first event of a request that was gathered."""
        return self._entry(draft.first) if draft.events else None

    def _entry(self, index: int) -> Entry:
        fresh = self.records[index]
        return entry(Record._make((self.first + index, *fresh._replace(recorded=fresh.recorded or ""))), self.ring)

    def batch(self, now: str, seen: Mapping[str, int]) -> AppendBatch:
        """Return the batch; `seen` are the versions of all that was read to decide."""
        return AppendBatch(
            records=self.records,
            expected={**seen, **self.expected},
            claims=self.claims,
            keys=self.keys,
            mentions=self.mentions,
            now=now,
            at=self.first if self.speaks_of_positions else None,
        )


def numbered(requests: Sequence[Request], answers: Sequence[Answer], first: int) -> list[Answer]:
    """Return the answers with the positions that the append gave, in order; a repeated one has its twin's."""
    position = first
    keyed: dict[str | None, int] = {}
    out: list[Answer] = []
    for request, answer in zip(requests, answers, strict=False):
        if isinstance(answer, Problem) or answer.position is not None:
            out.append(answer)
        elif answer.status == "recorded":
            keyed[request.key] = position
            out.append(CommandResult("recorded", answer.subject, answer.names, position, answer.events))
            position += len(answer.names)
        else:
            out.append(answer._replace(position=keyed[request.key]))
    return out
