"""A view in its formats: tables line up with wide characters, files hold what the view holds, data is harmless."""

import csv
import io
import json
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from cli.core import output
from cli.core.session import Session
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.formats.text_table import table
from infra.i18n.terminal_text import clean, cut, pad, width, wrap
from projections.views.column import Column

COLUMNS = (
    Column("company", "Company"),
    Column("expected", "Expected", "amount"),
    Column("share", "Share", "ratio"),
    Column("due", "Due", "date"),
    Column("target", "Target", "amount", missing="not set"),
    Column("tags", "Tags", "list"),
)
ROWS: list[dict] = [
    {
        "company": "某某科技",
        "expected": "1200000",
        "share": "0.625",
        "due": "2024-02-18",
        "target": None,
        "tags": ["a"],
    },
    {"company": "=cmd()", "expected": "-26666.666", "share": None, "due": None, "target": "0", "tags": []},
    {
        "company": "e\u0301te\x1b[2J",
        "expected": None,
        "share": "1",
        "due": "2024-03-01",
        "target": "800000",
        "tags": "b",
    },
]
VIEW = Result("tracking", COLUMNS, ROWS, {"as_of": "2024-02-18", "known_at": "2024-02-20", "position": 318})


def printed(form: str, capsys: pytest.CaptureFixture[str], *, lang: str = "en") -> str:
    session = Session({"SALES_OUTPUT": form, "SALES_LANG": lang})
    output.show(session, VIEW)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("abc", 3),
        ("某某科技", 8),
        ("（全角）", 8),
        ("e\u0301", 1),
        ("ｱ", 1),
        ("…—", 2),
        ("ＡＢ", 4),
        ("", 0),
        ("\u200b", 0),
    ],
)
def test_width_counts_columns_of_a_terminal(text: str, columns: int) -> None:
    assert width(text) == columns


