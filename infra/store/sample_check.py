"""A look at some events of chance: are the rows that they brought in the tables as the log gives them?

A fold brings the rows of an event whatever it is folded with, so that one event and its subject's history tell them.
What is closed later is told by later events, and so is not compared here; nor are tables whose fold looks at themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from infra.db.database import Database
from infra.db.errors import StoreFault
from infra.errors.problem import Problem
from infra.event_store.constraints import claimed, told
from infra.event_store.reader import EventReader
from infra.event_store.references import named_by
from infra.event_store.stored_event import Record
from infra.read_models import tables
from infra.read_models.decoder import one
from infra.read_models.tables import ReadModelCheckpoint
from infra.store.row_comparison import CONSTRAINTS, clipped
from projections.engine.projection import ChangeSet, Looking, Projection, Seen, Table
from projections.engine.sealed import ERASED, SEALED
from projections.read_models.registry import HOMES, SHOWING, VERSIONS

COUNT: Final = 12


def sampled(db: Database, zone: ZoneInfo, chance: Random, count: int = COUNT) -> Iterator[Problem]:
    """Yield what is wrong with the rows that some events brought; for `count` events, in one state of the store."""
    log = EventReader(db)
    with db.snapshot():
        head, _ = log.head()
        standing = tables.standings(db)
        for position in sorted(chance.sample(range(1, head + 1), min(count, head))):
            record = log.record(position)
            if record is not None:
                yield from _constraints(db, record)
                yield from _tables(log, record, zone, standing)


def _constraints(db: Database, record: Record) -> Iterator[Problem]:
    happened = told(record)
    for claim in claimed(happened):
        at = (claim.kind, claim.value, record.stream)
        if not db.one("SELECT 1 FROM claims WHERE kind = ? AND value = ? AND stream = ?", at):
            yield _lacking("claims", f"{claim.kind} {claim.value}", CONSTRAINTS)
    for named in named_by(happened) if happened is not None else ():
        at_ = (named, record.position)
        if named != record.stream and not db.one("SELECT 1 FROM mentions WHERE subject = ? AND position = ?", at_):
            yield _lacking("mentions", f"{named} {record.position}", CONSTRAINTS)
    if record.key and record.correlation:
        row = db.one("SELECT digest, stream FROM keys WHERE key = ?", (record.key,))
        if row is None or bytes(row[0]).hex() != record.correlation:
            yield _lacking("keys", record.key, CONSTRAINTS)


def _tables(
    log: EventReader, record: Record, zone: ZoneInfo, standing: Mapping[str, ReadModelCheckpoint]
) -> Iterator[Problem]:
    histories: dict[tuple[str, int], list[Seen]] = {}  # several folds ask for the same

    def load(subject: str, upto: int) -> list[Seen]:
        if (subject, upto) not in histories:
            histories[subject, upto] = [one(each, zone, log.ring) for each in log.about(subject, upto)]
        return histories[subject, upto]

    try:
        seen = one(record, zone, log.ring)
    except Exception:  # noqa: BLE001 - an event that can't be read is told where the tables are looked at
        return
    for name, at in standing.items():
        if VERSIONS.get(name) == at.version and record.position <= at.position:
            fold: Projection = import_module(HOMES[name]).make(load, zone)
            if not isinstance(fold, Looking):
                yield from _brought(log.db, fold, at, seen)


def _brought(db: Database, fold: Projection, at: ReadModelCheckpoint, seen: Seen) -> Iterator[Problem]:
    writes = ChangeSet()
    try:
        fold.fold([seen], writes)
    except Exception:  # noqa: BLE001 - an event that stops a fold is told where the tables are looked at
        return
    for table in fold.tables:
        for row in (*writes.added.get(table.name, {}).values(), *writes.plain.get(table.name, ())):
            yield from _held(db, table, at, row)


def _held(db: Database, table: Table, at: ReadModelCheckpoint, row: Iterable[Any]) -> Iterator[Problem]:
    """See that a row is there, and says the same."""
    wanted = dict(zip([column for column, _ in table.columns], row, strict=True))
    columns = [c for c in wanted if c not in table.key and c not in table.once and c != "known_to"]
    shown = ", ".join(columns or table.key)
    place = " AND ".join(f"{column} = ?" for column in table.key)
    sql = f"SELECT {shown} FROM {tables.real_name(table.name, at.generation)} WHERE {place}"
    mend = f"sales rebuild {at.name}"
    value = ", ".join(f"{column} {clipped(wanted[column])}" for column in table.key)
    try:
        found = db.one(sql, [wanted[column] for column in table.key])
    except StoreFault as wrong:
        yield Problem("proof.no_table", projection=at.name, why=str(wrong.facts.get("why", wrong)))
        return
    if found is None:
        yield _lacking(table.name, value, mend)
        return
    for column, there in zip(columns, found, strict=False):
        if there != wanted[column] and not _hidden(there, wanted[column]):
            secret = at.name in SHOWING
            told_ = ("…", "…") if secret else (clipped(there), clipped(wanted[column]))
            facts = {"table": table.name, "value": value, "columns": column, "found": told_[0], "wanted": told_[1]}
            yield Problem("proof.differs", **facts, mend=mend)


def _hidden(*values: Any) -> bool:
    """Say whether a value can't be compared: its key is not here, or was destroyed since."""
    return any(isinstance(value, str) and (SEALED in value or ERASED in value) for value in values)


def _lacking(table: str, value: str, mend: str) -> Problem:
    return Problem("proof.lacking", table=table, value=value, mend=mend)
