"""The check of a whole log: every row read again, every leaf worked out anew, against the tree and its checkpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import pairwise
from typing import Any, Final, NamedTuple

from infra.access.session_role import projecting, sees_all
from infra.db.database import Database
from infra.db.errors import StoreFault
from infra.errors.problem import Problem
from infra.event_store.stored_event import Record
from infra.transparency.checkpoint_store import kept, settings_of
from infra.transparency.leaf import NO_LEAF, leaves
from infra.transparency.log_invariants import columns_sound
from infra.transparency.merkle_tree import MerkleFrontier, levels, peaks
from infra.transparency.signed_note import Checkpoint, VerifierKey, check, parse
from infra.transparency.tile_store import HEIGHT, WIDTH, cut, made, read, sealed, upper_sound

BATCH: Final = 4 * WIDTH  # few enough that the rows stay in the processor's cache
RECORDED: Final = Record._fields.index("recorded")


class Held(NamedTuple):
    """A checkpoint to hold the log against: a file's name, or None for one that the store keeps itself."""

    file: str | None
    checkpoint: Checkpoint


class Verdict(NamedTuple):
    """What was found whole: events read, the tree's root, events in the tiles, and the checkpoints held against it."""

    events: int
    root: bytes
    sealed: int
    held: list[Held]

    @property
    def covered(self) -> int:
        """How many events the largest checkpoint covers that came from outside of the store."""
        return max((each.checkpoint.size for each in self.held if each.file), default=0)

    @property
    def covered_within(self) -> int:
        """How many events the largest checkpoint covers, the store's own ones included."""
        return max((each.checkpoint.size for each in self.held), default=0)


def verify(
    db: Database,
    given: Sequence[Held],
    keys: Sequence[VerifierKey],
    told: Callable[[int, int], None] = lambda reached, end: None,
) -> Verdict:
    """Hold the log against the checkpoints given and those the store keeps, in one state of the store, in flat memory.

    `given` must be of this log and signed, as the caller has seen to. Raises Problem, exit status 9, for the first
    position at which the log is not what was sealed.
    """
    with seeing_all(db), db.snapshot():
        held = sorted([*given, *stored(db)], key=lambda each: each.checkpoint.size)
        passing = Passing(db, held, keys)
        passing.run(told)
        columns_sound(db, passing.log.size)
        passing.settled(settings_of(db))
        return Verdict(passing.log.size, passing.log.root(), passing.sealed, held)


def seeing_all(db: Database) -> AbstractContextManager[None]:
    """See the events of every group, which a login on Postgres may have to take on another role for."""
    return nullcontext() if sees_all(db) else projecting(db)


def stored(db: Database) -> Iterator[Held]:
    """Yield the checkpoints that the store keeps. Raises Problem for one that can't be read."""
    for each in kept(db):
        try:
            yield Held(None, parse(each.note))
        except ValueError as wrong:
            raise Problem("proof.bad_note", file=f"checkpoints, {each.made}", why=str(wrong)) from None


