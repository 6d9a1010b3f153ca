"""A migration that was broken off goes on: the lines of its file beside what the store holds of them already.

The file is told again from its first line. What the store holds must be what the file says, in its order; only then is
the rest recorded, and the store is the one that an unbroken run would have made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from infra.commands.batch import NEWCOMER, Read
from infra.commands.request import Request
from infra.errors.problem import Problem
from infra.event_store.reader import EventReader

BLOCK: Final = 1_000
MOST: Final = 10_000
"""So many lines in a row may have been refused in the run before; more of them are another file."""


def taken_up(reader: EventReader, lines: Iterable[Read], *, register_people: bool = False) -> Iterator[Read]:
    """Yield the lines, those that the store holds first; one that was refused then is told so.

    Nothing may be recorded meanwhile until what is held was told. Raises Problem where the store holds something else
    than the lines, before the first new line is yielded.
    """
    told = Held(reader, register_people)
    refused: list[Read] = []
    for line in lines:
        if told.over or told.holds(line):
            yield from map(passed_over, refused)
            refused.clear()
            yield line
        else:
            refused.append(line)
            if len(refused) > MOST:
                break
    if refused:
        raise told.something_else(refused[0])


def passed_over(line: Read) -> Read:
    """Return a line that was refused before, which nothing can be put in the place of: others are recorded after it."""
    return line if isinstance(line.said, Problem) else Read(line.line, Problem("migration.passed_over"))


class Held:
    """What a store holds when a migration is taken up, read along with the lines of the file."""

    def __init__(self, reader: EventReader, register_people: bool) -> None:
        self.reader, self.register_people = reader, register_people
        self.head, _recorded = reader.head()
        self.after = 0
        self._groups = self._grouped()
        self._next = next(self._groups, None)

    @property
    def over(self) -> bool:
        """Say whether all that the store held was told."""
        return self._next is None

    def holds(self, line: Read) -> bool:
        """Say whether a line is what the store holds next, or was before. Raises Problem where it holds something else."""
        if not isinstance(line.said, Request):
            return False
        key = line.said.key
        if key is None:
            raise Problem("migration.no_key", line=line.line, position=self.after + 1)
        while self._next and self._next.key != key and self._next.newcomer and self.register_people:
            self._go_on()
        if self._next and self._next.key == key:
            self._go_on()
            return True
        known = self.reader.keyed([key]).get(key)
        if known and known.position > self.after and known.count:
            raise self.something_else(line)
        if known is None and self._next and not self._next.migrated:
            raise Problem("migration.not_empty", count=self.head)
        return known is not None

    def something_else(self, line: Read) -> Problem:
        """Return the problem that a line is not what the store holds next."""
        return Problem("migration.differs", line=line.line, position=self.after + 1)

    def _go_on(self) -> None:
        assert self._next is not None
        self.after = self._next.last
        self._next = next(self._groups, None)

    def _grouped(self) -> Iterator[Group]:
        """Yield what was recorded together, in its order."""
        group: Group | None = None
        after = 0
        while records := self.reader.read(after, BLOCK):
            for record in records:
                if group is None or record.key is None or record.key != group.key:
                    if group:
                        yield group
                    newcomer = (record.key or "").startswith(NEWCOMER) and record.name == "person.registered"
                    group = Group(record.key, bool(record.migrated), newcomer)
                group.last = record.position
            after = records[-1].position
        if group:
            yield group


class Group:
    """The events that one line recorded: under which key, up to which position, and whether of a migration."""

    __slots__ = ("key", "last", "migrated", "newcomer")

    def __init__(self, key: str | None, migrated: bool, newcomer: bool) -> None:
        self.key, self.migrated, self.newcomer, self.last = key, migrated, newcomer, 0
