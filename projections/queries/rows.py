"""Rows put together by what they share: a department, a kind, an owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]


def grouped(rows: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    """Return the rows of each value of `key`, in the order in which the values come."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def by_owner(rows: Iterable[Row]) -> list[tuple[str | None, list[Row]]]:
    """Return the rows of each owner, by login; those that nobody owns come last."""
    return sorted(grouped(rows, "owner").items(), key=lambda each: (each[0] is None, each[0] or ""))
