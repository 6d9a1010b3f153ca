"""What comes of a request whose key is known: the same again is what was recorded, anything else a conflict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.form import plain
from infra import codec, wire
from infra.gathered import Draft, Recorded, content_digest
from infra.problem import Problem
from infra.reading import LogReader
from infra.record import Keyed
from infra.request import Request
from infra.world import entry


def recorded(reader: LogReader, request: Request, earlier: Keyed, digest: bytes, values: Mapping[str, Any]) -> Recorded:
    """Return what the key recorded earlier. Raises Problem, which shows both, where the request says something else."""
    # Before digests had a secret they were recorded without one.
    if digest != earlier.digest != content_digest(request, earlier.stream, values):
        record = reader.record(earlier.position)
        said = codec.readable(entry(record, reader.ring).data) if record else "{}"
        raise _conflict(request, said, earlier.position, values)
    names = tuple(record.name for record in reader.read(earlier.position - 1, earlier.count))
    return Recorded("repeated", earlier.stream, names, earlier.position)


def decided(request: Request, twin: Draft, digest: bytes, values: Mapping[str, Any]) -> Recorded:
    """Return what the key is going to record in the present batch. Raises Problem, as for what is recorded."""
    if twin.digest != digest:
        raise _conflict(request, codec.encode(twin.events[0]).decode(), None, values)
    return Recorded("repeated", twin.subject, tuple(e.NAME for e in twin.events), None)


def _conflict(request: Request, recorded: str, position: int | None, values: Mapping[str, Any]) -> Problem:
    given = wire.dumps(plain(request.action(**values))).decode()
    return Problem("key.conflict", key=request.key, recorded=recorded, given=given, position=position or "-")
