"""Mapping files and guesses: which column fills which field."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.errors.problem import Problem
from infra.imports.column_mapping import Mapping, fitted, folded, load
from infra.imports.form import form
from infra.imports.table_reader import Sheet, read


def sheet_of(folder: Path, *headings: str) -> Sheet:
    path = folder / "table.csv"
    path.write_text(",".join(headings) + "\n" + ",".join("x" for _ in headings) + "\n", encoding="utf-8")
    return read(path)


def loaded(folder: Path, toml: str, noun: str = "leads") -> Mapping:
    path = folder / "map.toml"
    path.write_text(toml, encoding="utf-8")
    return load(path, form(noun))


def guessed(folder: Path, noun: str, *headings: str) -> dict[str, str | None]:
    sheet = sheet_of(folder, *headings)
    mapping = fitted(None, sheet, form(noun))
    fields = [*mapping.columns, *(name for name in ("id", "actor", "approver", "at") if getattr(mapping, name))]
    return {name: mapping.column_of(name) for name in fields}


def test_chinese_headings_of_leads_are_found(tmp_path: Path) -> None:
    headings = (
        "编号 企业名称 来源渠道 展会名称 推荐人 所属行业 企业规模 统一社会信用代码 联系人 手机号 邮箱 需求描述".split()
    )
    assert guessed(tmp_path, "leads", *headings, "负责人", "获取日期", "录入人") == {
        "company": "企业名称",
        "channel": "来源渠道",
        "campaign": "展会名称",
        "referrer": "推荐人",
        "industry": "所属行业",
        "size": "企业规模",
        "credit_code": "统一社会信用代码",
        "contact": "联系人",
        "phone": "手机号",
        "email": "邮箱",
        "need": "需求描述",
        "owner": "负责人",
        "id": "编号",
        "at": "获取日期",
        "actor": "录入人",
    }


def test_english_headings_in_any_case_and_both_languages_in_one_are_found(tmp_path: Path) -> None:
    assert guessed(tmp_path, "leads", "Lead ID", "COMPANY_NAME", "渠道 / Channel", "手机（必填）", "notes") == {
        "company": "COMPANY_NAME",
        "channel": "渠道 / Channel",
        "phone": "手机（必填）",
        "id": "Lead ID",
    }


def test_headings_of_contracts_are_found_and_an_amount_in_ten_thousands_is_seen(tmp_path: Path) -> None:
    headings = "合同编号 客户名称 合同金额(万元) 签订日期 币种 销售 审批人".split()
    assert guessed(tmp_path, "contracts", *headings) == {
        "number": "合同编号",
        "customer": "客户名称",
        "amount": "合同金额(万元)",
        "date": "签订日期",
        "currency": "币种",
        "actor": "销售",
        "approver": "审批人",
    }
    mapping = fitted(None, sheet_of(tmp_path, *headings), form("contracts"))
    assert mapping.columns["amount"].times == 10_000


def test_one_column_fills_one_field_only(tmp_path: Path) -> None:
    found = guessed(tmp_path, "contracts", "编号", "公司", "金额", "日期")
    assert len(set(found.values())) == len(found) == 4


def test_a_required_field_without_a_column_is_named_with_the_columns_there_are(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        fitted(None, sheet_of(tmp_path, "公司", "电话"), form("leads"))
    assert caught.value.code == "import.no_column"
    assert (caught.value.facts["field"], caught.value.facts["columns"]) == ("channel", "公司, 电话")


def test_a_column_that_the_mapping_names_and_the_file_lacks_is_named(tmp_path: Path) -> None:
    mapping = loaded(tmp_path, 'key = "a#{nr}"\n[columns]\ncompany = "Firma"\nchannel = { default = "x" }\n')
    for headings, missing in [(("nr", "b"), "company (Firma)"), (("Firma", "b"), "key (nr)")]:
        with pytest.raises(Problem, match="no_column") as caught:
            fitted(mapping, sheet_of(tmp_path, *headings), form("leads"))
        assert caught.value.facts["field"] == missing


def test_a_mapping_leaves_out_what_it_does_not_name_unless_it_asks_to_guess(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "Firma", "来源", "电话")
    columns = '[columns]\ncompany = "Firma"\nchannel = "来源"\n'
    assert set(fitted(loaded(tmp_path, columns), sheet, form("leads")).columns) == {"company", "channel"}
    guessing = fitted(loaded(tmp_path, "guess = true\n" + columns), sheet, form("leads"))
    assert set(guessing.columns) == {"company", "channel", "phone"}


@pytest.mark.parametrize(
    ("toml", "where", "why"),
    [
        ("columns = [", "TOML", "Invalid value"),
        ("zone = 'Mars/Base'", "zone", "no time zone Mars/Base"),
        ("date_formats = ['%Q']", "date_formats", "%Q"),
        ("colums = {}", "colums", "not permitted"),
        ("[columns]\ncompany = { colum = 'a' }", "columns.company.colum", "not permitted"),
        ("[columns]\ncompany = {}", "columns.company", "column or a template"),
        ("[columns]\ncompany = { column = 'a', template = '{a}' }", "columns.company", "column or a template"),
        ("[columns]\ncompny = 'a'", "columns.compny", "there is no field compny"),
        ("[columns]\ncompany = { column = 'a', when = { chanel = 'x' } }", "columns.company.when", "chanel"),
        ("[columns]\ncompany = 7", "columns.company", "dictionary"),
    ],
)
def test_a_wrong_mapping_is_refused_saying_where_and_why(tmp_path: Path, toml: str, where: str, why: str) -> None:
    with pytest.raises(Problem) as caught:
        loaded(tmp_path, toml)
    assert caught.value.code == "import.bad_map"
    assert caught.value.facts["where"] == where
    assert why in caught.value.facts["why"]


def test_a_mapping_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"file\.unreadable"):
        load(tmp_path / "none.toml", form("leads"))


def test_another_name_of_a_field_stands_for_it(tmp_path: Path) -> None:
    mapping = loaded(tmp_path, '[columns]\ncompany = "a"\nsource_channel = "b"\n')
    assert mapping.column_of("channel") == "b"


def test_words_are_compared_without_case_width_spaces_and_punctuation() -> None:
    assert folded(" E-Mail：") == folded("email")
    assert folded("Ｃｏｍｐａｎｙ Name") == folded("company_name")
    assert folded("¥") == folded("￥") != folded("€")
