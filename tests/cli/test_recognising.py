"""Rows that were imported before are known again under another file's name, by earlier programs' keys, and by what they say."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.imports.row_reader import Columns
from infra.imports.table_reader import Row
from tests.cli.conftest import Done, Sales

HEAD = "客户名称,来源,展会名称,联系人,手机,获取日期\n"
ROWS = (
    "甲子机床有限公司,展会,工博会,赵经理,13900000001,2024-01-08\n",
    "乙丑电子有限公司,展会,工博会,钱经理,13900000002,2024-01-08\n",
    "丙寅仪器有限公司,展会,工博会,,13900000003,2024-01-08\n",
)


def written(name: str, *rows: str, head: str = HEAD) -> str:
    Path(name).write_text(head + "".join(rows), "utf-8")
    return name


def imported(sales: Sales, name: str, *words: str, form: str = "leads") -> tuple[int, int, int]:
    """Import a file and return how many rows were recorded, already recorded, and failed."""
    done = sales("import", form, name, *words)
    assert done.status == (0 if "0 failed" in done.err or "--dry-run" in words else 8), done
    line = next(line for line in done.err.splitlines() if " fail" in line)
    numbers = [int(word) for word in line.replace("(", " ").split() if word.isdecimal()]
    return (numbers[0], numbers[-2], numbers[-1])


def leads(sales: Sales) -> int:
    return len(json.loads(sales("tracking", "--json").out)["rows"])


@pytest.fixture
def before() -> Iterator[pytest.MonkeyPatch]:
    """Make keys as earlier programs did, until it is undone: from the file's name, without the person."""
    monkeypatch = pytest.MonkeyPatch()
    key = Columns.key

    def earlier(self: Columns, row: Row) -> tuple[str, bool]:
        made, given = key(self, row)
        return self.earlier(made) or made, given

    monkeypatch.setattr(Columns, "key", earlier)
    yield monkeypatch
    monkeypatch.undo()


@pytest.mark.parametrize("name", ["fair (1).csv", "2024/fair.csv", "工博会 名单.csv", "fair-result.csv"])
def test_another_name_is_no_second_import(sales: Sales, name: str) -> None:
    assert imported(sales, written("fair_gbk.csv", *ROWS[:2])) == (2, 0, 0)
    Path(name).parent.mkdir(exist_ok=True)
    assert imported(sales, written(name, *ROWS), "--dry-run") == (1, 2, 0)
    assert imported(sales, name) == (1, 2, 0)
    assert leads(sales) == 3


def test_two_people_of_one_company_are_two_rows(sales: Sales) -> None:
    second = ROWS[0].replace("赵经理", "孙工").replace("0001", "0009")
    nameless = ROWS[2].replace("0003", "0008")
    assert imported(sales, written("fair.csv", *ROWS, second, nameless)) == (5, 0, 0)
    assert imported(sales, written("again.csv", *ROWS, second, nameless)) == (0, 5, 0)
    done = sales("import", "leads", written("third.csv", ROWS[0].replace("赵经理", "周工")))
    assert "sales duplicates" in done.err


def test_a_key_says_nothing_of_a_person(sales: Sales) -> None:
    sales("import", "leads", written("a.csv", ROWS[0]), "--marked", "marked.csv")
    with Path("marked.csv").open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    (key,) = (value for name, value in row.items() if "键" in name)
    base, _at, person = key.partition("@")
    assert base.startswith("leads#")
    assert len(person) == 20
    import hashlib

    guessed = hashlib.blake2b(repr(("contact", "赵经理")).encode(), digest_size=10).hexdigest()
    assert person != guessed


def test_a_phone_that_was_mended_is_told_as_another_content(sales: Sales) -> None:
    imported(sales, written("a.csv", *ROWS))
    done = sales("import", "leads", written("b.csv", ROWS[0].replace("0001", "0007"), *ROWS[1:]))
    assert done.out.count("[key.conflict]") == 1
    assert leads(sales) == 3


