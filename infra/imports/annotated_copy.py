"""A copy of an imported file with the verdict in each row, and what is wrong beside the cell it is wrong in."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any, Final, NamedTuple

from infra.errors.problem import Problem
from infra.files.writer import whole
from infra.formats.cells import guarded, text
from infra.imports.column_mapping import KEY_HEADING
from infra.imports.table_reader import Sheet
from infra.imports.xlsx_reader import chosen, workbook

RESULT_HEADING: Final = "结果 / result"

_AUTHOR: Final = "sales"
_FILL: Final = "FFF4CCCC"
_WIDTH: Final = 60
_KEY_WIDTH: Final = 30
_NOTE: Final = (280, 130)


class Verdict(NamedTuple):
    """What became of a row, in words; the heading of the column that is to blame; and the row's key.

    `others` are further columns that are to blame, with the words for each.

    A copy that keeps the keys can be mended in any cell and imported again under any name without doubling a row.
    """

    text: str
    column: str | None = None
    key: str | None = None
    others: tuple[tuple[str, str], ...] = ()

    def blames(self) -> dict[str, str]:
        """Return what is said beside the cell of each column that is to blame."""
        return {**dict(self.others), **({self.column: self.text} if self.column else {})}


def copy_of(path: Path) -> Path:
    """Return where the marked copy of a file goes unless one says otherwise: beside it."""
    return path.with_name(f"{path.stem}-result{path.suffix}")


def column_of(problem: Problem) -> str | None:
    """Return the heading of the column that a row's problem names, if it names one."""
    column = problem.facts.get("column")
    return column if isinstance(column, str) and column != "-" else None


def mark(sheet: Sheet, out: Path, verdicts: Mapping[int, Verdict]) -> None:
    """Write a copy of the sheet's file to `out` with a verdict for each row number that has one.

    A workbook is copied as values, as they were read; a CSV becomes UTF-8 with a BOM, which Excel reads rightly.
    The original stays as it is. Raises Problem.
    """
    if out.exists() and out.samefile(sheet.path):
        raise Problem("file.unwritable", file=str(out), why="it is the file that is read")
    try:
        with whole(out) as part:
            (_mark_csv if sheet.delimiter else _mark_workbook)(sheet, part, verdicts)
    except OSError as wrong:
        raise Problem("file.unwritable", file=str(out), why=wrong.strerror or wrong) from wrong


def _places(sheet: Sheet) -> tuple[int, int]:
    """Return at which column, from 0, the verdict and the key stand: where a marked copy has them, else at the end."""
    headings = list(sheet.headings)
    for heading in (RESULT_HEADING, KEY_HEADING):
        if heading not in headings:
            headings.append(heading)
    return headings.index(RESULT_HEADING), headings.index(KEY_HEADING)


def _mark_csv(sheet: Sheet, out: Path, verdicts: Mapping[int, Verdict]) -> None:
    places = _places(sheet)
    width = max(*places, len(sheet.headings) - 1) + 1
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=sheet.delimiter or ",")
        for number, cells in sheet.records(width):
            row = [guarded(text(cell)) for cell in cells]
            marks = (RESULT_HEADING, KEY_HEADING) if number == sheet.heading_row else _marks(verdicts.get(number))
            while row and not row[-1]:
                row.pop()
            if len(row) > len(sheet.headings):
                row += marks
            elif any(marks):
                row += [""] * (width - len(row))
                for place, words in zip(places, marks, strict=True):
                    row[place] = words
            writer.writerow(row)


def _marks(verdict: Verdict | None) -> tuple[str, str]:
    if verdict is None:
        return "", ""
    return guarded(verdict.text), guarded(verdict.key or "")


def _mark_workbook(sheet: Sheet, out: Path, verdicts: Mapping[int, Verdict]) -> None:
    with workbook(sheet.path) as book:
        page = chosen(book, sheet.path, sheet.name)
        result, key = _places(sheet)
        _write(page, sheet.heading_row, result, RESULT_HEADING)
        _write(page, sheet.heading_row, key, KEY_HEADING)
        for place, wide in ((result, _WIDTH), (key, _KEY_WIDTH)):
            held = page.column_dimensions[page.cell(1, place + 1).column_letter]
            held.width = max(held.width or 0, wide)
        _like_its_neighbour(page, sheet.heading_row, max(result, key), min(result, key))
        for head in page[sheet.heading_row]:
            if head.comment:  # its size is not read with it
                head.comment.width, head.comment.height = _NOTE
        for number, verdict in verdicts.items():
            _write(page, number, result, verdict.text)
            _write(page, number, key, verdict.key or "")
            _wrapped(page, number, result, verdict.text)
            blames = verdict.blames()
            for place, heading in enumerate(sheet.headings):
                _blame(page.cell(number, place + 1), blames.get(heading, "") if heading else "")
        book.save(out)


def _like_its_neighbour(page: Any, row: int, *places: int) -> None:
    """Give headings that were added the look of the one before them."""
    for place in sorted(places):
        made, before = page.cell(row, place + 1), page.cell(row, max(place, 1))
        if not made.has_style and before.has_style:
            for part in ("font", "fill", "border", "alignment"):
                setattr(made, part, copy(getattr(before, part)))


def _wrapped(page: Any, row: int, place: int, words: str) -> None:
    from openpyxl.styles import Alignment

    page.cell(row, place + 1).alignment = Alignment(wrap_text=True, vertical="top")
    wide = sum(1 + (letter > "\u2e7f") for letter in words)
    lines = 1 + wide // (_WIDTH - 4) + words.count("\n")
    if lines > 1:
        page.row_dimensions[row].height = max(page.row_dimensions[row].height or 0, 15 * lines)


def _write(page: Any, number: int, place: int, words: str) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell

    cell = page.cell(number, place + 1)
    if isinstance(cell, Cell):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", words) or None
        if words:
            cell.data_type = "s"  # a text that begins with = is no formula


def _blame(cell: Any, words: str) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    if not isinstance(cell, Cell):
        return
    if words:
        cell.comment = Comment(ILLEGAL_CHARACTERS_RE.sub("", words), _AUTHOR, *reversed(_NOTE))
        cell.fill = PatternFill("solid", fgColor=_FILL)
    elif cell.comment and cell.comment.author == _AUTHOR:
        cell.comment = None
        cell.fill = PatternFill()
