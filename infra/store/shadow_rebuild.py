"""What the log gives, made beside the store: its rows, constraints and tables in a database of their own, up to a position.

Nothing of the store is written, so that a store that can only be read is folded like any other, and nothing of the
store's derived state is believed: histories are read by mentions made here.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from infra.commands.repository import Repository
from infra.crypto.keyrings import stand_in
from infra.db.errors import StoreFault, StoreRefused
from infra.db.sqlite_temporary import TemporaryDatabase
from infra.errors.problem import Problem
from infra.event_store.constraints import Constraints, Twice
from infra.event_store.migrations import read_settings
from infra.event_store.reader import EventReader
from infra.event_store.sqlite_schema import TABLES
from infra.event_store.stored_event import Claim, IdempotencyRecord, Record
from infra.read_models import tables
from infra.read_models.projector import MANY, Erased, Projector
from infra.store import derived_tables
from projections.engine.projection import Projection, Seen
from projections.engine.sealed import SEALED
from projections.read_models.registry import VERSIONS

if TYPE_CHECKING:
    from infra.crypto.keyring import Keyring
    from infra.db.database import Database
    from infra.event_store.event_store import EventStore
    from infra.read_models.connection import ReadConnection

BATCH: Final = 5_000
Told = Callable[[int, int], None]


class Opening:
    """Opens what is sealed as the store's keys allow, and notes where they don't: whoever checks need not have them."""

    def __init__(self, ring: Keyring) -> None:
        self._ring = ring
        self.closed = False

    def ask(self, id: str) -> None:
        self._ring.ask(id)

    def forget(self) -> None:
        self._ring.forget()

    def opened(self, sealed: str) -> str:
        try:
            held = self._ring.opened(sealed)
        except StoreFault:
            held = SEALED
        self.closed = self.closed or held == SEALED
        return held


class Copied(EventReader):
    """The log's copy, read up to the position at hand, with the keys of the store that it was copied from."""

    def __init__(self, db: Database, ring: Opening) -> None:
        super().__init__(db)
        self._opening = ring
        self._last: tuple[int, list[Record]] = (0, [])  # one projection after another reads the same
        self.upto = 0

    @property
    def ring(self) -> Keyring:
        return self._opening  # type: ignore[return-value]  # it only opens

    def head(self) -> tuple[int, str]:
        return self.upto, ""

    def read(self, after: int, limit: int) -> list[Record]:
        if self._last[0] != after or len(self._last[1]) != limit:
            self._last = after, super().read(after, limit)
        return self._last[1]


class Folding(Projector):
    """The projector of the copy: what an erasure asks for has been done, or is another's to do."""

    def __init__(self, log: EventReader, zone: ZoneInfo) -> None:
        super().__init__(log, zone)
        self._batch: tuple[Sequence[Record], list[Seen]] = ([], [])
        self._unswept = 0

    def _erased(self, records: Sequence[Record]) -> Erased | None:
        return None

    def _begin(self, records: Sequence[Record]) -> list[Seen]:
        """Return a batch as folds see it; the next projection finds that of the one before, and its histories."""
        if records is not self._batch[0]:
            self.unseen()  # before the next is seen, so that memory holds one
            self._batch = records, super()._begin(records)
        return self._batch[1]

    def step(self, name: str, told: Told) -> None:
        """Fold one projection as far as the copy is read, and forget what its fold kept at hand."""
        before = tables.position(self.db, name)
        self._caught_up(BATCH, told, {name: VERSIONS[name]})
        for _, _, fold in self._folds.values():
            fold.forget()
        self._folds.clear()
        self._sweep(tables.position(self.db, name) - before)

    def _sweep(self, folded: int) -> None:
        """Give back what folds have left in circles, once it is much: each time all that lives is looked through."""
        self._unswept += folded
        if self._unswept > MANY:
            self._unswept = 0
            gc.collect()

    def unseen(self) -> None:
        """Forget how the last batch was seen: keys were destroyed since."""
        self._batch = [], []
        self._histories.clear()

    def fold_of(self, name: str) -> Projection:
        """Return a projection's fold, for the tables that it fills."""
        return self._fold(name)

    def again(self, name: str) -> None:
        """Empty a projection's tables, to be folded from the beginning."""
        with self.db.transaction():
            tables.create(self.db, self._fold(name), 1)
            tables.note(self.db, tables.ReadModelCheckpoint(name, VERSIONS[name], 1, 0, None, None, None))
        self._folds.pop(name, None)


