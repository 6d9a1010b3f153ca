"""What a view hands over to be shown: columns, rows, and the moment it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from infra.report.model import Grid

Kind = Literal["text", "amount", "count", "ratio", "date", "time", "list"]
NUMBERS = ("amount", "count", "ratio")


class Column(NamedTuple):
    """A column: its key in JSON, its title (a message id), what it holds, and what stands where nothing is known.

    One that is `asked` for by a flag keeps its room where there is not enough for all.
    """

    key: str
    title: str
    kind: Kind = "text"
    align: Literal["", "left", "right"] = ""
    missing: str = "—"
    asked: bool = False

    @property
    def right(self) -> bool:
        return self.align == "right" or (not self.align and self.kind in NUMBERS)


class View(NamedTuple):
    """Rows under columns. `meta` holds what JSON says beside them: as_of, known_at, position.

    A file for reading stands under `title` (a message id), a workbook draws what `charts` makes of the rows.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Mapping[str, Any]]
    meta: Mapping[str, Any] = {}
    title: str = ""
    charts: Callable[[Sequence[Mapping[str, Any]]], Iterable[Grid]] | None = None
