"""Reading a workbook as rows of plain cells, without trusting what it says of its size or its cells."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from infra.errors.problem import Problem
from infra.formats.cells import MOST_ROWS, Cell, Spoilt, plain
from infra.imports import xlsx_cell_checks
from infra.imports.xlsx_cell_checks import Odd

Records = Iterator[tuple[int, Sequence[Cell]]]

MOST_BYTES: Final = 1 << 30
MOST_KEPT: Final = 128 << 20
"""What the parts that are read as a whole may unpack to: texts and styles; a sheet is read row by row."""
MOST_COPIED: Final = 64 << 20
"""What a workbook that is held as a whole, to be copied, may unpack to: about a million cells."""
TIGHTEST: Final = 400
"""A workbook packs its XML ten- to a hundredfold; what unpacks to more than this and is large is made to do harm."""


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
        raise no_table(path, "it is no workbook ({detail})", detail=str(wrong)) from wrong
    try:
        yield book
    finally:
        book.close()


def chosen(book: Any, path: Path, sheet: str | None) -> Any:
    """Return the sheet of that name, or the first. Raises Problem."""
    for one in book.worksheets:
        if sheet is None or one.title == sheet:
            return one
    raise no_table(
        path, "it has no sheet {sheet}, only {sheets}", sheet=sheet or "-", sheets=", ".join(book.sheetnames)
    )


def _refuse_bomb(path: Path, *, held: bool) -> None:
    try:
        with zipfile.ZipFile(path) as book:
            parts = book.infolist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as wrong:
        raise no_table(path, "it is no workbook ({detail})", detail=str(wrong)) from wrong
    total, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts) or 1
    kept = sum(part.file_size for part in parts if not part.filename.lstrip("/").startswith("xl/worksheets/"))
    if held and total > MOST_COPIED:
        raise Problem("file.unwritable", file=str(path), why="the workbook is too large to be copied with its verdicts")
    if total > MOST_BYTES or kept > MOST_KEPT or (total > MOST_BYTES >> 4 and total / packed > TIGHTEST):
        raise no_table(path, "it unpacks to {size} MiB, more than a table needs", size=total >> 20)


def records(path: Path, sheet: str | None, width: int) -> Records:
    with workbook(path, read_only=True) as book:
        page = chosen(book, path, sheet)
        # The stated size may be missing, wrong or a million columns.
        page.reset_dimensions()
        rows = page.iter_rows(max_row=MOST_ROWS, max_col=width, values_only=True)
        number, before, cells = 0, None, list[Cell]()
        try:
            odd = odd_of(path, page.title)
            for number, values in enumerate(rows, 1):
                if values is not before:  # a gap of a million rows is the same empty one a million times
                    before, cells = values, [plain(value) for value in values]
                    cells = cells if any(cells) else []
                spoilt = odd.of_row(number, cells, width)
                yield number, with_spoilt(cells, spoilt) if spoilt else cells
        except Exception as wrong:
            raise no_table(
                path,
                "its sheet {sheet} is broken after row {row} ({detail})",
                sheet=page.title,
                row=number,
                detail=str(wrong),
            ) from wrong


def odd_of(path: Path, title: str) -> Odd:
    """Return the odd cells of a sheet, from its XML: openpyxl tells values alone."""
    from openpyxl.reader.excel import ExcelReader

    reader = ExcelReader(path, read_only=True, keep_links=False)
    with reader.archive:
        reader.read_manifest()
        reader.read_workbook()
        place = next(part.target for sheet, part in reader.parser.find_sheets() if sheet.name == title)
        with reader.archive.open(place) as file:
            return xlsx_cell_checks.found(file)


def with_spoilt(cells: Sequence[Cell], spoilt: Mapping[int, Spoilt]) -> Sequence[Cell]:
    """Return a row with what stands for its cells that can't be read."""
    whole = [*cells, *[""] * (max(spoilt) + 1 - len(cells))]
    for place, said in spoilt.items():
        whole[place] = said
    return whole


def hidden(path: Path, sheet: str | None) -> int:
    """Return how many rows of a sheet are hidden. Raises Problem."""
    with workbook(path, read_only=True) as book:
        return odd_of(path, chosen(book, path, sheet).title).hidden


def no_table(path: Path, why: str, **facts: Any) -> Problem:
    """Return the problem of a file that holds no table, or none that can be read."""
    return Problem("import.not_a_table", file=str(path), why=why, why_facts=facts)
