"""The days of a calendar are read from iCalendar files and from tables, and a bad line is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from infra.errors.problem import Problem
from infra.imports.calendar_file import Days, read

ICS = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261225
DTEND;VALUE=DATE:20261227
SUMMARY:Weihnachten
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20270101
SUMMARY:Neujahr
END:VEVENT
END:VCALENDAR
"""


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding)
    return path


def test_an_icalendar_has_an_event_for_each_holiday_of_one_day_or_more(tmp_path: Path) -> None:
    assert read(written(tmp_path, "days.ics", ICS)) == [
        Days(2026, (date(2026, 12, 25), date(2026, 12, 26)), ()),
        Days(2027, (date(2027, 1, 1),), ()),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_says_of_days_and_ranges_whether_they_are_off_or_worked(tmp_path: Path, encoding: str) -> None:
    table = "日期,类型,说明\n2027-02-06..2027-02-07,休,春节\n\n# 补班\n2027-02-20,班\n2028-01-01,off\n"
    assert read(written(tmp_path, "days.csv", table, encoding)) == [
        Days(2027, (date(2027, 2, 6), date(2027, 2, 7)), (date(2027, 2, 20),)),
        Days(2028, (date(2028, 1, 1),), ()),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("2027-01-01,off\n2027-13-01,off\n", 2),
        ("2027-01-01,maybe\n", 1),
        ("2027-01-01\n", 1),
        ("2027-01-02..2027-01-01,off\n", 1),
        ("2027-01-01..2029-01-01,off\n", 1),
        ("BEGIN:VCALENDAR\nDTSTART:soon\n", 2),
    ],
)
def test_a_line_that_is_no_day_is_named(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(Problem) as told:
        read(written(tmp_path, "days.txt", text))
    assert (told.value.code, told.value.facts["line"]) == ("calendar.bad_line", line)


@pytest.mark.parametrize("raw", [b"", b"day,kind\n", b"\xff\xfe\x00\x81\x00"])
def test_a_file_without_a_day_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "days.csv"
    path.write_bytes(raw)
    with pytest.raises(Problem) as told:
        read(path)
    assert told.value.code == "file.unreadable"
