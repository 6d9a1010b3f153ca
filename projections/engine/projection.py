"""What a projection is: tables with two times, and a fold that turns a batch of events into rows to add and to close.

Every row says in which log interval it was believed: `known_from` (the position that brought it) up to `known_to`
(the position that contradicted it, or OPEN). A row's content is never edited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, Protocol, runtime_checkable

OPEN: Final = 1 << 62
"""The end of an interval that has not ended."""

PlainRow = tuple[Any, ...]


class Seen(NamedTuple):
    """An event as folds see it: the envelope, `moment` in microseconds since 1970, its business `day`, and its data.

    `floor` is the moment of what it builds on, where a correction may move it before that.
    """

    position: int
    stream: str
    version: int
    name: str
    occurred: str
    moment: int
    day: date
    recorded: str
    actor: str
    recorder: str
    source: str
    key: str | None
    reason: str | None
    event_id: str
    data: Mapping[str, Any]
    floor: int = 0


class Table(NamedTuple):
    """A table: columns as (name, type) with the types text and integer, the primary key, and further indexes.

    `closes` are the columns that, with `known_to`, find the row to close. The values of the columns `once`, which stay
    the same from row to row of one subject (the first column of the key), are kept apart, each set of them once, in the
    table `<name>_once`; a row tells by its number in the column `once` which of them are its own.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    closes: tuple[str, ...] = ()
    once: tuple[str, ...] = ()


class Load(Protocol):
    """Reads the history of a subject up to a position: its own events and those that name it, in recorded order."""

    def __call__(self, subject: str, upto: int) -> Sequence[Seen]: ...


class ChangeSet:
    """What a batch changes: rows to add, and rows to close, by table.

    A row that is added and closed within one batch is written once, already closed.
    """

    def __init__(self) -> None:
        self.added: dict[str, dict[tuple[Any, ...], list[Any]]] = {}
        self.closed: dict[str, list[tuple[Any, ...]]] = {}
        self.plain: dict[str, list[PlainRow]] = {}

    def add(self, table: str, place: tuple[Any, ...], content: Iterable[Any], position: int) -> None:
        """Believe `content` at `place` (the columns that find the row) from `position` on."""
        self.added.setdefault(table, {})[(*place, position)] = [*place, position, OPEN, *content]

    def close(self, table: str, place: tuple[Any, ...], since: int, position: int) -> None:
        """Believe the row at `place`, added at position `since`, no more from `position` on."""
        added = self.added.get(table)
        row = added.get((*place, since)) if added else None
        if row is None:
            self.closed.setdefault(table, []).append((position, *place))
        elif since == position:
            del self.added[table][(*place, since)]
        else:
            row[len(place) + 1] = position

    def insert(self, table: str, row: PlainRow) -> None:
        """Add a row that has no belief of its own."""
        self.plain.setdefault(table, []).append(row)


class BitemporalRows:
    """The rows of one key as they are believed now: place -> (position that brought the row, content)."""

    __slots__ = ("rows",)

    def __init__(self) -> None:
        self.rows: dict[tuple[Any, ...], tuple[int, tuple[Any, ...]]] = {}

    def become(self, table: str, rows: Mapping[tuple[Any, ...], tuple[Any, ...]], position: int, to: ChangeSet) -> None:
        """Close what `rows` contradict and add what they bring, as of `position`."""
        for place, (since, content) in list(self.rows.items()):
            if rows.get(place) != content:
                to.close(table, place, since, position)
                del self.rows[place]
        for place, content in rows.items():
            if place not in self.rows:
                self.put(table, place, content, position, to)

    def put(self, table: str, place: tuple[Any, ...], content: tuple[Any, ...], position: int, to: ChangeSet) -> None:
        """Add one row; one that stands at its place is closed."""
        known = self.rows.get(place)
        if known is not None:
            if known[1] == content:
                return
            to.close(table, place, known[0], position)
        self.rows[place] = (position, content)
        to.add(table, place, content, position)


class Projection(Protocol):
    """A set of tables folded from the log. A changed fold or table gets a new `version`."""

    name: str
    version: int
    tables: tuple[Table, ...]

    def fold(self, batch: Sequence[Seen], to: ChangeSet) -> None:
        """Fold `batch`, in log order, into `to`. Whatever it raises stops this projection at that event."""
        ...

    def forget(self) -> None:
        """Drop what is kept between batches."""
        ...


@runtime_checkable
class Looking(Protocol):
    """A projection that looks into its own tables, as they were before the batch that it folds."""

    ask: Ask


class Ask(Protocol):
    """Asks the tables: `?` stands for a parameter, `{name}` for a table's real name."""

    def __call__(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...
