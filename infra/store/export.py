"""Moving a whole log from store to store as JSON Lines: positions, times and stored bytes are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from domain.calendar.work_calendar import shipped
from domain.kernel.unreadable import Unreadable
from infra.crypto import key_export
from infra.crypto.key_export import Cover, Taking
from infra.db.errors import RecordedTooEarly, StoreFault, problem_of
from infra.errors.problem import Problem
from infra.event_store.constraints import Deriver
from infra.event_store.event_store import EventStore
from infra.event_store.migrations import market
from infra.event_store.reader import EventReader
from infra.event_store.stored_event import AppendBatch, Claim, Conflict, NewEvent, Record
from projections.engine import json as json_codec

FORM: Final = 1
DATA: Final = b',"data":'
BATCH: Final = 1_000
NULLABLE: Final = ("key", "correlation", "causation", "reason")
NUMBERS: Final = ("version", "schema", "migrated")


class Header(NamedTuple):
    """What an export's first line says: the settings of its store, and how many events and data keys follow."""

    settings: dict[str, str]
    events: int
    keys: int = 0


def header(settings: Mapping[str, str], events: int, keys: int = 0) -> bytes:
    """Return the first line of an export: what it is, the store's settings, and how many events and keys follow."""
    kept = {name: settings[name] for name in ("zone", "fiscal_month", "currency")} | {"calendar": market(settings)}
    said = {"salestrail": FORM, "settings": kept, "events": events}
    return json_codec.dumps({**said, "keys": keys} if keys else said) + b"\n"


def line(record: Record) -> bytes:
    """Return an event as a line; its data stands last, byte for byte as it is stored."""
    envelope = {name: value for name, value in record._asdict().items() if name != "data" and value is not None}
    return json_codec.dumps(envelope)[:-1] + DATA + record.data + b"}\n"


def lines(reader: EventReader, settings: Mapping[str, str], cover: Cover | None = None) -> Iterator[bytes]:
    """Yield the export of a whole log: its events, in flat memory, and its data keys as `cover` covers them, if at all.

    What is sealed in the events is left as it is; without its key nobody reads it.
    """
    head, _ = reader.head()
    count, keys = key_export.lines(reader.ring, cover) if cover else (0, iter(()))
    yield header(settings, head, count)
    after = 0
    while after < head and (records := reader.read(after, 5_000)):
        for record in records:
            yield line(record)
        after = records[-1].position
    yield from keys


def header_of(first: bytes) -> Header:
    """Read an export's first line. Raises Problem."""
    try:
        said = json.loads(first)
        if said["salestrail"] != FORM:
            raise Unreadable("form {form}, and this program knows {known}", form=said["salestrail"], known=FORM)
        given = said["settings"]
        settings = {name: str(given[name]) for name in ("zone", "fiscal_month", "currency")}
        settings["calendar"] = market(given)
        shipped(settings["calendar"])
        ZoneInfo(settings["zone"])
        if not 1 <= int(settings["fiscal_month"]) <= 12:
            raise Unreadable("no such fiscal month")
        return Header(settings, int(said["events"]), int(said.get("keys", 0)))
    except (ValueError, LookupError, TypeError, AttributeError, OSError) as wrong:
        raise Problem("migration.bad_export", line=1, **_why(wrong)) from None


def _why(wrong: Exception) -> dict[str, Any]:
    if type(wrong) is KeyError:
        wrong = Unreadable("{name} is missing", name=wrong.args[0])
    return wrong.told if isinstance(wrong, Unreadable) else {"why": str(wrong) or type(wrong).__name__}


def fresh(raw: bytes, number: int) -> NewEvent:
    """Read an exported event. Raises Problem."""
    at = raw.find(DATA)
    end = raw.rstrip()
    try:
        if at < 0 or not end.endswith(b"}"):
            raise Unreadable("its data is missing")
        envelope: dict[str, Any] = json.loads(raw[:at] + b"}")
        position = envelope.pop("position")
        if position != number - 1:
            raise Unreadable("position {position} where {next} follows", position=position, next=number - 1)
        data = end[at + len(DATA) : -1]
        json.loads(data)
        read = NewEvent(**{**dict.fromkeys(NULLABLE), **envelope}, data=data)
        _check(read)
        return read
    except (ValueError, LookupError, TypeError) as wrong:
        raise Problem("migration.bad_export", line=number, **_why(wrong)) from None


