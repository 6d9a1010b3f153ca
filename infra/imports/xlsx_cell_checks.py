"""What a workbook's values don't tell of its cells: formulas without a result, merged cells, hidden rows.

A sheet's XML is read once, piece by piece; one that has nothing of the kind costs a search for a few words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import IO, Final, NamedTuple

from domain.kernel.field import BadValue
from infra.formats.cells import Cell, Spoilt

CHUNK: Final = 1 << 20
LONGEST: Final = 32 << 20
"""No row's XML is longer than this in a file that was made to be read."""

_ROW: Final = re.compile(rb"<row\b([^>]*)>(.*?)</row>", re.DOTALL)
_CELL: Final = re.compile(rb"<c\b([^>]*)(?<!/)>(.*?)</c>", re.DOTALL)
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_VALUE: Final = re.compile(rb"<v\b[^>]*>[^<]")
_HIDDEN: Final = re.compile(rb'<row\b[^>]*\bhidden="(?:1|true)"')
_MERGED: Final = re.compile(rb'<mergeCell\b[^>]*\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


class Merged(NamedTuple):
    """A range of merged cells: rows from 1, columns from 0."""

    said: str
    top: int
    bottom: int
    left: int
    right: int

    def spoilt(self) -> Spoilt:
        """Return what stands in each cell of the range but the first."""
        why = BadValue("it is a part of the merged cells {range}; unmerge them and fill each cell", range=self.said)
        return Spoilt(self.said, why)


class Odd:
    """The odd cells of one sheet, asked for row by row from the top."""

    def __init__(self) -> None:
        self.hidden = 0
        self.uncomputed: dict[int, set[int]] = {}
        self.merged: list[Merged] = []
        self._reaching: list[Merged] = []

    def of_row(self, number: int, cells: Sequence[Cell], width: int) -> dict[int, Spoilt]:
        """Return what is spoilt in a row, by column from 0: below the first row of what was merged, one can't tell
        whether its value is meant for each of the rows.
        """
        if not self.uncomputed and not self.merged and not self._reaching:
            return {}
        found = {}
        for place in self.uncomputed.get(number, ()):
            why = BadValue("the formula in it has no result; open the workbook, let it reckon, and save it")
            found[place] = Spoilt("=", why)
        for area in self._reaching:
            found |= dict.fromkeys(range(area.left, min(area.right + 1, width)), area.spoilt())
        while self.merged and self.merged[-1].top <= number:
            area = self.merged.pop()
            if area.left < len(cells) and cells[area.left]:
                self._reaching.append(area)
        self._reaching = [area for area in self._reaching if area.bottom > number]
        return {place: said for place, said in found.items() if place < width}


def found(file: IO[bytes]) -> Odd:
    """Read the XML of a sheet."""
    odd = Odd()
    held = b""
    for piece in _pieces(file):
        held += piece
        rows, end, rest = held.rpartition(b"</row>")
        if end:
            _look(rows + end, odd)
            held = rest
        elif len(held) > LONGEST:
            break
    for left, top, right, bottom in _MERGED.findall(held):
        said = f"{left.decode()}{int(top)}:{right.decode()}{int(bottom)}"
        odd.merged.append(Merged(said, int(top), int(bottom), _column(left), _column(right)))
    odd.merged.sort(key=lambda area: -area.top)
    return odd


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        yield piece


def _look(rows: bytes, odd: Odd) -> None:
    if b"hidden=" in rows:
        odd.hidden += len(_HIDDEN.findall(rows))
    if b"<f" not in rows:
        return
    for _said, cells in _ROW.findall(rows):
        for attributes, cell in _CELL.findall(cells) if b"<f" in cells else ():
            place = _PLACE.search(attributes)
            # A formula whose result is an empty text says so by its type.
            if b"<f" in cell and place and not _VALUE.search(cell) and b't="str"' not in attributes:
                odd.uncomputed.setdefault(int(place[2]), set()).add(_column(place[1]))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
