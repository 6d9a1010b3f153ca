"""Views as files on the demo's store: the ending says which, a workbook has types, charts and the question."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cli.main import run
from tests.cli.conftest import Sales


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder / "home"))
        assert run(["demo", "--dir", str(folder), "-q", "--lang", "en"]) == 0
    return f"sqlite:///{folder}/demo.db"


def book(sales: Sales, store: str, words: str, *more: str) -> Any:
    done = sales(*words.split(), "--store", store, "--out", "view.xlsx", *more)
    assert done.status == 0, done.err
    return openpyxl.load_workbook("view.xlsx")


def test_progress_is_typed_and_drawn_target_against_actual(sales: Sales, store: str) -> None:
    made = book(sales, store, "progress --period 2024Q1 --as-of 2024-03-31 --lang zh")
    assert made.sheetnames[0] == "进度跟踪表"
    assert made.sheetnames[-1] == "关于本表"
    page = made.worksheets[0]
    heads = [cell.value for cell in page[1]]
    first = dict(zip(heads, page[2], strict=True))
    assert (first["目标"].value, first["目标"].number_format) == (5_000_000, "[$¥-804]#,##0")
    assert (first["达成率"].value, first["达成率"].number_format) == (0.45, "0.0 %")
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == page.dimensions
    assert len(made["销售额，签约，CNY"]._charts) == 1
    assert [[cell.value for cell in row] for row in made["销售额，签约，CNY"].iter_rows(max_row=2)] == [
        ["负责人", "目标", "实际"],
        ["g1", 2_000_000, 1_230_000],
    ]


@pytest.mark.parametrize(
    ("words", "sheet"),
    [
        ("pipeline --as-of 2024-02-18", "By month, CNY"),
        ("funnel --period 2024Q1 --by channel", "Chart"),
        ("waterfall --from 2024-01-15 --to 2024-03-01", "Waterfall, CNY"),
    ],
)
def test_other_views_have_their_charts(sales: Sales, store: str, words: str, sheet: str) -> None:
    assert len(book(sales, store, words)[sheet]._charts) == 1


@pytest.mark.parametrize(
    "words",
    [
        "tracking --as-of 2024-02-18 --owner zhang.san",
        "waterfall --from 2024-01-15 --to 2024-03-01",
        "waterfall --period 2024-02 --known-at 2024-03-02",
        "audit --period 2024-01",
        "late-entries --period 2024Q1",
    ],
)
def test_the_question_of_a_workbook_asks_the_same_again(sales: Sales, store: str, words: str) -> None:
    made = book(sales, store, words, "--lang", "en")
    about = {row[0].value: row[1].value for row in made["About this table"].iter_rows()}
    again = shlex.split(about["Question"])
    assert again[0] == "sales"
    first = json.loads(sales(*words.split(), "--store", store, "--json").out)
    second = json.loads(sales(*again[1:], "--store", store, "--json").out)
    assert second["rows"] == first["rows"]
    assert (about["Log position"], about["Program"]) == (str(first["position"]), "Salestrail 0.1.0")
    assert (about["As of"], about["Known at"]) == (second["as_of"], second["known_at"])


def test_times_and_dates_are_real_ones(sales: Sales, store: str) -> None:
    page = book(sales, store, "pipeline --as-of 2024-02-18").worksheets[0]
    row = {head.value: cell.value for head, cell in zip(page[1], page[2], strict=True)}
    assert row["Closes"] == dt.datetime(2024, 3, 1)
    assert isinstance(row["Opened"], dt.datetime)


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("v.json", '{"schema":1'),
        ("v.jsonl", '{"'),
        ("v.csv", "\ufeffcompany,name"),
        ("v.MD", "| Company"),
        ("v.html", "<!doctype html>"),
        ("v.tsv", "company\t"),
        ("v.txt", "Company "),
    ],
)
def test_the_ending_of_a_file_says_its_format(sales: Sales, store: str, name: str, begins: str) -> None:
    done = sales("pipeline", "--store", store, "--as-of", "2024-02-18", "--out", name)
    assert (done.status, done.out) == (0, "")
    assert Path(name).read_text("utf-8").startswith(begins)


def test_a_format_that_was_asked_for_goes_before_the_ending(sales: Sales, store: str) -> None:
    sales("pipeline", "--store", store, "-o", "jsonl", "--out", "v.csv", "--as-of", "2024-02-18")
    assert json.loads(Path("v.csv").read_text("utf-8").splitlines()[0])["company"]


def test_an_ending_says_nothing_of_how_errors_are_told(sales: Sales, store: str) -> None:
    done = sales("progress", "--store", store, "--period", "never", "--out", "v.json")
    assert (done.status, done.out) == (2, "")
    assert "[usage.bad_period]" in done.err