def test_a_table_lines_up_whatever_its_letters(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed("table", capsys).splitlines() == [
        "Company       Expected    Share  Due          Target  Tags",
        "──────────  ──────────  ───────  ──────────  ───────  ────",
        "某某科技     1,200,000   62.5 %  2024-02-18  not set  a",
        "=cmd()      -26,666.67        —  —                 0  —",
        "e\u0301te\\x1b[2J           —  100.0 %  2024-03-01  800,000  b",
    ]


def test_a_narrow_terminal_cuts_texts_and_leaves_columns_out() -> None:
    rows = [{"a": "很长的公司名称" * 5, "b": "text " * 20, "c": "1000000"}]
    view = Result("v", (Column("a", "A"), Column("b", "B"), Column("c", "C", "amount")), rows)

    lines, hidden = table(view, 44)
    narrow, left_out = table(view, 15)

    assert max(map(width, lines)) <= 44
    assert "1,000,000" in lines[2]
    assert hidden == []
    assert max(map(width, narrow)) <= 15
    assert left_out


def test_plain_is_one_line_a_row_with_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed("plain", capsys).splitlines()

    assert lines[0].split("\t") == [column.key for column in COLUMNS]
    assert lines[1].split("\t") == ["某某科技", "1200000", "0.625", "2024-02-18", "", "a"]
    assert "\x1b" not in lines[3]


def test_json_says_the_moment_and_keeps_decimals_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(printed("json", capsys))

    assert list(told) == ["schema", "view", "as_of", "known_at", "position", "rows"]
    assert told["rows"] == ROWS


def test_json_writes_decimals_as_text() -> None:
    assert output.plain({"a": Decimal("1E+5"), "b": [Decimal("0.10")], "c": None}) == {
        "a": "100000",
        "b": ["0.10"],
        "c": None,
    }


def test_jsonl_is_the_rows_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert [json.loads(line) for line in printed("jsonl", capsys).splitlines()] == ROWS


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed("csv", capsys)

    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert rows[0]["company"] == "某某科技"
    assert rows[1]["company"] == "'=cmd()"
    assert rows[1]["expected"] == "-26666.666"


def test_html_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session({"SALES_OUTPUT": "html"})
    output.show(session, Result("v", (Column("a", "A"),), [{"a": "<script>"}]))

    assert "<td>&lt;script&gt;</td>" in capsys.readouterr().out


def test_a_workbook_has_typed_cells_and_no_formula(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "view.xlsx"
    session = Session({"SALES_OUTPUT": "xlsx", "SALES_OUT": str(path)})
    output.show(session, VIEW)

    page = openpyxl.load_workbook(path).active
    assert page.freeze_panes == "B2"
    assert page["B2"].value == 1200000
    assert page["C2"].number_format == "0.0 %"
    assert page["D2"].is_date
    assert (page["A3"].value, page["A3"].data_type) == ("=cmd()", "s")


def test_a_workbook_is_not_for_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)

    with pytest.raises(Problem, match=r"usage\.options"):
        output.show(Session({"SALES_OUTPUT": "xlsx"}), VIEW)


def test_a_file_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    session = Session({"SALES_OUTPUT": "csv", "SALES_OUT": str(tmp_path / "no" / "such" / "x.csv")})

    with pytest.raises(Problem, match=r"file\.unwritable"):
        output.show(session, VIEW)


def test_column_titles_are_translated_and_keys_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed("table", capsys, lang="zh").startswith("公司")
    assert "company" in printed("plain", capsys, lang="zh")


def test_text_is_cut_padded_and_wrapped_by_columns() -> None:
    assert cut("某某科技", 5) == "某某…"
    assert pad("某", 4, right=True) == "  某"
    assert all(width(line) <= 10 for line in wrap("某某科技有限公司 signs a contract", 10))
    assert clean("a\tb\nc\u2066") == "a\\tb\\nc\\u2066"


def test_markdown_is_a_table_that_nothing_in_a_cell_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    output.show(Session({"SALES_OUTPUT": "md"}), Result("v", COLUMNS[:2], [{"company": "a|b*<i>", "expected": "1200"}]))

    assert capsys.readouterr().out.splitlines() == [
        "| Company | Expected |",
        "| :-- | --: |",
        "| a\\|b\\*&lt;i> | 1,200 |",
    ]


def test_a_page_says_what_it_answers(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session({"SALES_OUTPUT": "html"}, ["tracking", "-o", "html", "--as-of", "yesterday", "--owner", "li.si"])
    output.show(session, VIEW)

    page = capsys.readouterr().out
    assert "<dd>sales tracking --owner li.si --as-of 2024-02-18 --known-at 2024-02-20</dd>" in page
    assert "<dd>318</dd>" in page


UNITED = (Column("amount", "Amount", "amount"), Column("value", "Value", "amount"))
MIXED: list[dict] = [
    {"amount": "1234567.89", "value": "800000", "currency": "CNY"},
    {"amount": None, "value": "30", "currency": None},
]


@pytest.mark.parametrize(
    ("lang", "unit", "said"),
    [
        ("en", "1", ["Amount Value", "1,234,567.89 800,000", "— 30"]),
        ("en", "10k", ["Amount (10k) Value", "123.46 80.00 x 10k", "— 30"]),
        ("zh", "万元", ["金额（万元） 值", "123.46 80.00 万", "— 30"]),
    ],
)
def test_amounts_are_shown_in_10k_and_counts_are_not(
    capsys: pytest.CaptureFixture[str], lang: str, unit: str, said: list[str]
) -> None:
    session = Session({"SALES_UNIT": unit, "SALES_LANG": lang})
    output.show(session, Result("v", UNITED, MIXED))
    shown = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert [shown[0], *shown[2:]] == said

    session.config.flags["output"] = "jsonl"
    output.show(session, Result("v", UNITED, MIXED))
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == MIXED


def test_a_unit_that_is_none_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        Session({"SALES_UNIT": "100"})
    assert "万元" in caught.value.facts["why_facts"]["choices"]