def _check(read: NewEvent) -> None:
    """Raise ValueError for a member of another type than the log keeps there."""
    for name, value in zip(NewEvent._fields[:-1], read, strict=False):
        kind = int if name in NUMBERS else str
        if type(value) is not kind and not (value is None and name in NULLABLE):
            raise Unreadable("{name} can't be {value}", name=name, value=repr(value))
    if read.correlation:
        bytes.fromhex(read.correlation)


def take(log: EventStore, exported: Iterable[bytes], events: int, keys: Taking | None = None) -> Iterator[int]:
    """Fill an empty log with the `events` of an export (its lines after the header); yields how many are in so far.

    Lines of data keys go to `keys`, or are passed over.

    Raises Problem; a broken import leaves the events before the batch of the broken line, and is begun anew in
    another store.
    """
    deriver = Deriver()
    done = 0
    read = (fresh(raw, number) for number, raw in _events(exported, keys))
    for some in _whole_requests(read):
        batch = _batch(some, deriver, done + 2)
        try:
            log.append(batch)
        except (Conflict, RecordedTooEarly, ValueError) as wrong:
            raise Problem("migration.bad_export", line=f"{done + 2}-{done + 1 + len(some)}", why=str(wrong)) from None
        except StoreFault as fault:
            raise problem_of(fault, log.db.where) from fault
        done += len(some)
        yield done
    if done != events:
        ended = Unreadable("the file ends after {count} of {whole} events", count=done, whole=events)
        raise Problem("migration.bad_export", line=done + 2, **ended.told)


def _events(exported: Iterable[bytes], keys: Taking | None) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of events with their numbers."""
    for number, raw in enumerate(exported, 2):
        if raw.startswith(key_export.SIGN):
            if keys:
                keys.take(raw, number)
        elif raw.strip():
            yield number, raw
    if keys:
        keys.settle()


def _batch(some: list[NewEvent], deriver: Deriver, line: int) -> AppendBatch:
    """Return the batch of records that stand from `line` on, with the constraint rows that they make."""
    claims: list[Claim] = []
    mentions: list[tuple[str, int]] = []
    ids: set[str] = set()
    for index, record in enumerate(some):
        if record.event_id in ids:
            twice = Unreadable("event {event} comes twice", event=record.event_id)
            raise Problem("migration.bad_export", line=line + index, **twice.told)
        ids.add(record.event_id)
        try:
            made, named = deriver.take(record)
        except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as wrong:
            why = f"{record.name}: {type(wrong).__name__}: {wrong}"
            raise Problem("migration.bad_export", line=line + index, why=why) from None
        claims += made
        mentions += ((subject, index) for subject in dict.fromkeys(named))
    return AppendBatch(
        records=some, now=some[-1].recorded or "", claims=claims, keys=_keys(some), mentions=mentions, expected={}
    )


def _whole_requests(records: Iterator[NewEvent]) -> Iterator[list[NewEvent]]:
    """Yield batches that do not cut through the events of one key."""
    batch: list[NewEvent] = []
    for record in records:
        if len(batch) >= BATCH and (record.key is None or record.key != batch[-1].key):
            yield batch
            batch = []
        batch.append(record)
    if batch:
        yield batch


def _keys(records: list[NewEvent]) -> list[tuple[str, bytes, int, int]]:
    """Return what each key of a batch recorded: its digest, first record and number of records."""
    found: dict[str, tuple[str, bytes, int, int]] = {}
    for index, record in enumerate(records):
        if record.key and record.correlation:
            known = found.get(record.key)
            found[record.key] = (
                (*known[:3], known[3] + 1) if known else (record.key, bytes.fromhex(record.correlation), index, 1)
            )
    return list(found.values())
