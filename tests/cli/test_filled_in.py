"""What is wrong with a form that was filled in is answered beside its cell, and mended without doubling."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from infra.imports.column_mapping import KEY_HEADING
from infra.imports.template_workbook import HEADING
from tests.cli.conftest import Sales
from tests.cli.filling import events, fill, formulas, head, titles


def test_an_example_that_was_written_over_is_asked_about_and_not_lost(team: Sales) -> None:
    team("template", "leads", "--out", "l.xlsx", "--lang", "en")
    book = openpyxl.load_workbook("l.xlsx")
    book.worksheets[0].cell(HEADING + 1, 1).value = "甲公司"
    book.save("l.xlsx")

    done = team("import", "leads", "l.xlsx")
    assert done.status == 8
    assert "[import.example]" in done.out


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("follow-ups", {"customer": "甲公司", "channel": "call", "at": "上周"}, "at", "import.bad_cell"),
    ("follow-ups", {"customer": "甲公司", "channel": "call", "due": "2024-02-30"}, "due", "import.bad_cell"),
    ("follow-ups", {"customer": "甲公司", "channel": "pigeon"}, "channel", "import.bad_cell"),
    ("follow-ups", {"customer": "甲公司", "channel": "call", "reached": "也许"}, "reached", "import.bad_cell"),
    ("follow-ups", {"customer": "没有这家", "channel": "call"}, "customer", "subject.unknown"),
    ("follow-ups", {"customer": "甲公司"}, "channel", "import.empty_cell"),
    ("follow-ups", {"customer": "甲公司", "channel": "call", "actor": "nobody"}, "actor", "person.unknown"),
    ("follow-ups", {"customer": "甲公司", "channel": "call", "at": "=TODAY()"}, "at", "import.bad_cell"),
    ("leads", {"company": "乙公司", "channel": "exhibition"}, "campaign", "lead.untraceable"),
    ("leads", {"company": "乙公司", "channel": "online", "owner": "nobody"}, "owner", "person.unknown"),
    (
        "targets",
        {"metric": "sales", "value": "很多", "period": "2024Q1", "owner": "company"},
        "value",
        "import.bad_cell",
    ),
    ("targets", {"metric": "sales", "value": 1, "period": "2024Q9", "owner": "company"}, "period", "target.no_period"),
    ("targets", {"metric": "sales", "value": 1, "period": "2024Q1", "owner": "nobody"}, "owner", "target.no_owner"),
    ("contracts", {"number": "H", "customer": "甲公司", "amount": 1}, "date", "import.empty_cell"),
    ("receipts", {"contract": "H", "amount": 1, "date": dt.date(2024, 4, 1)}, "contract", "subject.unknown"),
]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_bad_input_is_answered_beside_the_cell_and_mended_without_doubling(team: Sales, language: str) -> None:
    team("lead", "capture", "甲公司", "--channel", "online", "--key", "l1")
    for name in dict.fromkeys(name for name, *_rest in WRONG):
        mine = [wrong for wrong in WRONG if wrong[0] == name]
        path, copy = Path(f"{name}.xlsx"), Path(f"{name}-result.xlsx")
        team("template", name, "--out", str(path), "--lang", language)
        fill(path, name, language, [row for _name, row, _column, _code in mine])
        formulas(path, "=TODAY()")
        done = team("import", name, str(path), "--json", "--lang", language)
        answers = [json.loads(line) for line in done.out.splitlines()]
        assert [answer["error"]["code"] for answer in answers] == [code for *_rest, code in mine]
        page = openpyxl.load_workbook(copy).worksheets[0]
        heads = {str(cell.value).removesuffix(" *"): cell.column for cell in page[HEADING]}
        for number, (_name, _row, column, _code) in enumerate(mine, HEADING + 2):
            told = page.cell(number, heads[titles(name, language)[column]]).comment
            assert told is not None, (name, number, column, answers[number - HEADING - 2])


def test_each_wrong_cell_of_a_row_is_answered(team: Sales) -> None:
    team("lead", "capture", "甲公司", "--channel", "online")
    team("template", "follow-ups", "--out", "f.xlsx", "--lang", "zh")
    rows = [{"customer": "甲公司", "channel": "传真", "at": "下周", "due": "x", "reached": "也许"}]
    fill(Path("f.xlsx"), "follow-ups", "zh", rows)
    done = team("import", "follow-ups", "f.xlsx", "--json")
    assert [error["facts"]["field"] for error in json.loads(done.out)["errors"]] == ["channel", "reached", "due", "at"]
    page = openpyxl.load_workbook("f-result.xlsx").worksheets[0]
    assert [bool(cell.comment) for cell in page[HEADING + 2][:11]] == [n in (0, 2, 4, 9) for n in range(11)]
    said = page.cell(HEADING + 2, page.max_column).value
    assert said.count("can't be the") == 4


def test_rows_that_were_mended_in_the_copy_are_recorded_once(team: Sales) -> None:
    team("template", "leads", "--out", "l.xlsx", "--lang", "zh")
    rows = [{"company": "甲公司", "channel": "online"}, {"company": "乙公司", "channel": "exhibition"}]
    fill(Path("l.xlsx"), "leads", "zh", rows)
    assert team("import", "leads", "l.xlsx").status == 8
    fill(Path("l-result.xlsx"), "leads", "zh", [{}, {"campaign": "工博会"}])

    mended = team("import", "leads", "l-result.xlsx")
    assert (mended.status, mended.err.splitlines()[-1]) == (
        0,
        "1 rows recorded (1 events), 1 already recorded, 0 failed.",
    )


def test_two_rows_that_say_the_same_are_one_too_many_unless_they_have_keys(team: Sales) -> None:
    team("lead", "capture", "甲公司", "--channel", "online")
    team("template", "follow-ups", "--out", "f.xlsx", "--lang", "en")
    row: dict[str, Any] = {"customer": "甲公司", "channel": "call", "at": dt.date(2024, 1, 9)}
    fill(Path("f.xlsx"), "follow-ups", "en", [row, row])
    assert "[import.same_row]" in team("import", "follow-ups", "f.xlsx", "--dry-run").out

    fill(Path("f.xlsx"), "follow-ups", "en", [{KEY_HEADING: "a"}, {KEY_HEADING: "b"}])
    assert team("import", "follow-ups", "f.xlsx").status == 0


def test_other_content_under_a_key_is_a_conflict_and_nothing_is_overwritten(team: Sales) -> None:
    team("template", "targets", "--out", "t.xlsx", "--lang", "en")
    row = {"id": "T1", "owner": "company", "metric": "sales", "value": 5, "period": "2024Q1"}
    fill(Path("t.xlsx"), "targets", "en", [row])
    assert team("import", "targets", "t.xlsx").status == 0
    fill(Path("t.xlsx"), "targets", "en", [{"value": 6}])
    done = team("import", "targets", "t.xlsx")
    assert done.status == 8
    assert "[key.conflict]" in done.out


def test_no_contract_gets_past_its_approval(team: Sales) -> None:
    team("person", "register", "li.si", "--name", "李四", "--role", "rep")
    team("lead", "capture", "甲公司", "--channel", "online")
    team("template", "contracts", "--out", "c.xlsx", "--lang", "en")
    row = {"number": "H1", "customer": "甲公司", "amount": 9, "date": dt.date(2024, 3, 28), "actor": "zhang.san"}
    rows: list[dict[str, Any]] = [{**row, "approver": "zhang.san"}, {**row, "number": "H2", "approver": "li.si"}]
    fill(Path("c.xlsx"), "contracts", "en", rows)
    before = head(team)

    done = team("import", "contracts", "c.xlsx")
    assert "[import.own_approval]" in done.out
    assert "[contract.tier]" in done.out
    assert [row["name"] for row in events(team, before)] == ["contract.drafted", "contract.submitted"]
    assert "0 rows recorded (2 events)" in done.err


def test_a_draft_that_was_changed_is_a_conflict_and_is_not_signed_as_it_was(team: Sales) -> None:
    team("lead", "capture", "甲公司", "--channel", "online")
    team("template", "contracts", "--out", "c.xlsx", "--lang", "en")
    row = {"number": "H1", "customer": "甲公司", "amount": 9, "at": dt.date(2024, 3, 18), "actor": "zhang.san"}
    fill(Path("c.xlsx"), "contracts", "en", [row])
    assert team("import", "contracts", "c.xlsx").status == 0
    before = head(team)

    fill(Path("c.xlsx"), "contracts", "en", [{"amount": 900, "date": dt.date(2024, 3, 28)}])
    assert "[key.conflict]" in team("import", "contracts", "c.xlsx").out
    assert head(team) == before

    fill(Path("c.xlsx"), "contracts", "en", [{"amount": 9}])
    assert team("import", "contracts", "c.xlsx").status == 0
    assert [row["name"].partition(".")[2] for row in events(team, before)] == ["submitted", "approved", "signed"]


def test_a_dry_run_foresees_rows_that_speak_of_earlier_ones_however_far_apart(team: Sales) -> None:
    lines = [f"T{n},company,销售额,{n},{2000 + n},{'T0' if n else ''}" for n in range(300)]
    Path("目标.csv").write_text("\n".join(["编号,责任人,指标,目标值,期间,上级目标编号", *lines]), "utf-8")
    before = head(team)
    done = team("import", "targets", "目标.csv", "--dry-run")
    assert (done.status, head(team)) == (0, before), done.out
    assert "300 rows would be" in done.err


def test_rows_below_a_merged_cell_are_asked_about(team: Sales) -> None:
    team("lead", "capture", "甲公司", "--channel", "online")
    team("template", "follow-ups", "--out", "f.xlsx", "--lang", "en")
    rows: list[dict[str, Any]] = [
        {"customer": "甲公司", "channel": "call", "at": dt.date(2024, 1, 9)},
        {"channel": "visit"},
    ]
    fill(Path("f.xlsx"), "follow-ups", "en", rows)
    book = openpyxl.load_workbook("f.xlsx")
    book.worksheets[0].merge_cells(f"B{HEADING + 2}:B{HEADING + 3}")
    book.worksheets[0].row_dimensions[HEADING + 3].hidden = True
    book.save("f.xlsx")

    done = team("import", "follow-ups", "f.xlsx")
    assert f"B{HEADING + 2}:B{HEADING + 3}" in done.out
    assert "1 hidden rows were read like the others." in done.err
    assert "1 rows recorded (1 events), 0 already recorded, 1 failed." in done.err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "save it as .xlsx"),
        ("broken.xlsx", b"PK\x03\x04" + b"x" * 90, "it is no workbook"),
        ("empty.csv", b"", "it is empty"),
        ("other.csv", "甲,乙\n1,2\n".encode("gb18030"), "No column for customer, channel"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_whole(team: Sales, name: str, content: bytes, said: str) -> None:
    Path(name).write_bytes(content)
    done = team("import", "follow-ups", name)
    assert done.status == 2
    assert said in done.err


def test_an_empty_workbook_and_an_empty_form_record_nothing(team: Sales) -> None:
    openpyxl.Workbook().save("empty.xlsx")
    assert "it is empty" in team("import", "follow-ups", "empty.xlsx").err
    team("template", "follow-ups", "--out", "f.xlsx")
    done = team("import", "follow-ups", "f.xlsx")
    assert (done.status, done.err.splitlines()[-1]) == (0, "0 rows recorded (0 events), 0 already recorded, 0 failed.")


def test_a_form_as_csv_in_gb18030_is_read(team: Sales) -> None:
    Path("跟进.csv").write_bytes("客户名称,跟进方式,跟进时间\n甲公司,电话,2024年1月9日\n".encode("gb18030"))
    team("lead", "capture", "甲公司", "--channel", "online")
    assert team("import", "follow-ups", "跟进.csv").status == 0
