"""How the rows of a table with two times went from one moment to another, step by step, each with its events."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import chunks


class Source(NamedTuple):
    """A table as it is asked: its FROM, its columns for the subject, the order of its rows and their content, its joins."""

    table: str
    subject: str
    order: tuple[str, ...]
    content: tuple[str, ...]
    joined: str = "1 = 1"


class Step(NamedTuple):
    """One change of a subject's row: its content before and after (None: no row), and the events that may have made it.

    `moment` is the business time of the step, or None where it is one of knowledge; then its one event did it.
    """

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    events: tuple[int, ...]
    moment: int | None


class Versions(NamedTuple):
    """A subject's rows as (order, known_from, known_to, content), sorted."""

    rows: list[tuple[tuple[int, ...], int, int, dict[str, Any]]]

    def at(self, upto: int, position: int) -> dict[str, Any] | None:
        """Return the content in force at a business time, as known at a position."""
        believed = (row for row in self.rows if row[0][0] <= upto and row[1] <= position < row[2])
        return max(believed, key=lambda row: row[0], default=(0, 0, 0, None))[3]


def steps(ask: Ask, source: Source, subjects: Iterable[str | int], before: AsOf, after: AsOf) -> dict[Any, list[Step]]:
    """Return for each subject its steps between two moments that differ in one of their times only."""
    found: dict[Any, list[Step]] = {}
    known = before.position != after.position
    for subject, versions in _versions(ask, source, subjects, before, after):
        walk = _in_knowledge(versions, before, after) if known else _in_business(versions, before, after)
        found[subject] = [step for step in walk if step.before != step.after]
    return found


def _versions(
    ask: Ask, source: Source, subjects: Iterable[str | int], before: AsOf, after: AsOf
) -> Iterator[tuple[Any, Versions]]:
    names = [name.rpartition(".")[2] for name in source.content]
    columns = ", ".join((source.subject, *source.order, "t.known_from", "t.known_to", *source.content))
    first = len(source.order) + 1
    for marks, some in chunks(subjects):
        sql = f"""SELECT {columns} FROM {source.table} WHERE {source.subject} IN ({marks})
 AND {source.joined} AND {source.order[0]} <= ? AND t.known_from <= ? AND t.known_to > ?"""
        last = max(before.micros, after.micros)
        # In business time a version that was corrected since still names the event that brought it.
        earliest = before.position if before.position != after.position else 0
        rows: dict[Any, list[tuple[tuple[int, ...], int, int, dict[str, Any]]]] = {subject: [] for subject in some}
        for row in ask(sql, (*some, last, after.position, earliest)):
            content = dict(zip(names, row[first + 2 :], strict=True))
            rows[row[0]].append((tuple(row[1:first]), row[first], row[first + 1], content))
        for subject in some:
            yield subject, Versions(sorted(rows[subject], key=lambda row: row[:2]))


def _in_knowledge(versions: Versions, before: AsOf, after: AsOf) -> Iterator[Step]:
    low, high = before.position, after.position
    learned = sorted({known for row in versions.rows for known in row[1:3] if low < known <= high})
    at = versions.at(after.micros, low)
    for position in learned:
        now = versions.at(after.micros, position)
        yield Step(at, now, (position,), None)
        at = now


def _in_business(versions: Versions, before: AsOf, after: AsOf) -> Iterator[Step]:
    position = after.position
    standing = [row for row in versions.rows if row[1] <= position < row[2]]
    orders = [row[0] for row in standing]
    start = bisect_right(orders, (before.micros, *(1 << 62,) * (len(orders[0]) - 1))) if orders else 0
    at = standing[start - 1][3] if start else None
    for order, _, _, content in standing[start:]:
        brought = tuple({row[1]: None for row in versions.rows if row[0] == order} | dict.fromkeys(order[1:]))
        yield Step(at, content, brought, order[0])
        at = content
