"""Each form comes back as it was filled in: by openpyxl and by LibreOffice, in Chinese and in English."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from infra.imports.example_row import EXAMPLE
from infra.imports.form import forms
from infra.imports.template_workbook import HEADING
from tests.cli.conftest import Sales
from tests.cli.filling import events, fill, formulas, head

FILLED: dict[str, list[dict[str, Any]]] = {
    "leads": [
        {
            "company": "甲子机床有限公司",
            "channel": "exhibition",
            "campaign": "工博会",
            "phone": "+86 139",
            "at": dt.date(2024, 1, 8),
        },
        {"company": "=乙丑电子", "channel": "online", "size": "1-2", "owner": "zhang.san"},
    ],
    "customers": [
        {
            "company": "丙寅材料有限公司",
            "channel": "referral",
            "referrer": "甲子",
            "pain_point": "交期太长",
            "grade": "initial",
            "need_fit": "clear",
            "next_action": "寄样品",
            "working_days": 3,
            "owner": "zhang.san",
            "at": dt.date(2024, 1, 8),
        }
    ],
    "follow-ups": [
        {
            "at": dt.datetime(2024, 1, 9, 9, 30),
            "customer": "甲子机床有限公司",
            "channel": "visit",
            "reached": "yes",
            "next_action": "寄报价单",
            "due": dt.date(2024, 1, 12),
            "actor": "zhang.san",
        },
        {"at": dt.date(2024, 1, 10), "customer": "甲子机床有限公司", "channel": "call", "reached": "no"},
    ],
    "targets": [
        {"id": "T1", "owner": "company", "metric": "sales", "value": 5_000_000, "period": "2024Q1", "submit": "no"},
        {"id": "T2", "owner": "zhang.san", "metric": "sales", "value": 800_000.5, "period": "2024Q1", "parent": "T1"},
    ],
    "plans": [
        {
            "target": "form#T2",
            "channels": "exhibition、referral",
            "kind": kind,
            "count": 3,
            "per": "week",
            "actor": "zhang.san",
        }
        for kind in ("leads", "visits")
    ],
    "resources": [
        {
            "item": "样机",
            "department": "technical",
            "count": 2,
            "needed_by": dt.date(2024, 2, 20),
            "at": dt.date(2024, 1, 8),
            "actor": "zhang.san",
        }
    ],
    "contracts": [
        {
            "number": "HT-1",
            "customer": "甲子机床有限公司",
            "amount": 300_000,
            "date": dt.date(2024, 3, 28),
            "actor": "zhang.san",
        },
        {
            "number": "HT-2",
            "customer": "甲子机床有限公司",
            "amount": 12_000.5,
            "at": dt.date(2024, 3, 29),
            "submit": "yes",
            "actor": "zhang.san",
        },
    ],
    "schedules": [
        {
            "contract": "HT-1",
            "amount1": 90_000,
            "due1": dt.date(2024, 4, 10),
            "amount2": 210_000,
            "due2": dt.date(2024, 6, 10),
            "at": dt.date(2024, 3, 29),
        }
    ],
    "receipts": [
        {"id": "B1", "contract": "HT-1", "date": dt.date(2024, 4, 2), "amount": 90_000},
        {"id": "B2", "contract": "HT-1", "date": dt.date(2024, 4, 2), "amount": 90_000},
    ],
    "reviews": [
        {
            "review": "一季度",
            "kind": "quarterly",
            "period": "2024Q1",
            "person": "zhang.san",
            "finding": finding,
            "cause": "报价",
            **more,
        }
        for finding, more in (
            ("success", {}),
            ("failure", {"improvement": "模板先行", "owner": "zhang.san", "due": dt.date(2024, 4, 30)}),
        )
    ],
}
"""What is filled into each form, by column; codes stand for the words of the language."""


EVENTS = {
    "leads": ["customer.lead_captured"] * 2,
    "customers": ["customer.lead_captured", "customer.pain_point_noted", "customer.graded", "customer.next_action_set"],
    "follow-ups": ["customer.followed_up", "customer.next_action_set", "customer.followed_up"],
    "targets": ["target.set"] * 2,
    "contracts": [
        *("contract.drafted", "contract.submitted", "contract.approved", "contract.signed"),
        *("contract.drafted", "contract.submitted"),
    ],
    "receipts": ["payment.received"] * 2,
    "plans": ["plan.drafted", "plan.committed", "plan.committed"],
    "resources": ["resource.requested"],
    "schedules": ["payment.scheduled"],
    "reviews": ["review.held", "review.found", "review.found", "review.agreed"],
}


def test_every_form_is_filled_in_here() -> None:
    assert set(forms()) <= set(FILLED)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_comes_back_as_it_was_filled_in(team: Sales, language: str) -> None:
    path = Path("form.xlsx")
    for name, rows in FILLED.items():
        if name not in forms():
            continue  # its actions are none of this program's
        assert team("template", name, "--out", str(path), "--lang", language).status == 0
        fill(path, name, language, rows)
        before = head(team)
        done = team("import", name, str(path))
        assert done.status == 0, done.out
        assert sorted(row["name"] for row in events(team, before)) == sorted(EVENTS[name])
        assert {row["recorder"] for row in events(team, before)} == {"wang.fang"}
        again = team("import", name, str(path))
        assert f" {len(rows)} already recorded" in again.err, again.err + again.out
        assert head(team) == before + len(EVENTS[name])
    table = {row["company"]: row for row in json.loads(team("tracking", "--json").out)["rows"]}
    first = table["甲子机床有限公司"]
    assert (first["signed"], first["collected"], first["last_contact"]) == (
        "300000",
        "180000",
        "2024-01-09T09:30:00+08:00",
    )
    assert table["=乙丑电子"]["owner"] == "zhang.san"
    assert (table["丙寅材料有限公司"]["grade"], table["丙寅材料有限公司"]["next_due"]) == ("initial", "2024-01-11")
    targets = json.loads(team("targets", "--period", "2024Q1", "--json").out)["rows"]
    assert [(row["owner"], row["value"], row["parent"] is None) for row in targets][:2] == [
        ("company", "5000000", True),
        ("zhang.san", "800000.5", False),
    ]


def saved_by_libreoffice(folder: Path, *paths: Path) -> list[Path]:
    """Open workbooks in LibreOffice and save them there."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    words = [program, home, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder)]
    subprocess.run([*words, *map(str, paths)], check=True, capture_output=True, timeout=120)
    return [folder / path.name for path in paths]


