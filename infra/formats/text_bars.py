"""The bars of a waterfall as text: each drawn where it lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from projections.views.column import Column

DRAWN: Final = Column("drawn", "", missing="")
LENGTH: Final = 40
"""How many columns of the terminal the longest bar takes."""

Rows = Sequence[Mapping[str, Any]]


def drawn(rows: Rows) -> Iterator[dict[str, Any]]:
    """Yield the rows, each with its bar."""
    for currency in dict.fromkeys(row["currency"] for row in rows):
        mine = [row for row in rows if row["currency"] == currency]
        for row, bar in zip(mine, bars(mine), strict=True):
            yield {**row, "drawn": bar}


def bars(rows: Rows) -> Iterator[str]:
    """Yield a bar for each row of one currency, from where the one before it ended."""
    at = Decimal(0)
    spans = []
    for row in rows:
        moved = Decimal(row["amount"])
        begin = Decimal(0) if row["bar"] in ("open", "closing") else at
        at = begin + moved
        spans.append((min(begin, at), max(begin, at)))
    widest = max(high for _, high in spans) or Decimal(1)
    for low, high in spans:
        first, last = int(low * LENGTH / widest), int(high * LENGTH / widest)
        yield " " * first + "█" * max(last - first, 1 if high > low else 0)
