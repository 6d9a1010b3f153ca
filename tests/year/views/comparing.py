"""What it is to compare a view: its totals as they are shown, and as they are reckoned from the lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tests.year.asked import Moment
from tests.year.reckoning.book import Book
from tests.year.totals import Totals

Pair = tuple[Totals, Totals]
"""Shown, reckoned."""

Compared = Callable[[str, Moment, Book], Pair]


def quarter(day: date) -> str:
    """Return the name of the quarter of a day."""
    return f"{day.year}Q{(day.month + 2) // 3}"