def test_what_libreoffice_saved_comes_back_too(team: Sales, tmp_path: Path) -> None:
    paths: list[Path] = []
    for language in ("zh", "en"):
        for name in ("leads", "contracts"):
            paths.append(path := Path(f"{name}-{language}.xlsx"))
            assert team("template", name, "--out", str(path), "--lang", language).status == 0
            own = ("company", "customer", "number")
            rows = [{c: f"{v}-{language}" if c in own else v for c, v in row.items()} for row in FILLED[name]]
            if name == "contracts":
                rows[0]["amount"] = "=100000*3"  # LibreOffice reckons, openpyxl leaves it without a result
            fill(path, name, language, rows)
            formulas(path, "=100000*3")
    for path in saved_by_libreoffice(tmp_path, *paths):
        done = team("import", path.stem.partition("-")[0], str(path))
        assert done.status == 0, done.out
    table = {row["company"]: row["signed"] for row in json.loads(team("tracking", "--json").out)["rows"]}
    assert (table["甲子机床有限公司-zh"], table["甲子机床有限公司-en"]) == ("300000", "300000")
    assert {"=乙丑电子-zh", "=乙丑电子-en"} <= table.keys()


def test_a_template_offers_the_words_and_the_names_that_the_store_knows(team: Sales) -> None:
    team("lead", "capture", "甲公司", "--channel", "online")
    team("template", "follow-ups", "--out", "f.xlsx", "--lang", "zh")

    book = openpyxl.load_workbook("f.xlsx")
    page, lists = book.worksheets[0], book["lists"]
    offered = {cell.value for row in lists.iter_rows() for cell in row}
    assert book.sheetnames[:2] == ["跟进记录表", "填写说明"]
    assert lists.sheet_state == "hidden"
    assert {"甲公司", "zhang.san", "wang.fang", "拜访", "是"} <= offered
    assert page.cell(HEADING, 2).value == "客户名称 *"
    assert "必填" in page.cell(HEADING, 2).comment.text
    assert page.freeze_panes == f"B{HEADING + 1}"
    assert [check.type for check in page.data_validations.dataValidation].count("list") == 4
    assert page.cell(HEADING + 1, page.max_column).value == EXAMPLE


def test_without_a_store_a_template_makes_none(sales: Sales, machine: Path) -> None:
    assert sales("template", "targets", "--out", "t.xlsx", "--lang", "zh").status == 0
    assert openpyxl.load_workbook("t.xlsx").sheetnames[0] == "目标分解表"
    assert not list(machine.rglob("*.db"))


def test_the_forms_are_listed_and_known_by_their_titles(sales: Sales) -> None:
    listed = json.loads(sales("template", "--json").out)["rows"]
    assert [row["name"] for row in listed] == list(forms())
    assert sales("template", "跟进记录表", "--out", "x.xlsx").status == 0
    unknown = sales("template", "nothing", "--out", "x.xlsx")
    assert unknown.status == 2
    assert "follow-ups" in unknown.err
