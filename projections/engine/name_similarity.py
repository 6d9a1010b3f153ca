"""How like two company names are: from 0 for nothing in common to 1, words for places counting little."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from domain.customer.company_name import core, normalised, numbers

NEAR: Final = Decimal("0.8")
"""From which likeness on two names are near, unless it is said otherwise."""
WHOLE: Final = Decimal("0.15")
"""How much of the likeness is that of the whole names; the rest is that of their cores."""


ROUNDED: Final = 1e-6
"""How much less rapidfuzz is told: from a cutoff nearer than some 1e-8 to a likeness on, it leaves out that likeness too."""


def cutoff(least: Decimal) -> float:
    """Return below what rapidfuzz is told to leave texts out, so that none stays away that is so like: it reckons in floats."""
    return float(least) - ROUNDED


def of_cores(least: Decimal) -> float:
    """Return the same of the cores of two names that are so like."""
    return cutoff((least - WHOLE) / (1 - WHOLE))


def common(one: str, other: str) -> int:
    """Return how many letters two texts have in common in one order, the longest such row of them (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for n, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << n
    every = row = (1 << len(one)) - 1
    for letter in other:
        met = row & places.get(letter, 0)
        row = (row + met) | (row - met)
    return (~row & every).bit_count()


def similar(one: str, other: str) -> Decimal:
    """Return the part of the letters of two texts that is common to both; as rapidfuzz's Indel.normalized_similarity."""
    if not one and not other:
        return Decimal(1)
    return Decimal(2 * common(one, other)) / (len(one) + len(other))


def likeness(one: str, other: str) -> Decimal:
    """Return how like two companies' names are."""
    return of_forms((normalised(one), core(one)), (normalised(other), core(other)))


def of_forms(one: tuple[str, str], other: tuple[str, str]) -> Decimal:
    """Return how like two names are of which the normalised forms and the cores are at hand."""
    whole = similar(one[0], other[0])
    return whole if whole == 1 else similar(one[1], other[1]) * (1 - WHOLE) + whole * WHOLE


def apart(one: str, other: str) -> bool:
    """Say whether two normalised names hold numbers that differ: what is counted (branches, shops, test data) is several."""
    mine, others = numbers(one), numbers(other)
    return bool(mine and others and mine != others)


def near_pairs(names: Sequence[str], least: Decimal) -> Iterator[tuple[int, int, Decimal]]:
    """Yield each two of some names that are at least so like, with their likeness; the same name twice is left out.

    Compared are those names whose cores share one of the letter pairs that are rarest in one of them. Of two names that both
    hold numbers, those must be the same.
    """
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import extract

    cores = [core(name) for name in names]
    by_pair = _index(cores)
    lowest = of_cores(least)
    for n, mine in enumerate(cores):
        others = {m for pair in _rarest(mine, by_pair) for m in by_pair[pair] if m > n}
        choices = {m: cores[m] for m in others}
        scorer = Indel.normalized_similarity
        for _, _, m in extract(mine, choices, scorer=scorer, score_cutoff=lowest, limit=None, processor=None):
            like = likeness(names[n], names[m])
            forms = normalised(names[n]), normalised(names[m])
            if like >= least and forms[0] != forms[1] and not apart(*forms):
                yield n, m, like


def letter_pairs(text: str) -> set[str]:
    """Return each two letters that follow each other in a text; the text itself where it has but one."""
    return {text[n : n + 2] for n in range(len(text) - 1)} or {text}


def _index(cores: Sequence[str]) -> dict[str, list[int]]:
    """Return which of the texts hold each pair of letters."""
    found: dict[str, list[int]] = {}
    for n, text in enumerate(cores):
        for pair in letter_pairs(text):
            found.setdefault(pair, []).append(n)
    return found


def _rarest(text: str, by_pair: dict[str, list[int]]) -> list[str]:
    """Return so many of a text's letter pairs, the rarest, that a text which shares a third of them has one of these."""
    pairs = sorted(letter_pairs(text), key=lambda pair: (len(by_pair[pair]), pair))
    return pairs[: len(pairs) - max(1, len(pairs) // 3) + 1]
