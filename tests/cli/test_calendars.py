"""Calendars at the command line: a year loaded from a file, shown by month, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Sales

TABLE = "day,kind\n2027-01-01..2027-01-03,off\n2027-02-06..2027-02-12,off\n2027-02-20,work\n"


def loaded(sales: Sales, machine: Path, *words: str) -> list[dict]:
    path = machine / "days.csv"
    path.write_text(TABLE, "utf-8")
    return json.loads(sales("calendar", "load", str(path), "--json", *words).out)["rows"]


def test_a_year_is_loaded_once(sales: Sales, machine: Path) -> None:
    row = {"year": "2027", "working_days": 256, "holidays": 10, "make_up_days": 1}
    assert loaded(sales, machine, "--dry-run") == [{**row, "status": "dry-run"}]
    assert loaded(sales, machine) == [{**row, "status": "published"}]
    assert loaded(sales, machine) == [{**row, "status": "known"}]
    assert len(json.loads(sales("audit", "2027", "--json").out)["rows"]) == 1


def test_a_year_is_shown_by_month(sales: Sales, machine: Path) -> None:
    loaded(sales, machine)
    rows = json.loads(sales("calendar", "show", "2027", "--json").out)["rows"]
    assert rows[1] == {
        "month": "2027-02", "working_days": 16, "holidays": [f"2027-02-{day:02}" for day in range(6, 13)],
        "make_up_days": ["2027-02-20"], "provisional": False,
    }  # fmt: skip
    assert "2027 年：256 个工作日。" in sales("calendar", "show", "2027", "--lang", "zh").err
    assert "2028: 260 working days, provisional" in sales("calendar", "show", "2028").err


def test_what_is_no_year_or_no_calendar_is_said(sales: Sales, machine: Path) -> None:
    wrong = machine / "wrong.csv"
    wrong.write_text("2027-02-30,off\n2027-02-31,off\n", "utf-8")
    told = sales("calendar", "load", str(wrong))
    assert (told.status, told.err.splitlines()[-1]) == (2, "[calendar.bad_line]")
    assert sales("calendar", "show", "next").status == 2
    assert sales("init", "--calendar", "mars").status == 2
