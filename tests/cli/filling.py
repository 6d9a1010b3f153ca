"""Filling in the forms as somebody would, and what the log holds then."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl

from infra.imports.form import form
from infra.imports.template_workbook import HEADING
from tests.cli.conftest import Sales


def titles(name: str, language: str) -> dict[str, str]:
    return {column.column: column.title(language) for column in form(name).template}


def fill(path: Path, name: str, language: str, rows: list[dict[str, Any]]) -> None:
    """Fill rows in below the example, in the words of the language, as somebody would."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    places = {str(cell.value).removesuffix(" *"): cell.column for cell in page[HEADING]}
    for number, row in enumerate(rows, HEADING + 2):
        for column, value in row.items():
            cell = page.cell(number, places[titles(name, language).get(column, column)])
            closed = isinstance(value, str) and value in form(name).choices(column)
            cell.value = form(name).label(column, value, language) if closed else value
            if isinstance(value, str):
                cell.data_type = "s"
            if isinstance(value, dt.date):
                cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, dt.datetime) else "yyyy-mm-dd"
    book.save(path)


def events(sales: Sales, since: int) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in sales("log", "-o", "jsonl").out.splitlines()]
    return [row for row in rows if row["position"] > since]


def head(sales: Sales) -> int:
    return int(json.loads(sales("status", "--json").out)["position"])


def formulas(path: Path, text: str) -> None:
    """Make a formula of that text; openpyxl saves it without a result."""
    book = openpyxl.load_workbook(path)
    for row in book.worksheets[0].iter_rows(min_row=HEADING + 2):
        for cell in row:
            if cell.value == text:
                cell.data_type = "f"
    book.save(path)
