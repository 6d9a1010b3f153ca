"""Rows of a table held against those that the log gives: both in the order of their key, in one pass, in flat memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from infra.errors.problem import Problem

Row = Sequence[Any]
Alike = Callable[[str, Any, Any], bool]
"""Says whether a column's value may stand where the log gives another."""

SHOWN: Final = 3
"""How many rows of one table are named; the others are counted."""
LONGEST: Final = 60
CONSTRAINTS: Final = "sales rebuild --constraints"
"""What mends claims, keys and mentions."""


class Compared(NamedTuple):
    """A table to be compared: its name, the columns, those of the key first, and how many are of the key."""

    table: str
    columns: tuple[str, ...]
    keys: int
    mend: str
    secret: bool = False  # whether its values are not to be shown
    finer: tuple[str, ...] = ()  # the keys by which a row may stand as several, each alike

    def within(self, row: Row, given: Row, alike: Alike) -> bool:
        """Say whether `row` may be a part of one that the log gives: all alike but for the keys that part it."""
        return all(name in self.finer or alike(name, row[n], given[n]) for n, name in enumerate(self.columns))

    def place(self, row: Row) -> str:
        """Return the key of a row, for a message."""
        named = zip(self.columns[: self.keys], row, strict=False)
        return ", ".join(f"{column} {clipped(value)}" for column, value in named)


def clipped(value: Any) -> str:
    """Return a value for a message: short, bytes in figures."""
    if isinstance(value, bytes | memoryview):
        value = bytes(value).hex()
    text = "-" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def exactly(column: str, found: Any, wanted: Any) -> bool:
    return bool(found == wanted)


def differences(of: Compared, found: Iterable[Row], wanted: Iterable[Row], alike: Alike = exactly) -> list[Problem]:
    """Return what differs: rows that only one side has, and rows with other values; the first few, which say how many."""
    problems: list[Problem] = []
    count = 0
    for kind, row, given in _apart(of, iter(found), iter(wanted), alike):
        count += 1
        if len(problems) < SHOWN:
            problems.append(_problem(of, kind, row, given, alike))
    for problem in problems:
        problem.facts["count"] = count
    return problems


def _apart(of: Compared, found: Any, wanted: Any, alike: Alike) -> Iterable[tuple[str, Row, Row]]:
    """Yield the pairs that are not the same, each with what is wrong: derived (too much), lacking, differs."""
    here, there = next(found, None), next(wanted, None)
    of_one: list[Row] = []  # where rows may be parts: those that the log has given of the same first key
    while here is not None or there is not None:
        order = _order(here, there, of.keys)
        if order == 0:
            assert here is not None
            assert there is not None
            if tuple(here) != tuple(there) and _different(of, here, there, alike):
                yield "proof.differs", here, there
            if of.finer:
                of_one = [*(given for given in of_one if given[0] == there[0]), there]
            here, there = next(found, None), next(wanted, None)
        elif order < 0:
            assert here is not None
            if not any(given[0] == here[0] and of.within(here, given, alike) for given in of_one):
                yield "proof.derived", here, here
            here = next(found, None)
        else:
            assert there is not None
            yield "proof.lacking", there, there
            there = next(wanted, None)


def _order(here: Row | None, there: Row | None, keys: int) -> int:
    if here is None or there is None:
        return 1 if here is None else -1
    ours, theirs = tuple(here[:keys]), tuple(there[:keys])
    if ours == theirs:
        return 0
    try:
        return -1 if ours < theirs else 1
    except TypeError:  # a value of another type than the log gives
        return -1 if repr(ours) < repr(theirs) else 1


def _different(of: Compared, here: Row, there: Row, alike: Alike) -> list[int]:
    return [n for n, name in enumerate(of.columns) if not alike(name, here[n], there[n])]


def _problem(of: Compared, kind: str, row: Row, given: Row, alike: Alike) -> Problem:
    facts: dict[str, Any] = {"table": of.table, "value": of.place(row), "mend": of.mend}
    if kind == "proof.differs":
        first, *_ = wrong = _different(of, row, given, alike)
        facts["columns"] = ", ".join(of.columns[n] for n in wrong)
        facts["found"], facts["wanted"] = ("…", "…") if of.secret else (clipped(row[first]), clipped(given[first]))
    return Problem(kind, **facts)
