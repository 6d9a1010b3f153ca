"""What a view hands over to be shown: columns, rows, and the moment it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

Kind = Literal["text", "amount", "count", "ratio", "date", "time", "list"]
NUMBERS = ("amount", "count", "ratio")


class Column(NamedTuple):
    """A column: its key in JSON, its title (a message id), what it holds, and what stands where nothing is known."""

    key: str
    title: str
    kind: Kind = "text"
    align: Literal["", "left", "right"] = ""
    missing: str = "—"

    @property
    def right(self) -> bool:
        return self.align == "right" or (not self.align and self.kind in NUMBERS)


class View(NamedTuple):
    """Rows under columns. `meta` holds what JSON says beside them: as_of, known_at, position."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Mapping[str, Any]]
    meta: Mapping[str, Any] = {}
