"""The periods that are asked about, by name."""

from __future__ import annotations

from datetime import date, timedelta


def span(name: str) -> tuple[date, date]:
    """Return the first and the last day of 2024, 2024Q1, 2024-02 or 2024-W07."""
    year = int(name[:4])
    if "W" in name:
        monday = date.fromisocalendar(year, int(name[-2:]), 1)
        return monday, monday + timedelta(days=6)
    if "Q" in name:
        first = 3 * int(name[-1]) - 2
        return date(year, first, 1), month_end(year, first + 2)
    if len(name) == 4:
        return date(year, 1, 1), date(year, 12, 31)
    return date(year, int(name[-2:]), 1), month_end(year, int(name[-2:]))


def month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def within(day: date, name: str) -> bool:
    """Say whether a day lies in a period."""
    first, last = span(name)
    return first <= day <= last


def week(day: date) -> str:
    """Return the name of the ISO week of a day."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"