def test_what_an_earlier_program_imported_is_known_under_the_same_name_and_another(
    sales: Sales, before: pytest.MonkeyPatch
) -> None:
    assert imported(sales, written("fair.csv", *ROWS[:2])) == (2, 0, 0)
    before.undo()
    other = ROWS[0].replace("赵经理", "孙工")
    assert imported(sales, written("fair.csv", *ROWS, other)) == (2, 2, 0)
    assert imported(sales, written("mended.csv", *ROWS, other)) == (0, 4, 0)
    assert leads(sales) == 4


def test_an_earlier_import_that_stood_half_way_goes_on(sales: Sales, before: pytest.MonkeyPatch) -> None:
    head = "复盘名称,类型,期间,发现,原因,改进措施,责任人,完成日期\n"
    one = "一月复盘,月,2024-01,失败,人手不足,每日晨会,wang.fang,2024-02-10\n"
    two = "一月复盘,月,2024-01,成功,有模板,推广模板,wang.fang,2024-02-12\n"
    first = sales("import", "reviews", written("r.csv", one, head=head))
    assert first.status == 0, first
    before.undo()
    assert sales("import", "reviews", written("r.csv", one, two, head=head)).status == 0
    rows = json.loads(sales("reviews", "--json").out)["rows"]
    assert len({row["review"] if "review" in row else row["id"] for row in rows}) == 1


def test_a_lead_that_was_typed_is_known_in_a_row_that_says_the_same(sales: Sales) -> None:
    typed = ("--channel", "exhibition", "--campaign", "工博会", "--contact", "赵经理", "--phone", "13900000001")
    assert sales("lead", "capture", "甲子机床有限公司", *typed, "--at", "2024-01-08").status == 0
    assert imported(sales, written("a.csv", *ROWS)) == (2, 1, 0)
    assert imported(sales, written("b.csv", ROWS[0].replace("2024-01-08", "2024-01-09"))) == (1, 0, 0)


def test_numbered_rows_are_known_by_what_they_say_too(sales: Sales) -> None:
    head, numbered = f"编号,{HEAD}", [f"{n},{row}" for n, row in enumerate(ROWS, 1)]
    assert imported(sales, written("a.csv", *numbered, head=head)) == (3, 0, 0)
    assert imported(sales, written("b.csv", *numbered, head=head)) == (0, 3, 0)
    other = [row.replace("甲子", "丁卯") for row in numbered[:1]]
    assert imported(sales, written("c.csv", *other, head=head)) == (1, 0, 0)


def test_a_key_of_one_s_own_says_that_it_happened_once_more(sales: Sales) -> None:
    imported(sales, written("a.csv", *ROWS[:1]))
    assert imported(sales, written("b.csv", f"visit-2,{ROWS[0]}", head=f"键,{HEAD}")) == (1, 0, 0)
    assert imported(sales, "b.csv") == (0, 1, 0)


def test_once_more_is_said(sales: Sales) -> None:
    imported(sales, written("a.csv", *ROWS[:1]))
    assert imported(sales, "a.csv", "--again") == (1, 0, 0)
    assert imported(sales, "a.csv", "--again") == (1, 0, 0)
    assert imported(sales, written("b.csv", ROWS[1], ROWS[1]), "--again") == (2, 0, 0)
    assert leads(sales) == 5
    assert imported(sales, "a.csv") == (0, 1, 0)


def test_the_same_receipt_from_another_file_is_recorded_once(sales: Sales) -> None:
    done: Done | None = None
    for words in (
        ("lead", "capture", "甲公司", "--channel", "online"),
        ("contract", "draft", "HT-1", "--customer", "甲公司", "--amount", "1000"),
    ):
        done = sales(*words)
        assert done.status == 0, done
    head, row = "合同编号,回款金额,到账日期\n", "HT-1,100,2024-01-08\n"
    first = sales("import", "receipts", written("a.csv", row, head=head)).out
    again = sales("import", "receipts", written("b.csv", row, head=head)).out
    assert first == again  # refused alike before the contract is signed, and under one key
