"""Names at hand, so that those which are near to a further one are found without comparing it with each of them.

Two short texts that are near have a row of letters in common which is nearly all of either, and are found by it. Long ones have
too many such rows; they are found by their rarest pairs of letters.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import ceil
from typing import Final, NamedTuple

from domain.customer.names import core, normalised
from projections.duplicates.likeness import NEAR, WHOLE, common, letter_pairs, of_forms

SHORT: Final = 8
"""Up to so many letters a text is found by rows of them."""
BUCKETS: Final = 1 << 18
LEAST: Final = Fraction(NEAR - WHOLE) / Fraction(1 - WHOLE)
"""How like the cores of two near names are at least: as like as is left to them where the whole names are the same."""


class Name(NamedTuple):
    """A name that a customer, by the position of its capture, was told to have."""

    number: int
    company: str
    normalised: str
    core: str


def named(number: int, company: str) -> Name:
    """Return a name with the forms under which it is compared."""
    return Name(number, company, normalised(company), core(company))


def alike(one: Name, other: Name) -> Decimal | None:
    """Return how like two names are, None where they are not near: 1 for the same; near cores share a pair of letters."""
    if one.normalised == other.normalised:
        return Decimal(1)
    if common(one.core, other.core) < shared(len(one.core), len(other.core)):
        return None
    if letter_pairs(one.core).isdisjoint(letter_pairs(other.core)):
        return None
    like = of_forms(one[2:], other[2:])
    return like if like >= NEAR else None


class Index:
    """Names at hand; one name of one customer is to be added once."""

    def __init__(self) -> None:
        self._names: list[Name] = []
        self._heads = array("i", bytes(4 * BUCKETS))
        self._entries = array("i", (0, 0))  # two for each: the name's place, and the entry before it in its bucket
        self._pairs: tuple[dict[str, array[int]], dict[str, array[int]]] = ({}, {})  # of short texts, of long ones

    def add(self, name: Name) -> None:
        """Take in a name."""
        place = len(self._names)
        self._names.append(name)
        for key in _keys(name):
            bucket = hash(key) % BUCKETS
            self._entries.extend((place, self._heads[bucket]))
            self._heads[bucket] = len(self._entries) // 2 - 1
        pairs = self._pairs[len(name.core) > SHORT]
        for pair in letter_pairs(name.core):
            pairs.setdefault(pair, array("i")).append(place)

    def near(self, name: Name) -> Iterator[tuple[Name, Decimal]]:
        """Yield the names at hand that are near to one, or the same, those of other customers, each with its likeness."""
        for place in sorted(self._places(name)):
            other = self._names[place]
            if other.number != name.number:
                like = alike(other, name)
                if like is not None:
                    yield other, like

    def _places(self, name: Name) -> set[int]:
        found: set[int] = set()
        for key in _keys(name):
            entry = self._heads[hash(key) % BUCKETS]
            while entry:
                found.add(self._entries[2 * entry])
                entry = self._entries[2 * entry + 1]
        shorter, longer = self._pairs
        for pairs in (longer, shorter) if len(name.core) > SHORT else (longer,):
            for pair in _rarest(name.core, pairs):
                found.update(pairs.get(pair, ()))
        return found


def _keys(name: Name) -> set[tuple[str, ...]]:
    """Return by what a name is found: its normalised form, and of a short core the rows that a near one has in common."""
    keys: set[tuple[str, ...]] = {("", name.normalised)}
    if len(name.core) <= SHORT:
        for letters in _lengths(len(name.core)):
            keys.update(combinations(name.core, letters))
    return keys


@cache
def shared(one: int, other: int) -> int:
    """Return how many letters two cores of so many letters have in common at least, if they are near."""
    return ceil(LEAST * (one + other) / 2)


@cache
def _lengths(letters: int) -> tuple[int, ...]:
    several = ((shared(letters, other), other) for other in range(1, SHORT + 1))
    return tuple(sorted({row for row, other in several if row <= min(letters, other)}))


@cache
def _broken(letters: int) -> int:
    """Return how many of its pairs a text of so many letters can lack in one that is near: two for a letter, one for a gap."""
    broken = 0
    for other in range(1, 2 * letters):
        row = shared(letters, other)
        if row <= min(letters, other):
            broken = max(broken, 2 * (letters - row) + other - row)
    return broken


def _rarest(text: str, pairs: dict[str, array[int]]) -> list[str]:
    """Return so many of a text's letter pairs, the rarest, that whatever is near to it has one of these."""
    ordered = sorted(letter_pairs(text), key=lambda pair: (len(pairs.get(pair, ())), pair))
    return ordered[: _broken(len(text)) + 1]
