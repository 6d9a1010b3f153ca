"""What comes of a request whose key is known: the same again is what was recorded, anything else a conflict."""

from __future__ import annotations

from domain.kernel.json_form import plain
from infra.commands.repository import entry
from infra.commands.request_digest import Content, Spelled
from infra.commands.unit_of_work import CommandResult, DecidedCommand
from infra.errors.problem import Problem
from infra.event_store import codec
from infra.event_store.reader import EventReader
from infra.event_store.stored_event import IdempotencyRecord
from projections.engine import json


def recorded(reader: EventReader, said: Content, earlier: IdempotencyRecord, digest: bytes) -> CommandResult:
    """Return what the key recorded earlier. Raises Problem, which shows both, where the request says something else."""
    if digest != earlier.digest:
        record = reader.record(earlier.position)  # None of what lies past one's sight
        told = reader.record(said.told.position) if said.told else None
        data = entry(record, reader.ring).data if record else {}
        occurred, actor = (record.occurred, record.actor) if record else (said.request.at or "", said.actor)
        if not said.says(earlier.digest, Spelled(occurred, actor, data, told.key if told else None)):
            raise _conflict(said, codec.readable(data), earlier.position)
    names = tuple(record.name for record in reader.read(earlier.position - 1, earlier.count))
    return CommandResult("repeated", earlier.stream, names, earlier.position)


def decided(said: Content, twin: DecidedCommand, digest: bytes) -> CommandResult:
    """Return what the key is going to record in the present batch. Raises Problem, as for what is recorded."""
    if twin.digest != digest:
        raw = codec.encode(twin.events[0])
        spelled = Spelled(twin.occurred, twin.request.actor or said.actor, json.loads(raw))
        if not said.says(twin.digest, spelled):
            raise _conflict(said, raw.decode(), None)
    return CommandResult("repeated", twin.subject, tuple(e.NAME for e in twin.events), None)


def _conflict(said: Content, recorded: str, position: int | None) -> Problem:
    given = json.dumps(plain(said.request.action(**said.values))).decode()
    problem = Problem("key.conflict", key=said.request.key, recorded=recorded, given=given, position=position or "-")
    return problem if position else problem.in_case("twin")
