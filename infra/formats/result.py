"""What a format is given to be shown: rows under columns, and the moment that they speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from projections.views.column import Column

if TYPE_CHECKING:
    from infra.formats.grid import Grid


class Result(NamedTuple):
    """Rows under columns. `meta` holds what JSON says beside them: as_of, known_at, position.

    A file for reading stands under `title` (a message id), else under what `line` begins with, the line of help that tells
    of the view; a workbook draws what `charts` makes of the rows.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Mapping[str, Any]]
    meta: Mapping[str, Any] = {}
    title: str = ""
    charts: Callable[[Sequence[Mapping[str, Any]]], Iterable[Grid]] | None = None
    line: str = ""
