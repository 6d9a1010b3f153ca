"""Undoing the last act of a person, or the one that is named: which events it is, and the requests that undo it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.correction.undo import LED, undoing
from domain.kernel.refusal import Refused
from infra.commands.repository import Entry, entry
from infra.commands.request import Request, request
from infra.errors.problem import Problem
from infra.event_store import codec
from infra.event_store.reader import SELECT, EventReader
from infra.event_store.stored_event import Record
from projections.engine.sealed import ERASED, SEALED, Sealed

if TYPE_CHECKING:
    from infra.commands.handler import CommandHandler
    from infra.read_models.source import Source

MARK: Final = "undo#"
"""What the keys of undoing requests begin with; the position of the undone event follows."""
PAGE: Final = 50


class Undo(NamedTuple):
    """The events that are undone, oldest first, and the requests that do it."""

    events: list[Entry]
    requests: list[Request]


def prepared(store: Source, ledger: CommandHandler, named: str | None, reason: str | None) -> Undo:
    """Return what undoes the last act of the ledger's actor, or what `named` names: an event or a subject's last act.

    Raises Problem where there is nothing to undo, or where it can't be undone.
    """
    act = _named(store, ledger, named) if named else _last(ledger, _by(store.reader, "actor", ledger.actor))
    if not act:
        raise Problem("undo.nothing", who=named or ledger.actor)
    events = [entry(record, ledger.reader.ring) for record in act]
    steps = undoing(events, ledger.history)
    if isinstance(steps, Refused):
        raise Problem.of(steps)
    lines = [
        {
            "action": step.action,
            "subject": step.subject,
            "data": in_words(step.data),
            "key": f"{MARK}{told.position}",
            "reason": reason or f"undo {told.position}",
        }
        for told, step in steps
    ]
    return Undo(events, [request(line) for line in lines])


def in_words(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a step with what is sealed in them opened: a request says words. Raises Problem."""
    words: dict[str, Any] = codec.opened(data)
    for before, after in _texts(data, words):
        if type(before) is Sealed and after in (ERASED, SEALED):
            raise Problem.of(Refused("undo.erasure")) if after == ERASED else Problem("personal.closed")
    return words


def _texts(sealed: Any, opened: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the values of two forms of the same data, pair by pair."""
    if isinstance(opened, dict):
        for name in opened:
            yield from _texts(sealed[name], opened[name])
    elif isinstance(opened, list):
        for one, other in zip(sealed, opened, strict=True):
            yield from _texts(one, other)
    else:
        yield sealed, opened


def _named(store: Source, ledger: CommandHandler, named: str) -> list[Record]:
    """Return the act of the event that is named by position, id or key, else a subject's last one. Raises Problem."""
    reader = store.reader
    if named.isascii() and named.isdecimal() and len(named) < 19:
        record = reader.record(int(named))
        if record is None:
            raise Problem("event.unknown", event=named)
        return act_of(reader, record)
    keyed = reader.keyed([named]).get(named)
    record = reader.record(keyed.position) if keyed else reader.by_event_id(named)
    if record is not None:
        return act_of(reader, record)
    return _last(ledger, _by(reader, "stream", store.subject(named)))


def _by(reader: EventReader, column: str, value: str) -> Iterator[Record]:
    """Yield the records of an actor or of a stream, the last first."""
    before, order = 1 << 62, "version" if column == "stream" else "position"
    while True:
        sql = f"{SELECT} WHERE {column} = ? AND position < ? ORDER BY {order} DESC LIMIT {PAGE}"
        page = [Record._make(row) for row in reader.db.all(sql, (value, before))]
        yield from page
        if len(page) < PAGE:
            return
        before = page[-1].position


def _last(ledger: CommandHandler, records: Iterator[Record]) -> list[Record]:
    """Return the last act among `records` that neither undoes another nor is undone itself."""
    for record in records:
        if not (record.key or "").startswith(MARK) and not _undone(ledger, record):
            return act_of(ledger.reader, record)
    return []


def _undone(ledger: CommandHandler, record: Record) -> bool:
    """Say whether an event was undone, or withdrawn by hand."""
    act = act_of(ledger.reader, record)
    marks = [f"{MARK}{each.position}" for each in act]
    if ledger.reader.keyed(marks):
        return True
    return any(
        later.name == "event.voided" and later.data["at"] == record.position for later in ledger.history(record.stream)
    )


def act_of(reader: EventReader, record: Record) -> list[Record]:
    """Return the events that were recorded by one action together with `record`.

    A key tells them; without one it is what one command recorded at once. Of a file's lines without keys nobody knows
    where one ends, so each of their events is an act of its own, but for those that only come with another.
    """
    if record.key:
        keyed = reader.keyed([record.key]).get(record.key)
        return reader.read(keyed.position - 1, keyed.count) if keyed else [record]
    if record.source != "cli":
        return _with_what_it_led_to(reader, record)
    rows = reader.db.all(
        f"{SELECT} WHERE recorded = ? AND actor = ? AND source = 'cli' AND key IS NULL ORDER BY position",
        (record.recorded, record.actor),
    )
    return _run([Record._make(row) for row in rows], record)


def _with_what_it_led_to(reader: EventReader, record: Record) -> list[Record]:
    """Return an event of a file's line with those that come with it, such as both sides of a merge."""
    leader = record
    if record.name in LED:
        before = reader.read(max(record.position - 1 - PAGE, 0), min(PAGE, record.position - 1))
        led = [each for each in before if each.name == LED[record.name] and each.recorded == record.recorded]
        leader = led[-1] if led else record
    act = [leader]
    for each in reader.read(leader.position, PAGE):
        if LED.get(each.name) != leader.name or each.recorded != leader.recorded:
            break
        act.append(each)
    return act


def _run(records: Sequence[Record], among: Record) -> list[Record]:
    """Return the stretch of following positions in which `among` lies."""
    run: list[Record] = []
    for record in records:
        if run and record.position != run[-1].position + 1:
            if run[-1].position >= among.position:
                break
            run = []
        run.append(record)
    return run
