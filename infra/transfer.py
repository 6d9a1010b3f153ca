"""Moving a whole log from store to store as JSON Lines: positions, times and stored bytes are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from infra import wire
from infra.derived import Deriver
from infra.faults import problem_of
from infra.log import Log
from infra.problem import Problem
from infra.reading import LogReader
from infra.record import Batch, Claim, Fresh, Record, StoreFault

FORM: Final = 1
DATA: Final = b',"data":'
BATCH: Final = 1_000


def header(settings: Mapping[str, str], events: int) -> bytes:
    """Return the first line of an export: what it is, the store's settings, and how many events follow."""
    kept = {name: settings[name] for name in ("zone", "fiscal_month", "currency")}
    return wire.dumps({"salestrail": FORM, "settings": kept, "events": events}) + b"\n"


def line(record: Record) -> bytes:
    """Return an event as a line; its data stands last, byte for byte as it is stored."""
    envelope = {name: value for name, value in record._asdict().items() if name != "data" and value is not None}
    return wire.dumps(envelope)[:-1] + DATA + record.data + b"}\n"


def lines(reader: LogReader, settings: Mapping[str, str]) -> Iterator[bytes]:
    """Yield the export of a whole log, in flat memory."""
    head, _ = reader.head()
    yield header(settings, head)
    after = 0
    while after < head and (records := reader.read(after, 5_000)):
        for record in records:
            yield line(record)
        after = records[-1].position


def settings_of(first: bytes) -> dict[str, str]:
    """Return the settings that an export's first line gives. Raises Problem."""
    try:
        said = json.loads(first)
        if said["salestrail"] != FORM:
            raise ValueError(f"form {said['salestrail']}, and this program knows {FORM}")
        return {str(name): str(value) for name, value in said["settings"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise Problem("migration.bad_export", line=1, why=str(wrong) or "no header") from None


def fresh(raw: bytes, number: int) -> Fresh:
    """Read an exported event. Raises Problem."""
    at = raw.find(DATA)
    end = raw.rstrip()
    try:
        if at < 0 or not end.endswith(b"}"):
            raise ValueError("its data is missing")
        envelope: dict[str, Any] = json.loads(raw[:at] + b"}")
        position = envelope.pop("position")
        if position != number - 1:
            raise ValueError(f"position {position} where {number - 1} follows")
        data = end[at + len(DATA) : -1]
        json.loads(data)
        blank = dict.fromkeys(("key", "correlation", "causation", "reason"))
        return Fresh(**{**blank, **envelope}, data=data)
    except (ValueError, KeyError, TypeError) as wrong:
        raise Problem("migration.bad_export", line=number, why=str(wrong)) from None


def take(log: Log, exported: Iterable[bytes]) -> Iterator[int]:
    """Fill an empty log with the events of an export (its lines after the header); yields how many are in so far.

    Raises Problem; a broken import leaves the events before the batch of the broken line, and is begun anew in
    another store.
    """
    deriver = Deriver()
    numbered = enumerate(exported, 2)
    done = 0
    for some in _whole_requests(fresh(raw, number) for number, raw in numbered if raw.strip()):
        claims: list[Claim] = []
        mentions: list[tuple[str, int]] = []
        for index, record in enumerate(some):
            made, named = deriver.take(record)
            claims += made
            mentions += ((subject, index) for subject in dict.fromkeys(named))
        batch = Batch(
            records=some, now=some[-1].recorded or "", claims=claims, keys=_keys(some), mentions=mentions, expected={}
        )
        try:
            log.append(batch)
        except StoreFault as fault:
            raise problem_of(fault, log.db.where) from fault
        done += len(some)
        yield done


def _whole_requests(records: Iterator[Fresh]) -> Iterator[list[Fresh]]:
    """Yield batches that do not cut through the events of one key."""
    batch: list[Fresh] = []
    for record in records:
        if len(batch) >= BATCH and (record.key is None or record.key != batch[-1].key):
            yield batch
            batch = []
        batch.append(record)
    if batch:
        yield batch


def _keys(records: list[Fresh]) -> list[tuple[str, bytes, int, int]]:
    """Return what each key of a batch recorded: its digest, first record and number of records."""
    found: dict[str, tuple[str, bytes, int, int]] = {}
    for index, record in enumerate(records):
        if record.key and record.correlation:
            known = found.get(record.key)
            found[record.key] = (
                (*known[:3], known[3] + 1) if known else (record.key, bytes.fromhex(record.correlation), index, 1)
            )
    return list(found.values())
