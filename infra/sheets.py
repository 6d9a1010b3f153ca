"""Reading a .csv or .xlsx file as a table: its headings, and its rows one at a time, however long the file is."""

from __future__ import annotations

import codecs
import csv
import io
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from infra.cells import Cell, plain, text, unguarded
from infra.problem import Problem

Records = Iterator[tuple[int, Sequence[Cell]]]

MOST_COLUMNS: Final = 1_000
LONGEST_CELL: Final = 32_767
LONGEST_LINE: Final = 4_000_000
MOST_ROWS: Final = 1_048_576
MOST_BYTES: Final = 1 << 30
MOST_KEPT: Final = 128 << 20
"""What the parts that are read as a whole may unpack to: texts and styles; a sheet is read row by row."""
MOST_COPIED: Final = 64 << 20
"""What a workbook that is held as a whole, to be copied, may unpack to: about a million cells."""
TIGHTEST: Final = 400
"""A workbook packs its XML ten- to a hundredfold; what unpacks to more than this and is large is made to do harm."""

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
        self.heading_row, cells = _heading_row(path, records(MOST_COLUMNS + 1))
        if len(cells) > MOST_COLUMNS:
            raise _no_table(path, f"it has more than {MOST_COLUMNS} columns")
        self.headings = _headings(cells)

    def rows(self) -> Iterator[Row]:
        """Yield the rows under the headings that hold anything. Raises Problem where the file ends being a table."""
        width = len(self.headings)
        for number, cells in self.records(width):
            if number <= self.heading_row or not any(cells):
                continue
            if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells):
                raise _no_table(self.path, f"row {number} has a cell of more than {LONGEST_CELL} characters")
            padded = [*cells[:width], *[""] * (width - len(cells))]
            named = {heading: cell for heading, cell in zip(self.headings, padded, strict=True) if heading}
            yield Row(number, named, sum(1 for cell in cells[width:] if cell))


def read(path: Path, sheet: str | None = None) -> Sheet:
    """Open the table in a .xlsx or .csv file, told apart by its first bytes; `sheet` names one of a workbook.

    A CSV may be UTF-8, GB18030 or, as Excel's Unicode text, UTF-16, its cells parted by comma, semicolon or tab.
    Raises Problem.
    """
    head = _opening(path)
    if head.startswith(b"PK\x03\x04"):
        return Sheet(path, partial(_workbook_records, path, sheet), name=sheet)
    if head.startswith(_OLD_EXCEL):
        raise _no_table(path, "it is an old or locked Excel file; save it as .xlsx without a password")
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
    raise Problem("file.unreadable", file=str(path), why=f"byte {broken} is neither UTF-8 nor GB18030", byte=broken)


def _opening(path: Path) -> bytes:
    try:
        # A pipe can't be read twice, and every table is.
        if path.exists() and not path.is_file():
            raise Problem("file.unreadable", file=str(path), why="it is no file")
        with path.open("rb") as file:
            return file.read(8)
    except (OSError, ValueError) as wrong:
        raise Problem("file.unreadable", file=str(path), why=getattr(wrong, "strerror", None) or wrong) from wrong


def _first_bad_byte(path: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    done = held = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(1 << 20)
            if encoding != "utf-16" and b"\0" in chunk:
                raise _no_table(path, "it holds zero bytes, which no text has")
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
            raise _no_table(path, f"it has a line of more than {LONGEST_LINE} characters")
        yield line


def _csv_records(path: Path, encoding: str, delimiter: str, width: int) -> Records:
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        # Strict, because a quote that is never closed would otherwise swallow the rest of the file without a word.
        reader = csv.reader(_lines(path, file), delimiter=delimiter, strict=True)
        try:
            for number, cells in enumerate(reader, 1):
                if len(cells) > MOST_COLUMNS:
                    raise _no_table(path, f"row {number} has more than {MOST_COLUMNS} columns")
                yield number, [unguarded(cell.strip().strip("\ufeff")) for cell in cells]
        except csv.Error as wrong:
            raise _no_table(path, f"after row {number}: {wrong}") from wrong


@contextmanager
def workbook(path: Path, **how: Any) -> Iterator[Any]:
    """Open a workbook with openpyxl, as values and without its links to other files. Raises Problem."""
    import openpyxl

    # It warns of each feature of Excel that it does not keep; a table has none of them.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    _refuse_bomb(path, held=not how.get("read_only"))
    try:
        book = openpyxl.load_workbook(path, data_only=True, keep_links=False, **how)
    except Exception as wrong:
        raise _no_table(path, f"it is no workbook ({wrong})") from wrong
    try:
        yield book
    finally:
        book.close()


def chosen(book: Any, path: Path, sheet: str | None) -> Any:
    """Return the sheet of that name, or the first. Raises Problem."""
    for one in book.worksheets:
        if sheet is None or one.title == sheet:
            return one
    raise _no_table(path, f"it has no sheet {sheet or '-'}, only {', '.join(book.sheetnames)}")


def _refuse_bomb(path: Path, *, held: bool) -> None:
    try:
        with zipfile.ZipFile(path) as book:
            parts = book.infolist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as wrong:
        raise _no_table(path, f"it is no workbook ({wrong})") from wrong
    total, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts) or 1
    kept = sum(part.file_size for part in parts if not part.filename.lstrip("/").startswith("xl/worksheets/"))
    if held and total > MOST_COPIED:
        raise Problem("file.unwritable", file=str(path), why="the workbook is too large to be copied with its verdicts")
    if total > MOST_BYTES or kept > MOST_KEPT or (total > MOST_BYTES >> 4 and total / packed > TIGHTEST):
        raise _no_table(path, f"it unpacks to {total >> 20} MiB, more than a table needs")


def _workbook_records(path: Path, sheet: str | None, width: int) -> Records:
    with workbook(path, read_only=True) as book:
        page = chosen(book, path, sheet)
        # The stated size may be missing, wrong or a million columns.
        page.reset_dimensions()
        rows = page.iter_rows(max_row=MOST_ROWS, max_col=width, values_only=True)
        number, before, cells = 0, None, list[Cell]()
        try:
            for number, values in enumerate(rows, 1):
                if values is not before:  # a gap of a million rows is the same empty one a million times
                    before, cells = values, [plain(value) for value in values]
                    cells = cells if any(cells) else []
                yield number, cells
        except Exception as wrong:
            raise _no_table(path, f"its sheet {page.title} is broken after row {number} ({wrong})") from wrong


def _heading_row(path: Path, records: Records) -> tuple[int, list[str]]:
    """Return the first row of at least two cells near the top, as a title of one cell may stand above the headings."""
    filled = ((number, [text(cell) for cell in cells]) for number, cells in records if any(cells))
    first = list(islice(filled, _LOOKS_AHEAD))
    if not first:
        raise _no_table(path, "it is empty")
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


def _no_table(path: Path, why: str) -> Problem:
    return Problem("import.not_a_table", file=str(path), why=why)
