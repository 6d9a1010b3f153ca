"""Rows as totals: how many have each value of a column, and what the numbers of each currency come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

Row = Mapping[str, Any]
Totals = dict[str, Any]


def totalled(rows: Iterable[Row], count: Sequence[str] = (), sums: Sequence[str] = ()) -> Totals:
    """Return how many rows there are, how many by each value of the columns to count, and the sums by currency."""
    found: Counter[str] = Counter()
    amounts: dict[str, Decimal] = {}
    for row in rows:
        found["rows"] += 1
        for column in count:
            found[f"{column} {plain(row[column])}"] += 1
        for column in sums:
            name = f"{column} in {row.get('currency')}"
            amounts[name] = amounts.get(name, Decimal(0)) + Decimal(row[column] or 0)
    return {**found, **{name: amount for name, amount in amounts.items() if amount}}


def laid_out(rows: Iterable[Row], by: Sequence[str], columns: Sequence[str]) -> Totals:
    """Return every figure of every row, under what names the row."""
    return {
        f"{'/'.join(str(plain(row[name])) for name in by)} {column}": plain(row[column])
        for row in rows
        for column in columns
    }


def plain(value: Any) -> Any:
    """Return a value so that the same figure looks the same: numbers as decimals without trailing zeros."""
    if isinstance(value, bool) or value is None:
        return value
    return written(value) if isinstance(value, str) else figure(value)


def figure(value: Any) -> Any:
    """Return a number as a decimal without trailing zeros, and all else as text."""
    try:
        number = Decimal(str(value)).normalize()
    except ArithmeticError:
        return str(value)
    return number + 0


written = lru_cache(None)(figure)
"""The same for texts, of which few are told apart."""


def differing(shown: Totals, reckoned: Totals) -> dict[str, tuple[Any, Any]]:
    """Return what is shown otherwise than it was reckoned: by name, both figures."""
    names = sorted({*shown, *reckoned}, key=str)
    return {
        name: (shown.get(name), reckoned.get(name))
        for name in names
        if plain(shown.get(name)) != plain(reckoned.get(name))
    }
