"""Reading a .csv or .xlsx file as a table: its headings, and its rows one at a time, however long the file is."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Final, NamedTuple

from infra.errors.problem import Problem
from infra.files.reader import reading
from infra.formats.cells import Cell, Spoilt, text, unguarded
from infra.imports import xlsx_reader
from infra.imports.xlsx_reader import Records, no_table

MOST_COLUMNS: Final = 1_000
LONGEST_CELL: Final = 32_767
LONGEST_LINE: Final = 4_000_000

_LOOKS_AHEAD: Final = 10
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


class Row(NamedTuple):
    """A row that is not blank: its number as a spreadsheet shows it, and its cells by heading ("" where empty).

    `surplus` counts filled cells to the right of the last heading.
    """

    number: int
    cells: dict[str, Cell]
    surplus: int = 0


class Sheet:
    """A table in a file, read from the beginning each time it is asked for its rows.

    `records` gives every row, blank ones too, with about as many cells as it is told to look for; `name` is that of
    the sheet in a workbook, if one was asked for, `delimiter` a CSV's.
    """

    def __init__(
        self, path: Path, records: Callable[[int], Records], *, name: str | None = None, delimiter: str | None = None
    ) -> None:
        self.path, self.records, self.name, self.delimiter = path, records, name, delimiter
        self.heading_row, cells = _heading_row(path, _read(path, records(MOST_COLUMNS + 1)))
        if len(cells) > MOST_COLUMNS:
            raise no_table(path, "it has more than {most} columns", most=MOST_COLUMNS)
        self.headings = _headings(cells)

    def rows(self) -> Iterator[Row]:
        """Yield the rows under the headings that hold anything. Raises Problem where the file ends being a table."""
        width = len(self.headings)
        for number, cells in _read(self.path, self.records(width)):
            if number <= self.heading_row or not any(cells):
                continue
            if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells):
                raise no_table(
                    self.path, "row {row} has a cell of more than {most} characters", row=number, most=LONGEST_CELL
                )
            padded = [*cells[:width], *[""] * (width - len(cells))]
            named = {heading: cell for heading, cell in zip(self.headings, padded, strict=True) if heading}
            yield Row(number, named, sum(1 for cell in cells[width:] if cell))

    def hidden(self) -> int:
        """Return how many rows are hidden, as those are that a filter leaves out. Raises Problem."""
        return 0 if self.delimiter else xlsx_reader.hidden(self.path, self.name)


def read(path: Path, sheet: str | None = None) -> Sheet:
    """Open the table in a .xlsx or .csv file, told apart by its first bytes; `sheet` names one of a workbook.

    A CSV may be UTF-8, GB18030 or, as Excel's Unicode text, UTF-16, its cells parted by comma, semicolon or tab.
    Raises Problem.
    """
    head = _opening(path)
    if head.startswith(b"PK\x03\x04"):
        return Sheet(path, partial(xlsx_reader.records, path, sheet), name=sheet)
    if head.startswith(_OLD_EXCEL):
        raise no_table(path, "it is an old or locked Excel file; save it as .xlsx without a password")
    with reading(path):
        encoding = encoding_of(path)
    delimiter = _delimiter(path, encoding)
    return Sheet(path, partial(_csv_records, path, encoding, delimiter), delimiter=delimiter)


def encoding_of(path: Path) -> str:
    """Return the encoding in which the whole file can be read. Raises Problem naming the first byte that can't."""
    wide = _opening(path).startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    broken = 0
    for name in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        byte = _first_bad_byte(path, name)
        if byte is None:
            return name
        broken = max(broken, byte)
    facts = {"byte": broken}
    raise Problem(
        "file.unreadable", file=str(path), why="byte {byte} is neither UTF-8 nor GB18030", why_facts=facts, **facts
    )


def _opening(path: Path) -> bytes:
    try:
        # A pipe can't be read twice, and every table is.
        if path.exists() and not path.is_file():
            raise Problem("file.unreadable", file=str(path), why="it is no file")
        with path.open("rb") as file:
            return file.read(8)
    except (OSError, ValueError) as wrong:
        raise Problem("file.unreadable", file=str(path), why=getattr(wrong, "strerror", None) or wrong) from wrong


def _read(path: Path, records: Records) -> Records:
    """Yield records; a file that can't be read to its end is a problem."""
    following = iter(records)
    while True:
        try:
            record = next(following, None)
        except OSError as wrong:
            raise Problem("file.unreadable", file=str(path), why=wrong.strerror or str(wrong)) from wrong
        if record is None:
            return
        yield record


def _first_bad_byte(path: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    done = held = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(1 << 20)
            if encoding != "utf-16" and b"\0" in chunk:
                raise no_table(path, "it holds zero bytes, which no text has")
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as wrong:
                return done - held + wrong.start
            if not chunk:
                return None
            done, held = done + len(chunk), len(decoder.getstate()[0])


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(1 << 16)
    best, most = ",", 1
    for delimiter in ",;\t":
        records = islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _LOOKS_AHEAD)
        try:
            width = next((len(record) for record in records if sum(map(bool, record)) > 1), 1)
        except csv.Error:
            continue
        if width > most:
            best, most = delimiter, width
    return best


def _lines(path: Path, file: IO[str]) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise no_table(path, "it has a line of more than {most} characters", most=LONGEST_LINE)
        yield line


def _csv_records(path: Path, encoding: str, delimiter: str, width: int) -> Records:
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        # Strict, because a quote that is never closed would otherwise swallow the rest of the file without a word.
        reader = csv.reader(_lines(path, file), delimiter=delimiter, strict=True)
        try:
            for number, cells in enumerate(reader, 1):
                if len(cells) > MOST_COLUMNS:
                    raise no_table(path, "row {row} has more than {most} columns", row=number, most=MOST_COLUMNS)
                yield number, [unguarded(cell.strip().strip("\ufeff")) for cell in cells]
        except csv.Error as wrong:
            raise no_table(path, "after row {row}: {detail}", row=number, detail=str(wrong)) from wrong


def _heading_row(path: Path, records: Records) -> tuple[int, list[str]]:
    """Return the first row of at least two cells near the top, as a title of one cell may stand above the headings."""
    filled = (
        (number, ["" if isinstance(cell, Spoilt) else text(cell) for cell in cells])
        for number, cells in records
        if any(cells)
    )
    first = list(islice(filled, _LOOKS_AHEAD))
    if not first:
        raise no_table(path, "it is empty")
    number, cells = next((row for row in first if sum(map(bool, row[1])) > 1), first[0])
    while not cells[-1]:
        cells.pop()
    return number, cells


def _headings(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the headings on one line each; one that comes again gets a number, an empty one stays empty."""
    out: list[str] = []
    for cell in cells:
        words = heading = " ".join(cell.split())
        again = 2
        while heading and heading in out:
            heading, again = f"{words} ({again})", again + 1
        out.append(heading)
    return tuple(out)
