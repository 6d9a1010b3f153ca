"""Keeping the tables in step with the log: batches in one transaction with their position, each exactly once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from infra.access.session_role import projecting, role
from infra.db.errors import StoreFault, StoreSwapped
from infra.errors.problem import Problem
from infra.event_store.erasures import ERASING, erasure_of
from infra.event_store.reader import EventReader
from infra.event_store.stored_event import Record
from infra.read_models import tables
from infra.read_models.connection import ReadConnection
from infra.read_models.decoder import one, readable, unreadable
from infra.read_models.failing_event import UNSTORABLE, up_to_the_break, up_to_the_unstorable
from infra.read_models.tables import ReadModelCheckpoint
from projections.engine import json
from projections.engine.projection import ChangeSet, Looking, Projection, Seen
from projections.read_models.registry import HOMES, SHOWING, TABLES, VERSIONS, wanted

BATCH: Final = 5_000
MANY: Final = 2_000

Told = Callable[[int, int], None]
"""Is told the position reached and the position of the log's end."""


class Erased(NamedTuple):
    """What came of erasures: how many keys were there to destroy."""

    destroyed: int


def showing(standing: Iterable[ReadModelCheckpoint], start: int) -> list[str]:
    """Return the projections at position `start`, or stopped before, whose tables show a person's data in the clear."""
    return [s.name for s in standing if s.name in SHOWING and s.position and (s.position == start or s.stopped)]


