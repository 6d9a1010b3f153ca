"""Stretches of time in which a customer has the same grade, owner and name, or as full a file: a row for each, beside tracking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from operator import itemgetter
from typing import Any, Final

from domain.policy.cadence import Graded, changes
from projections.engine.projection import OPEN, BitemporalRows, ChangeSet
from projections.read_models.tracking.schema import CONTENT

LEFT: Final = ("", "invalid", "lost")
"""Stages in which nobody is to be met any more: merged into another, invalid, lost."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
COMPANY, STAGE, GRADE, OWNER, FILLED, FIELDS = (
    [name for name, _ in CONTENT].index(name) for name in ("company", "stage", "grade", "owner", "filled", "fields")
)

TELLING: Final = itemgetter(COMPANY, STAGE, GRADE, OWNER, FILLED, FIELDS)
"""Takes from a row of tracking what the tables beside it are made of; most events leave all of it as it is."""

Content = tuple[Any, ...]
Place = tuple[int, int]
Written = dict[tuple[Any, ...], Content]
Run = tuple[int, Content | None]
"""The moment from which on something is told, and what; None: nothing."""

Rows = Callable[[int, Sequence[Run]], Written]
"""Makes the rows of a table, given the customer's number."""


def graded(content: Content) -> Content:
    """Return (grade, owner, company): no grade where nobody is to be met, no company where there is no customer any more."""
    if content[STAGE] in LEFT:
        return None, content[OWNER], content[COMPANY] or None
    return content[GRADE], content[OWNER], content[COMPANY]


def file(content: Content) -> Content | None:
    """Return (owner, filled, fields, kept); None of what is nobody's, or no customer any more. A lost one's is kept no more."""
    if content[OWNER] is None or not content[STAGE]:
        return None
    return content[OWNER], content[FILLED], content[FIELDS], int(content[STAGE] not in LEFT)


class Beside:
    """What stands beside the rows of one customer in tracking: its grades and how full its file is."""

    __slots__ = ("_spans", "_telling")

    def __init__(self, customer: str, zone: tzinfo) -> None:
        self._telling: Content = ()
        self._spans = (Spans("graded", graded, partial(gradings, customer, zone)), Spans("files", file, files))

    def follow(self, place: Place, content: Content, position: int, to: ChangeSet) -> None:
        """Take one more row of tracking, no earlier than the others."""
        telling = TELLING(content)
        if telling != self._telling:
            self._telling = telling
            for each in self._spans:
                each.follow(place, content, position, to)

    def refold(self, rows: BitemporalRows, position: int, to: ChangeSet) -> None:
        """Change what is believed to what the rows believed in tracking now tell, as of `position`."""
        self._telling = ()
        for each in self._spans:
            each.refold(rows, position, to)

    def believed(self) -> Iterator[BitemporalRows]:
        """Yield what is believed in each of the tables."""
        return (each.believed for each in self._spans)


class Spans:
    """What one customer's rows in tracking tell of something, and the rows of the table that this makes."""

    __slots__ = ("_rows", "_runs", "_tell", "believed", "table")

    def __init__(self, table: str, tell: Callable[[Content], Content | None], rows: Rows) -> None:
        self.table, self._tell, self._rows = table, tell, rows
        self.believed = BitemporalRows()
        self._runs: list[Run] = []

    def follow(self, place: Place, content: Content, position: int, to: ChangeSet) -> None:
        """Take one more row of tracking, no earlier than the others."""
        if self._takes(place[1], self._tell(content)):
            self.believed.become(self.table, self._rows(place[0], self._runs), position, to)

    def refold(self, rows: BitemporalRows, position: int, to: ChangeSet) -> None:
        """Change what is believed to what the rows believed in tracking now tell, as of `position`."""
        self._runs = []
        stood = sorted(rows.rows.items())
        for (_, moment), (_, content) in stood:
            self._takes(moment, self._tell(content))
        self.believed.become(self.table, self._rows(stood[0][0][0] if stood else 0, self._runs), position, to)

    def _takes(self, moment: int, now: Content | None) -> bool:
        """Note what is told from a moment on, and say whether that changes anything."""
        runs = self._runs
        if (runs[-1][1] if runs else None) == now:
            return False
        if runs and runs[-1][0] == moment:
            runs.pop()
        if (runs[-1][1] if runs else None) != now:
            runs.append((moment, now))
        return True


def files(number: int, runs: Sequence[Run]) -> Written:
    """Return the rows of the table `files`."""
    return {(number, since): (ends, *now) for since, ends, now in _ended(runs) if now is not None}


def gradings(customer: str, zone: tzinfo, number: int, runs: Sequence[Run]) -> Written:
    """Return the rows of the table `graded`, from the first grade on."""
    found: Written = {}
    held: list[Graded] = []
    for since, ends, now in _ended(runs):
        grade, owner, company = now or (None, None, None)
        if found or grade:
            day = (EPOCH + timedelta(microseconds=since)).astimezone(zone).date()
            held = changes([*held, (day, grade)])
            begun = held[-1][0].toordinal() if grade else None
            found[number, since] = (ends, day.toordinal(), begun, grade, owner, customer, company)
    return found


def _ended(runs: Sequence[Run]) -> Iterator[tuple[int, int, Content | None]]:
    """Yield from when until when something is told, and what."""
    for n, (since, now) in enumerate(runs):
        yield since, runs[n + 1][0] if n + 1 < len(runs) else OPEN, now
