"""Forms of names at hand, so that those which are near to a further one are found without comparing it with each of them.

Two short texts that are near have a row of letters in common which is nearly all of either, and are found by it. Long ones have
too many such rows; they are found by their rarest pairs of letters.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import ceil
from typing import Final, NamedTuple

from domain.customer.company_name import core, normalised, numbers
from projections.engine.name_similarity import NEAR, WHOLE, apart, letter_pairs, of_cores, of_forms

SHORT: Final = 8
"""Up to so many letters a text is found by rows of them."""
BUCKETS: Final = 1 << 18
LEAST: Final = Fraction(NEAR - WHOLE) / Fraction(1 - WHOLE)
"""How like the cores of two near names are at least: as like as is left to them where the whole names are the same."""
PLAIN: Final = ""
NUMBERED: Final = "#"

Key = tuple[str, ...]


class Form(NamedTuple):
    """What a name is compared by, and where it was first told."""

    place: int
    normalised: str
    core: str


def form_of(place: int, company: str) -> Form:
    """Return the form of a name."""
    return Form(place, normalised(company), core(company))


def alike(one: Form, other: Form) -> Decimal | None:
    """Return how like two forms are, None where they are not near: 1 for the same name.

    Near names of which both hold numbers hold the same, and their cores share a pair of letters.
    """
    if one.normalised == other.normalised:
        return Decimal(1)
    if apart(one.normalised, other.normalised) or letter_pairs(one.core).isdisjoint(letter_pairs(other.core)):
        return None
    like = of_forms(one[1:], other[1:])
    return like if like >= NEAR else None


def near_among(form: Form, forms: Sequence[Form]) -> Iterator[tuple[Form, Decimal]]:
    """Yield those of some forms that are near to one, or the same name, with their likeness: each of them is compared."""
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import extract

    yield from ((each, Decimal(1)) for each in forms if each.normalised == form.normalised)
    cores = [each.core for each in forms]
    scorer = Indel.normalized_similarity
    for _, _, n in extract(form.core, cores, scorer=scorer, score_cutoff=of_cores(NEAR), limit=None, processor=None):
        like = alike(form, forms[n])
        if like is not None and forms[n].normalised != form.normalised:
            yield forms[n], like


class Index:
    """Forms at hand; one is to be added once."""

    def __init__(self) -> None:
        self._forms: list[Form] = []
        self._heads = array("i", bytes(4 * BUCKETS))
        self._entries = array("i", (0, 0))  # two for each: the form's place, and the entry before it in its bucket
        self._pairs: tuple[dict[Key, array[int]], dict[Key, array[int]]] = ({}, {})  # of short texts, of long ones

    def add(self, form: Form) -> None:
        """Take in a form."""
        n = len(self._forms)
        self._forms.append(form)
        pairs = self._pairs[len(form.core) > SHORT]
        for shelf in _shelves(form, asked=False):
            for key in _keys(form, shelf):
                bucket = hash(key) % BUCKETS
                self._entries.extend((n, self._heads[bucket]))
                self._heads[bucket] = len(self._entries) // 2 - 1
            for pair in letter_pairs(form.core):
                pairs.setdefault((shelf, pair), array("i")).append(n)

    def near(self, form: Form) -> Iterator[tuple[Form, Decimal]]:
        """Yield the forms at hand that are near to one, or the same name, each with its likeness."""
        found: set[int] = set()
        for shelf in _shelves(form, asked=True):
            found |= self._places(form, shelf)
        return near_among(form, [self._forms[n] for n in sorted(found)])

    def _places(self, form: Form, shelf: str) -> set[int]:
        found: set[int] = set()
        for key in _keys(form, shelf):
            entry = self._heads[hash(key) % BUCKETS]
            while entry:
                found.add(self._entries[2 * entry])
                entry = self._entries[2 * entry + 1]
        shorter, longer = self._pairs
        for pairs in (longer, shorter) if len(form.core) > SHORT else (longer,):
            for pair in _rarest(form.core, shelf, pairs):
                found.update(pairs.get(pair, ()))
        return found


def _shelves(form: Form, *, asked: bool) -> tuple[str, str] | tuple[str]:
    """Return where a form is kept, or looked for when it is asked about: what holds other numbers is not looked at."""
    held = numbers(form.normalised)
    if not held:
        return (PLAIN, NUMBERED) if asked else (PLAIN,)
    mine = NUMBERED + NUMBERED.join(held)
    return (mine, PLAIN) if asked else (mine, NUMBERED)


def _keys(form: Form, shelf: str) -> set[Key]:
    """Return by what a form is found: the normalised name, and of a short core the rows that a near one has in common."""
    keys: set[Key] = {(shelf, "", form.normalised)}
    if len(form.core) <= SHORT:
        for letters in _lengths(len(form.core)):
            keys.update((shelf, *row) for row in combinations(form.core, letters))
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


def _rarest(text: str, shelf: str, pairs: dict[Key, array[int]]) -> list[Key]:
    """Return so many of a text's letter pairs, the rarest, that whatever is near to it has one of these."""
    keys: Iterator[Key] = ((shelf, pair) for pair in letter_pairs(text))
    ordered = sorted(keys, key=lambda key: (len(pairs.get(key, ())), key))
    return ordered[: _broken(len(text)) + 1]