class Passing:
    """One pass over the log: the tree of what lies there, beside the tree of what was sealed."""

    def __init__(self, db: Database, held: Sequence[Held], keys: Sequence[VerifierKey]) -> None:
        self.db, self.keys = db, keys
        self.todo = list(held)
        self.agreed: list[Held] = []  # the checkpoints that the log agrees with so far
        self.log, self.tiled = MerkleFrontier(), MerkleFrontier()
        self.roots: list[bytes] = []  # of the whole tiles
        self.sealed = 0  # leaves found in the tiles
        self.has_tiles = made(db)
        self.tiles_end = not self.has_tiles
        self.doubtful: Held | None = None  # a stored checkpoint that disagrees, and that no known key has signed
        self.differs: tuple[int, str] | None = None  # the first event whose leaf is not the sealed one
        self.before = ""

    def run(self, told: Callable[[int, int], None]) -> None:
        """Read the whole log. Raises Problem at the first that is wrong."""
        row = self.db.one("SELECT coalesce(max(position), 0) FROM log")
        end = row[0] if row else 0
        while rows := self._rows(self.log.size):
            self._take(rows, self._tiles(self.log.size))
            told(self.log.size, end)
        self._ended(self._tiles(self.log.size))
        if self.differs:
            raise self._judged()
        if self.doubtful:
            point = self.doubtful.checkpoint
            raise Problem("proof.signature", size=point.size, name=point.origin)
        if self.has_tiles and (sealed(self.db) != self.sealed or not upper_sound(self.db, self.roots)):
            raise Problem("proof.tiles", size=self.sealed)

    def _rows(self, after: int) -> list[Sequence[Any]]:
        try:
            return read(self.db, after, BATCH)
        except StoreFault as fault:
            return self._readable(after, fault)

    def _readable(self, after: int, fault: StoreFault) -> list[Sequence[Any]]:
        """Return the rows before the one that can't be read. Raises Problem if that is the first."""
        rows: list[Sequence[Any]] = []
        try:
            while row := read(self.db, after + len(rows), 1):
                rows += row
        except StoreFault as again:
            fault = again
        if not rows:
            raise self._first(after + 1, Problem("proof.unreadable", position=after + 1, why=str(fault.facts["why"])))
        return rows

    def _tiles(self, after: int) -> list[bytes]:
        """Return the sealed leaves that follow position `after`, as many as a batch has."""
        if after % WIDTH or self.tiles_end:
            return []
        first = after // WIDTH
        sql = "SELECT number, hashes FROM tiles WHERE level = 0 AND number >= ? AND number < ? ORDER BY number"
        found: list[bytes] = []
        for n, (number, hashes) in enumerate(self.db.all(sql, (first, first + BATCH // WIDTH)), first):
            if number != n or len(found) % WIDTH:
                break
            found += cut(hashes)
        self.tiles_end = len(found) < BATCH
        return found

    def _take(self, rows: Sequence[Sequence[Any]], sealed: list[bytes]) -> None:
        size = self.log.size
        whole = len(rows)
        if [row[0] for row in rows] != list(range(size + 1, size + 1 + whole)):
            whole = next(n for n, row in enumerate(rows) if row[0] != size + 1 + n)
        fresh = leaves(rows[:whole])
        self._compare(fresh, sealed, rows)
        bad = self._unsound(rows[:whole], fresh)
        if bad is not None and not (self.differs and self.differs[0] <= bad.facts["position"]):
            raise self._first(bad.facts["position"], bad)
        self._grow(fresh, sealed)
        if whole < len(rows):
            raise self._first(size + whole + 1, Problem("proof.missing", position=size + whole + 1))

    def _compare(self, fresh: list[bytes], sealed: list[bytes], rows: Sequence[Sequence[Any]]) -> None:
        if self.differs is None and fresh[: len(sealed)] != sealed[: len(fresh)]:
            n = next(n for n, (a, b) in enumerate(zip(fresh, sealed, strict=False)) if a != b)
            self.differs = self.log.size + n + 1, str(rows[n][3])

    def _unsound(self, rows: Sequence[Sequence[Any]], fresh: list[bytes]) -> Problem | None:
        """Return what is wrong with the rows by themselves: values of another type, or times that go back."""
        size = self.log.size + 1
        wrong = size + fresh.index(NO_LEAF) if NO_LEAF in fresh else None
        times = [self.before, *(row[RECORDED] for row in rows[: len(rows) if wrong is None else wrong - size])]
        if times != sorted(times):
            n = next(n for n, (a, b) in enumerate(pairwise(times)) if b < a)
            return Problem("proof.time", position=size + n, recorded=times[n + 1], before=times[n])
        self.before = times[-1]
        return None if wrong is None else Problem("proof.unreadable", position=wrong, why="a value of another type")

    def _grow(self, fresh: list[bytes], sealed: list[bytes]) -> None:
        """Append to both trees, and hold them against the checkpoints on the way."""
        made = levels(fresh)
        tiled = made if sealed == fresh else levels(sealed)
        size = self.log.size
        while self.todo and self.todo[0].checkpoint.size <= size + len(fresh):
            point = self.todo.pop(0)
            more = point.checkpoint.size - size
            in_tiles = self.tiled.root(peaks(tiled, more)) if more <= len(sealed) else b""
            self._hold(point, self.log.root(peaks(made, more)), in_tiles)
        self.log.add(peaks(made, len(fresh)))
        self.tiled.add(peaks(tiled, len(sealed)))
        self.roots += tiled[HEIGHT] if len(tiled) > HEIGHT else ()
        self.sealed += len(sealed)

    def _hold(self, point: Held, root: bytes, in_tiles: bytes) -> None:
        if root == point.checkpoint.root:
            self.agreed.append(point)
            return
        if not self._counts(point):
            return
        if self.differs and in_tiles == point.checkpoint.root:
            raise Problem("proof.changed", position=self.differs[0], name=self.differs[1])
        first = next((each.checkpoint.size + 1 for each in reversed(self.agreed) if self._real(each)), 1)
        raise Problem("proof.rewritten", size=point.checkpoint.size, first=first)

    def _real(self, point: Held) -> bool:
        """Say whether a checkpoint is known to be the log's: from outside of the store, or signed with a known key."""
        try:
            return point.file is not None or bool(check(point.checkpoint, self.keys))
        except Problem:
            return False

    def _counts(self, point: Held) -> bool:
        """Say whether a checkpoint that disagrees speaks against the log, and not rather against itself."""
        if not self.keys or self._real(point):
            return True
        self.doubtful = self.doubtful or point
        return False

    def _ended(self, sealed: list[bytes]) -> None:
        """See that the log did not end too early. Raises Problem."""
        last = self.log.size
        counted = next((each.checkpoint.size for each in reversed(self.todo) if self._counts(each)), 0)
        reached = max(last + len(sealed), self.sealed, counted)
        if reached > last:
            raise self._first(last + 1, Problem("proof.truncated", position=last + 1, size=reached, last=last))

    def settled(self, settings: str) -> None:
        """See that the store's settings are those that the checkpoints tell. Raises Problem."""
        for point in self.agreed:
            said = point.checkpoint.settings
            if said is not None and said != settings and self._counts(point):
                raise Problem("proof.settings", size=point.checkpoint.size)

    def _judged(self) -> Problem:
        """Return what a leaf that is not the sealed one means, once all checkpoints before it have been passed."""
        assert self.differs is not None
        position, name = self.differs
        if any(each.checkpoint.size >= position and self._real(each) for each in self.agreed):
            return Problem("proof.tiles", size=position)
        return Problem("proof.changed", position=position, name=name)

    def _first(self, position: int, found: Problem) -> Problem:
        """Return the problem that stands first in the log: `found`, or a leaf that differed before it."""
        return self._judged() if self.differs and self.differs[0] <= position else found