class Beside:
    """A store beside the one that `log` reads, filled from that log alone."""

    def __init__(self, log: EventReader, told: Told = lambda reached, end: None) -> None:
        self.source, self.told = log, told
        self.reached, self.recorded = 0, ""
        self.db = TemporaryDatabase()
        self.db.script(sql for sql in TABLES if not sql.lstrip().startswith("CREATE TRIGGER"))
        derived_tables.register(self.db)
        self.constraints = Constraints(self.db, self.states)
        self.ring = Opening(log.ring)
        stand_in(self.db, log.ring)
        self.settings = read_settings(log.db)
        self.db.insert("store", ("name", "value"), self.settings.items())
        self.copy = Copied(self.db, self.ring)
        self._projector: Folding | None = None

    def states(self, streams: Sequence[str]) -> Mapping[str, Any]:
        """Return the state of each of some subjects, after what was folded so far."""
        world = Repository(EventReader(self.db), "")
        return {stream: world.subject(stream).state for stream in streams}

    @property
    def projector(self) -> Folding:
        """What folds here, by the store's zone."""
        if self._projector is None:
            self._projector = Folding(self.copy, ZoneInfo(self.settings["zone"]))
        return self._projector

    def reach(self, position: int) -> None:
        """Copy the log up to a position, with what it claims, keys and mentions. Raises Problem where it has a gap."""
        while self.reached < position:
            records = self.source.read(self.reached, min(BATCH, position - self.reached))
            if not records or records[-1].position != self.reached + len(records):
                raise Problem("proof.missing", position=self.reached + 1)
            self._copy(records)
            self.reached, self.recorded = records[-1].position, records[-1].recorded

    def _copy(self, records: Sequence[Record]) -> None:
        try:
            with self.db.transaction():
                self.db.insert("log", Record._fields, records)
                self.constraints.take(records)
        except StoreRefused:
            raise self._doubled(records) from None

    def _doubled(self, records: Sequence[Record]) -> Problem:
        """Return which record has an event id or a version that an earlier one has."""
        for record in records:
            try:
                self.db.insert("log", Record._fields, [record])
            except StoreRefused:
                return Problem("proof.doubled", position=record.position, stream=record.stream)
        return Problem("proof.doubled", position=records[0].position, stream=records[0].stream)

    def fold(self, names: Sequence[str], position: int) -> None:
        """Fold these projections up to a position, one after another so that only one holds what it needs in memory."""
        self.reach(position)
        for name in names:
            at = tables.standings(self.db).get(name)
            if at is not None and at.position == position:
                continue
            if at is not None and at.position > position:
                self.projector.again(name)
            self.copy.upto = position
            self.projector.step(name, self.told)

    def begin_again(self, name: str) -> None:
        """Empty a projection's tables and forget the keys at hand: some were destroyed since."""
        self.source.ring.forget()
        self.projector.unseen()
        self.projector.again(name)

    def position(self, name: str) -> int:
        """Return how far a projection is folded here."""
        return tables.position(self.db, name)

    def standing(self, name: str) -> tables.ReadModelCheckpoint:
        """Return how a projection stands here, folded before."""
        return tables.standings(self.db)[name]

    def ask(self, names: Sequence[str]) -> ReadConnection:
        """Return the tables of these projections, to be asked as those of the store are."""
        from infra.read_models.connection import ReadConnection

        return ReadConnection(self.db, tables.in_use(self.db, names))

    def closings(self) -> list[Record]:
        """Return the events that closed periods, as far as the log is copied."""
        return [record for stream in self.copy.streams_like("prd_") for record in self.copy.stream(stream)]

    def rows(self, sql: str, params: Sequence[Any] = ()) -> Any:
        return self.db.rows(sql, params)

    def close(self) -> None:
        self.db.close()


def make_again(log: EventStore) -> list[Twice]:
    """Make claims, keys and mentions again from the log; return what two hold that one alone may hold.

    The first keeps it. All else is made again whatever is found.
    """
    with closing(Beside(log)) as beside:
        beside.reach(log.head()[0])

        def rows(table: str, columns: Iterable[str]) -> Iterator[tuple[Any, ...]]:
            beside.reach(log.head()[0])  # asked once nobody appends any more
            yield from beside.db.rows(f"SELECT {', '.join(columns)} FROM {table}")

        log.rebuild_derived(
            map(Claim._make, rows("claims", Claim._fields)),
            map(IdempotencyRecord._make, rows("keys", IdempotencyRecord._fields)),
            ((subject, position) for subject, position in rows("mentions", ("subject", "position"))),
        )
        return list(beside.constraints.twice())