class Projector:
    """Folds the log of one store into the tables of its projections."""

    def __init__(self, log: EventReader, zone: ZoneInfo) -> None:
        self.log, self.db, self.zone = log, log.db, zone
        self._folds: dict[str, tuple[int, int, Projection]] = {}
        self._until = 0
        self._histories: dict[str, tuple[int, list[Seen]]] = {}

    def catch_up(
        self, *, batch: int = BATCH, told: Told = lambda reached, end: None, asked: Collection[str] = ()
    ) -> None:
        """Fold what the log has and the tables have not; an event that breaks a projection stops it, not the others.

        Tables on demand are brought in step if they are `asked`.
        """
        with projecting(self.db):
            self._caught_up(batch, told, wanted(asked))
            self._keys_settled()

    def _keys_settled(self) -> None:
        """Wrap data keys for the groups that see now what they seal, on a store that has groups."""
        if role(self.db, "projector") is not None and self.log.ring.beside:
            from infra.crypto.key_sharing import settle

            settle(self.log.ring, self.db, tables.in_use)

    def _caught_up(self, batch: int, told: Told, needed: Mapping[str, int]) -> None:
        made = self._made(needed)
        # What a newer program has built is its own: this one neither knows the tables nor the fold.
        standing = {name: at for name, at in made.items() if needed.get(name) == at.version}
        head, _ = self.log.head()
        purged, fast = 0, False
        while True:
            going = [s for s in standing.values() if s.stopped is None and s.position < head]
            if not going:
                return
            if not fast and head - min(s.position for s in going) > MANY:
                fast = True  # once: what a batch leaves behind has to be found, and nothing that is frozen is
                json.go_fast()
            start = min(s.position for s in going)
            together = [s for s in going if s.position == start]
            end = min([s.position for s in going if s.position > start] + [start + batch, head])
            records = self.log.read(start, end - start)
            if not records:
                return
            holding = showing(standing.values(), start) if self._erased(records) else []
            if records[-1].position <= purged:
                holding = [
                    name for name in holding if standing[name].stopped is None
                ]  # whatever is faster than a rebuild
            if holding:
                # What they show in the clear must not outlive its key, in no row and no free page.
                self.rebuild(holding, batch=batch, told=told)
                tables.settle(self.db)
                standing.update({n: s for n, s in tables.standings(self.db).items() if n in holding})
                purged = records[-1].position
                continue
            self._keys_afresh(together)
            seen = self._begin(records)
            for each in together:
                standing[each.name] = self._advance(each, seen, records)
            told(end, head)

    def _keys_afresh(self, going: Iterable[ReadModelCheckpoint]) -> None:
        """Forget the keys at hand where somebody else has moved on tables that show what they open.

        They may have been cleared of what was erased since, and would be filled with it again by a key used here before.
        """
        if any(at.name in SHOWING and self._held(at) is None for at in going):
            self.log.ring.forget()

    def _held(self, standing: ReadModelCheckpoint) -> Projection | None:
        """Return the fold that is where the tables are, None if it is not at hand."""
        generation, position, fold = self._folds.get(standing.name, (0, 0, None))
        return fold if (generation, position) == (standing.generation, standing.position) else None

    def _erased(self, records: Sequence[Record]) -> Erased | None:
        """See to it that the keys of what these records erase are destroyed; None if they erase nothing."""
        erased = dict(erasure_of(record) for record in records if record.name == ERASING)
        return Erased(self.log.ring.erase(erased)) if erased else None

    def rebuild(self, names: Sequence[str], *, batch: int = BATCH, told: Told = lambda reached, end: None) -> None:
        """Build projections anew beside the tables in use, in one pass over the log, and swap them in at its end.

        Where somebody else rebuilds at the same time, the first to be done wins.
        """
        with projecting(self.db):
            self._rebuilt(names, batch, told)

    def _rebuilt(self, names: Sequence[str], batch: int, told: Told) -> None:
        json.go_fast()
        self.log.ring.forget()  # somebody else may have destroyed a key that was used here before
        before = {name: at for name, at in self._entered().items() if name in names}
        begun: dict[str, tuple[int, Projection]] = {}
        try:
            for name in before:
                begun[name] = self._begun(name)
            while not self._swap(*self._built(begun, batch, told), before):
                self._begun_again(begun)
        except StoreFault:
            # Whoever was faster has dropped some of what was being built here; the rest is dropped now.
            now = tables.standings(self.db)
            if any(now[name].generation == at.generation for name, at in before.items()):
                raise
            for name, (generation, fold) in begun.items():
                if generation != now[name].generation:
                    tables.drop(self.db, fold.tables, generation)

    def _built(
        self, begun: dict[str, tuple[int, Projection]], batch: int, told: Told
    ) -> tuple[list[tuple[ReadModelCheckpoint, Projection]], int]:
        """Return projections folded from the whole log into the tables of the generations that were begun, and its end."""
        built = {
            n: ReadModelCheckpoint(n, VERSIONS[n], generation, 0, None, None, None)
            for n, (generation, _) in begun.items()
        }
        used = self._wrapping(begun)  # exchanged by whoever destroys a key, maybe one of what was read before
        position, head = 0, self.log.head()[0]
        while position < head:
            records = self.log.read(position, batch)
            erased = self._erased(records)
            if erased and (erased.destroyed or self._wrapping(begun) != used):
                return self._built(self._begun_again(begun), batch, told)
            seen = self._begin(records)
            for name, at in built.items():
                if at.stopped is None:
                    built[name] = self._folded(at, begun[name][1], seen, records, register=False)
            position += len(records)
            told(position, head)
            head, _ = self.log.head()
        return [(at, begun[name][1]) for name, at in built.items()], position

    def _wrapping(self, names: Iterable[str]) -> str | None:
        """Return which wrapping key is in use, None where these projections show nothing that is sealed."""
        return self.log.ring.wrapping() if any(name in SHOWING for name in names) else None

    def _begun_again(self, begun: dict[str, tuple[int, Projection]]) -> dict[str, tuple[int, Projection]]:
        """Empty what was built so far: it may show what was erased meanwhile."""
        for name, (generation, fold) in begun.items():
            with self.db.transaction():
                tables.create(self.db, fold, generation)
            begun[name] = (generation, self._fold(name, generation))
        return begun

    def _swap(
        self, built: Sequence[tuple[ReadModelCheckpoint, Projection]], end: int, before: dict[str, ReadModelCheckpoint]
    ) -> bool:
        """Put what was built in the place of what was there `before`, unless that is gone, and drop the other.

        Where something was erased after the log's `end` as it was built, nothing is done, and it has to be built again.
        """
        with self.db.transaction():
            kept = {at.name: tables.locked(self.db, at.name) for at, _ in built}
            mine = [at for at, _ in built if kept[at.name] == before[at.name].generation]
            if mine and self.log.tells(ERASING, end):
                return False
            for at in mine:
                tables.swap_in(self.db, at)
                kept[at.name] = at.generation
        for at, fold in built:
            if kept[at.name] == at.generation:
                self._folds[at.name] = (at.generation, at.position, fold)
            for generation in tables.generations(self.db, fold.tables):
                if generation < kept[at.name] or generation == at.generation != kept[at.name]:
                    tables.drop(self.db, fold.tables, generation)
        return True

    def _made(self, needed: Mapping[str, int]) -> dict[str, ReadModelCheckpoint]:
        """Return the standings, with every projection of this program made, and those needed in its version."""
        known = self._entered()
        outdated = [name for name, version in needed.items() if known[name].version < version]
        if outdated:
            self.rebuild(outdated)
            known = tables.standings(self.db)
        return known

    def _entered(self) -> dict[str, ReadModelCheckpoint]:
        """Return the standings, with every projection of this program made, in whatever version it is."""
        known = tables.standings(self.db)
        if not known.keys() >= HOMES.keys():
            with self.db.transaction():
                tables.hold_register(self.db)
                known = tables.standings(self.db)
                for name in HOMES.keys() - known.keys():
                    tables.create(self.db, self._fold(name), 1)
                    tables.enter(self.db, name, VERSIONS[name])
            known = tables.standings(self.db)
        return known

    def _fold(self, name: str, generation: int = 1) -> Projection:
        made: Projection = import_module(HOMES[name]).make(self._load, self.zone)
        if isinstance(made, Looking):
            made.ask = ReadConnection(self.db, {table: tables.real_name(table, generation) for table in TABLES[name]})
        return made

    def _begun(self, name: str) -> tuple[int, Projection]:
        """Make empty tables of a generation that nobody else builds."""
        fresh = self._fold(name)
        with self.db.transaction():
            generation = max([tables.locked(self.db, name), *tables.generations(self.db, fresh.tables)]) + 1
            tables.create(self.db, fresh, generation)
        return generation, self._fold(name, generation)

    def _advance(
        self, standing: ReadModelCheckpoint, seen: Sequence[Seen], records: Sequence[Record]
    ) -> ReadModelCheckpoint:
        fold = self._held(standing) or self._fold(standing.name, standing.generation)
        self._folds.pop(standing.name, None)
        try:
            after = self._folded(standing, fold, seen, records, register=True)
        except StoreSwapped as gone:
            # A rebuild has dropped the tables that this looked into, and has noted its own.
            now = tables.standings(self.db)[standing.name]
            if now.generation == standing.generation:
                raise Problem("projection.lost", projection=standing.name, why=gone.facts["why"]) from gone
            return now
        if after.position == standing.position + len(records):
            self._folds[standing.name] = (after.generation, after.position, fold)
        return after

    def _folded(
        self,
        standing: ReadModelCheckpoint,
        fold: Projection,
        seen: Sequence[Seen],
        records: Sequence[Record],
        *,
        register: bool,
    ) -> ReadModelCheckpoint:
        """Fold a batch and write it; if an event breaks the fold, write what came before it and stop there."""
        writes = ChangeSet()
        after = standing._replace(position=standing.position + len(records))
        try:
            fold.fold(seen, writes)
            if len(seen) < len(records):
                raise LookupError(unreadable(records[len(seen)], self.zone))
        except StoreFault:
            raise  # the store's trouble, not the event's
        except Exception:  # noqa: BLE001 - whatever an event does to a fold stops that fold alone
            writes, after = up_to_the_break(standing, seen, records, fold, self.zone)
        try:
            return self._written(standing, fold, writes, after, register=register)
        except UNSTORABLE as wrong:
            folded = seen[: after.position - standing.position]
            writes, after = up_to_the_unstorable(self.db, standing, folded, records, fold, wrong)
            return self._written(standing, fold, writes, after, register=register)

    def _written(
        self,
        standing: ReadModelCheckpoint,
        fold: Projection,
        writes: ChangeSet,
        after: ReadModelCheckpoint,
        *,
        register: bool,
    ) -> ReadModelCheckpoint:
        """Write what a batch changes and how far the projection is, unless somebody else has moved it on."""
        with self.db.transaction():
            if register and not tables.holds(self.db, standing):
                fold.forget()  # it may have looked into tables that somebody else had moved on
                return tables.standings(self.db)[standing.name]
            tables.write(self.db, fold.tables, standing.generation, writes)
            if register:
                tables.note(self.db, after)
        return after

    def _load(self, subject: str, upto: int) -> list[Seen]:
        """Return a subject's history; what one projection has asked for in a batch, the others need not read again."""
        end, history = self._histories.get(subject, (-1, []))
        if end < upto:
            end = max(upto, self._until)
            history = [one(record, self.zone, self.log.ring) for record in self.log.about(subject, end)]
            self._histories[subject] = end, history
        return history if end == upto else [seen for seen in history if seen.position <= upto]

    def _begin(self, records: Sequence[Record]) -> list[Seen]:
        """Return a batch as folds see it; histories are read up to its end from now on."""
        self._histories.clear()
        seen = readable(records, self.zone, self.log.ring)
        self._until = seen[-1].position if seen else 0  # what can't be read stops a projection only where it stands
        return seen
