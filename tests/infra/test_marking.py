"""The marked copy of a file: each row's verdict, beside the cell that is wrong, and mended rows imported again."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from infra.errors.problem import Problem
from infra.imports.annotated_copy import RESULT_HEADING, Verdict, column_of, copy_of, mark
from infra.imports.column_mapping import KEY_HEADING
from infra.imports.row_commands import Told
from infra.imports.table_reader import read
from tests.infra.test_importing import requests, table, told


def verdicts(rows: list[Told]) -> dict[int, Verdict]:
    return {
        ref.row: Verdict(row.code, column_of(row), ref.key)
        if isinstance(row, Problem)
        else Verdict("ok", None, ref.key)
        for ref, row in rows
    }


def test_a_marked_csv_shows_each_verdict_and_is_imported_under_the_same_keys(tmp_path: Path) -> None:
    path = table(tmp_path, "线索,,\n公司,来源,日期\n甲,online,2024-01-08\n\n乙,online,8.1.\n丙,x,2024-01-08,y\n")
    rows = told(path)
    out = copy_of(path)
    mark(read(path), out, verdicts(rows))
    with out.open(encoding="utf-8-sig", newline="") as file:
        marked = list(csv.reader(file))
    assert marked[1] == ["公司", "来源", "日期", RESULT_HEADING, KEY_HEADING]
    assert marked[4] == ["乙", "online", "8.1.", "import.bad_cell", rows[1][0].key]
    assert marked[5][:5] == ["丙", "x", "2024-01-08", "y", "import.surplus_cells"]
    out.write_text(out.read_text(encoding="utf-8-sig").replace("8.1.", "2024-01-09").replace("乙", "乙公司"), "utf-8")
    again = told(out)
    assert [ref.key for ref, _ in again[:2]] == [ref.key for ref, _ in rows[:2]]
    assert [isinstance(row, Problem) for _, row in again] == [False, False, True]


def test_a_marked_workbook_has_a_comment_beside_the_wrong_cell_and_loses_it_once_mended(tmp_path: Path) -> None:
    path, out = tmp_path / "expo.xlsx", tmp_path / "out.xlsx"
    book = openpyxl.Workbook()
    for row in (["公司", "来源", "日期"], ["甲", "online", dt.date(2024, 1, 8)], ["乙", "online", "8.1."]):
        book.active.append(row)
    book.active["A4"], book.active["B4"] = "'=1+1", "online"
    book.active["A4"].value, book.active["A4"].data_type = "=1+1", "s"
    book.save(path)
    rows = told(path)
    mark(read(path), out, verdicts(rows))
    book = openpyxl.load_workbook(out)
    page = book.active
    assert [page.cell(n, 4).value for n in (1, 2, 3)] == [RESULT_HEADING, "ok", "import.bad_cell"]
    assert page["C3"].comment.text == "import.bad_cell"
    assert (page["A4"].value, page["A4"].data_type) == ("=1+1", "s")
    page["C3"].value, page["A3"].value = dt.date(2024, 1, 9), "乙公司"
    book.save(out)
    again = told(out)
    assert [ref.key for ref, _ in again] == [ref.key for ref, _ in rows]
    assert requests(again)[1].at == "2024-01-09"
    mark(read(out), path, verdicts(again))
    page = openpyxl.load_workbook(path).active
    assert page["C3"].comment is None
    assert [cell.value for cell in page[1]] == ["公司", "来源", "日期", RESULT_HEADING, KEY_HEADING]


def test_a_verdict_that_looks_like_a_formula_is_none(tmp_path: Path) -> None:
    evil = {2: Verdict("=HYPERLINK(1)", None, "=x")}
    source = table(tmp_path, "company,channel\nA,online\n")
    mark(read(source), tmp_path / "out.csv", evil)
    assert "'=HYPERLINK" in (tmp_path / "out.csv").read_text("utf-8-sig")
    book = openpyxl.Workbook()
    book.active.append(["company", "channel"])
    book.active.append(["A", "online"])
    book.save(tmp_path / "a.xlsx")
    mark(read(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", evil)
    assert openpyxl.load_workbook(tmp_path / "b.xlsx").active["C2"].data_type == "s"


def test_the_original_is_never_written_over(tmp_path: Path) -> None:
    path = table(tmp_path, "company,channel\nA,online\n")
    for out in (path, tmp_path / "none" / "out.csv"):
        with pytest.raises(Problem, match=r"file\.unwritable"):
            mark(read(path), out, {2: Verdict("ok")})
