"""Rows of signed contracts as the history that each has: drafted, submitted, approved, signed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from infra.errors.problem import Problem
from tests.infra.test_importing import CONTRACTS, problem, requests, sold, table


def test_a_contract_is_told_as_drafted_submitted_approved_and_signed(tmp_path: Path) -> None:
    history = requests(sold(table(tmp_path, f"{CONTRACTS}HT-1,甲公司,300000,2024-03-28,zhang.san,,\n", "ht.csv")))
    assert [(r.action.NAME, r.key, r.subject, r.actor, r.at) for r in history] == [
        ("contract.draft", "contracts#HT-1", None, "zhang.san", "2024-03-28"),
        ("contract.submit", "contracts#HT-1/submit", "contracts#HT-1", "zhang.san", "2024-03-28"),
        ("contract.approve", "contracts#HT-1/approve", "contracts#HT-1", None, "2024-03-28"),
        ("contract.sign", "contracts#HT-1/sign", "contracts#HT-1", "zhang.san", "2024-03-28"),
    ]
    assert history[0].values == {"number": "HT-1", "customer": "甲公司", "amount": Decimal(300000)}
    assert history[3].values == {"date": dt.date(2024, 3, 28)}
    assert {r.recorder for r in history} == {"li.si"}


@pytest.mark.parametrize(("seller", "approver"), [("li.si", ""), ("", ""), ("a", "a")])
def test_nobody_approves_the_contract_that_they_submitted(tmp_path: Path, seller: str, approver: str) -> None:
    path = table(tmp_path, f"{CONTRACTS}HT-1,甲,1,2024-03-28,{seller},{approver},\n")
    assert problem(sold(path)).code == "import.own_approval"


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("0", "0"),
        ('"300,000.50"', "300000.5"),
        ("￥3000", "3000"),
        ("3000元", "3000"),
        ("12.5万", "125000"),
        ("1.23456万元", "12345.6"),
        ("３００", "300"),
    ],
)
def test_an_amount_is_read_as_people_write_it(tmp_path: Path, cell: str, amount: str) -> None:
    [draft, *_] = requests(sold(table(tmp_path, f"{CONTRACTS}HT-1,甲,{cell},2024-03-28,a,b,\n")))
    assert draft.values["amount"] == Decimal(amount)


@pytest.mark.parametrize("cell", ['"1,5"', '"1,5万"', "$300", "1e5", "约3000", "9" * 40 + "万", "#VALUE!"])
def test_an_amount_that_may_mean_something_else_is_refused(tmp_path: Path, cell: str) -> None:
    wrong = problem(sold(table(tmp_path, f"{CONTRACTS}HT-1,甲,{cell},2024-03-28,a,b,\n")))
    assert (wrong.code, wrong.facts["column"], wrong.facts["field"]) == ("import.bad_cell", "金额", "amount")


def test_yuan_beside_another_currency_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path, f"{CONTRACTS}HT-1,甲,300元,2024-03-28,a,b,美元\nHT-2,甲,300,2024-03-28,a,b,美元\n")
    first, second = sold(path)
    assert isinstance(first[1], Problem)
    assert requests([second])[0].values["currency"] == "USD"


def test_a_column_in_ten_thousands_is_multiplied(tmp_path: Path) -> None:
    path = table(tmp_path, "合同号,客户,金额（万元）,日期,销售\nHT-1,甲,12.5,2024-03-28,a\nHT-2,甲,1万,2024-03-28,a\n")
    first, second = sold(path)
    assert requests([first])[0].values["amount"] == 125_000
    assert isinstance(second[1], Problem)
