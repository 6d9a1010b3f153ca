"""Tables in files: encodings, separators, workbooks, and what is none."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from infra.errors.problem import Problem
from infra.imports import xlsx_reader
from infra.imports.table_reader import read


def csv_file(folder: Path, content: bytes | str, name: str = "leads.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def xlsx_file(folder: Path, *rows: list[Any], name: str = "leads.xlsx") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value is not None:
                page.cell(number, column, value)
    book.save(folder / name)
    return folder / name


def cells(path: Path) -> list[tuple[int, list[Any]]]:
    return [(row.number, list(row.cells.values())) for row in read(path).rows()]


def problem_of(path: Path) -> Problem:
    with pytest.raises(Problem) as caught:
        list(read(path).rows())
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_each_encoding_that_excel_writes(tmp_path: Path, encoding: str) -> None:
    path = csv_file(tmp_path, "公司,渠道\r\n甲公司,展会\r\n".encode(encoding))
    assert read(path).headings == ("公司", "渠道")
    assert cells(path) == [(2, ["甲公司", "展会"])]


def test_a_long_gb18030_file_whose_first_odd_byte_comes_late_is_read(tmp_path: Path) -> None:
    rows = "".join(f"company {n},online\n" for n in range(60_000)) + "甲公司,online\n"
    path = csv_file(tmp_path, f"company,channel\n{rows}".encode("gb18030"))
    assert cells(path)[-1] == (60_002, ["甲公司", "online"])


def test_a_file_in_another_encoding_is_refused_naming_the_byte(tmp_path: Path) -> None:
    problem = problem_of(csv_file(tmp_path, "公司,渠道\n甲".encode() + b"\xff\xff\n"))
    assert (problem.code, problem.facts["byte"]) == ("file.unreadable", 17)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    path = csv_file(tmp_path, separator.join(["公司", "渠道"]) + f"\n甲{separator}a b\n")
    assert cells(path) == [(2, ["甲", "a b"])]


def test_quoted_cells_keep_separators_and_line_breaks_and_rows_are_counted_as_a_spreadsheet_counts(
    tmp_path: Path,
) -> None:
    path = csv_file(tmp_path, 'company,need\n\n"A, B","two\nlines"\nC,\n')
    assert cells(path) == [(3, ["A, B", "two\nlines"]), (4, ["C", ""])]


def test_a_title_above_the_headings_and_a_blank_or_repeated_heading_do_no_harm(tmp_path: Path) -> None:
    sheet = read(csv_file(tmp_path, "2024 线索表,,,\n公司,,备注,备注\n甲,x,1,2\n"))
    assert sheet.headings == ("公司", "", "备注", "备注 (2)")
    assert next(sheet.rows()).cells == {"公司": "甲", "备注": "1", "备注 (2)": "2"}


def test_cells_beyond_the_headings_are_counted(tmp_path: Path) -> None:
    rows = list(read(csv_file(tmp_path, "company,channel\nA,x,y\nB\nC,x,,\n")).rows())
    assert [row.surplus for row in rows] == [1, 0, 0]
    assert rows[1].cells == {"company": "B", "channel": ""}


def test_the_rows_can_be_read_twice(tmp_path: Path) -> None:
    sheet = read(csv_file(tmp_path, "company,channel\nA,x\n"))
    assert list(sheet.rows()) == list(sheet.rows()) != []


def test_a_workbook_gives_dates_as_dates_and_numbers_in_plain_digits(tmp_path: Path) -> None:
    path = xlsx_file(
        tmp_path,
        ["公司", "a", "b", "c", "d", "e", "f"],
        ["甲", 12345.0, 1e15, 0.1 + 0.2, date(2024, 2, 18), datetime(2024, 2, 18, 10, 30), True],
        [None] * 7,
        ["乙", 13800138000, -0.5, "007", None, None, None],
    )
    assert cells(path) == [
        (2, ["甲", "12345", "1000000000000000", "0.3", date(2024, 2, 18), datetime(2024, 2, 18, 10, 30), "true"]),
        (4, ["乙", "13800138000", "-0.5", "007", "", "", ""]),
    ]


def test_a_sheet_is_chosen_by_its_name_else_the_first(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, ["company", "channel"], ["A", "x"])
    book = openpyxl.load_workbook(path)
    book.create_sheet("第二页").append(["公司", "渠道"])
    book.save(path)
    assert read(path).headings == ("company", "channel")
    assert read(path, "第二页").headings == ("公司", "渠道")
    with pytest.raises(Problem, match="not_a_table") as caught:
        read(path, "third")
    assert "第二页" in caught.value.facts["why_facts"]["sheets"]


def test_a_cell_far_away_from_the_table_costs_nothing(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, ["company", "channel"], ["A", "x"])
    book = openpyxl.load_workbook(path)
    book.active["XFD3"] = "stray"
    book.save(path)
    assert cells(path) == [(2, ["A", "x"])]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"company,channel\nA,\x00\n",
        b'company,channel\n"A,x\n',
        b"\xd0\xcf\x11\xe0 old excel",
        b"PK\x03\x04 no zip",
        ",".join(f"c{n}" for n in range(1001)).encode(),
        b"company,channel\n" + b"x" * 40_000 + b",y\n",
        b"company,channel\nA," + b"x" * 5_000_000,
    ],
    ids="empty blank zeros unclosed-quote xls broken-zip too-wide long-cell long-line".split(),
)
def test_what_is_no_table_is_refused_with_a_reason(tmp_path: Path, content: bytes) -> None:
    problem = problem_of(csv_file(tmp_path, content))
    assert problem.code == "import.not_a_table"
    assert problem.facts["why"]


def test_a_zip_that_is_no_workbook_and_a_workbook_with_a_broken_sheet_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("hello.txt", "hello")
    assert problem_of(path).code == "import.not_a_table"
    whole = xlsx_file(tmp_path, ["company", "channel"], ["A", "x"])
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            body = old.read(part)
            new.writestr(part, body[: len(body) // 2] if part.endswith("sheet1.xml") else body)
    assert problem_of(path).code == "import.not_a_table"


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = xlsx_file(tmp_path, ["company", "channel"], ["A", "x"])
    monkeypatch.setattr(xlsx_reader, "MOST_BYTES", 1000)
    assert "unpacks" in problem_of(path).facts["why"]


def test_a_missing_file_and_a_folder_are_unreadable(tmp_path: Path) -> None:
    assert problem_of(tmp_path / "none.csv").code == "file.unreadable"
    assert problem_of(tmp_path).code == "file.unreadable"
