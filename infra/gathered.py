"""What one transaction is going to write, gathered request by request, and how each request is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from domain.event import Event
from infra import ids
from infra.problem import Problem
from infra.record import Batch, Claim, Fresh, Record
from infra.request import Request
from infra.subjects import named_by
from infra.world import Entry, entry


class Recorded(NamedTuple):
    """What became of a request: its subject and the events, new or recorded before under its key."""

    status: str
    subject: str
    names: tuple[str, ...]
    position: int | None
    events: tuple[Event, ...] = ()


Answer = Recorded | Problem


class Draft:
    """The events of one request, decided but not recorded."""

    __slots__ = ("digest", "events", "request", "subject")

    def __init__(self, request: Request, subject: str, digest: bytes) -> None:
        self.request, self.subject, self.digest = request, subject, digest
        self.events: list[Event] = []


class Gathered:
    """What one transaction will write.

    `first` is the position that its first record gets if nobody is faster, `last` the recorded time so far.
    """

    def __init__(self, first: int, last: str = "") -> None:
        self.first, self.last = first, last
        self.speaks_of_positions = False
        self.event_ids = ids.event_ids()
        self.records: list[Fresh] = []
        self.expected: dict[str, int] = {}
        self.claims: list[Claim] = []
        self.keys: list[tuple[str, bytes, int, int]] = []
        self.mentions: list[tuple[str, int]] = []
        self._by_stream: dict[str, list[int]] = {}
        self._by_key: dict[str, int] = {}

    def add(self, fresh: Fresh, made: Event, claims: Iterable[tuple[Any, int]]) -> None:
        self.expected.setdefault(fresh.stream, fresh.version - 1)
        self.records.append(fresh)
        self.last = fresh.recorded or self.last
        for claim, n in claims:
            self.claims.append(Claim(claim.kind, claim.value, n, fresh.stream))
        index = len(self.records) - 1
        self._by_stream.setdefault(fresh.stream, []).append(index)
        if fresh.key:
            self._by_key.setdefault(fresh.key, index)
        for named in named_by(made):
            if named != fresh.stream:
                self.mentions.append((named, index))

    def entries(self, stream: str) -> list[Entry]:
        """Return the gathered events of a stream, at the positions that they will get."""
        return [self._entry(index) for index in self._by_stream.get(stream, ())]

    def of_key(self, key: str) -> Entry | None:
        """Return the first event that was gathered under a key."""
        index = self._by_key.get(key)
        return None if index is None else self._entry(index)

    def _entry(self, index: int) -> Entry:
        fresh = self.records[index]
        return entry(Record._make((self.first + index, *fresh._replace(recorded=fresh.recorded or ""))))

    def batch(self, now: str, seen: Mapping[str, int]) -> Batch:
        """Return the batch; `seen` are the versions of all that was read to decide."""
        return Batch(
            records=self.records,
            expected={**seen, **self.expected},
            claims=self.claims,
            keys=self.keys,
            mentions=self.mentions,
            now=now,
            at=self.first if self.speaks_of_positions else None,
        )


def content_digest(request: Request, subject: str, values: Mapping[str, Any]) -> bytes:
    """Return the digest of what a request says, which under one key must stay the same; without a key there is none."""
    if not request.key:
        return b""
    import hashlib  # loads OpenSSL: only where there are keys

    acting = "" if request.action.CREATES else subject
    said = (request.action.NAME, acting, request.actor, request.at, request.reason, *sorted(values.items()))
    return hashlib.blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=16).digest()


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
            out.append(answer._replace(position=position))
            position += len(answer.names)
        else:
            out.append(answer._replace(position=keyed[request.key]))
    return out
