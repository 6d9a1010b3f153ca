"""However a person's data came in (typed, in a batch, from a CSV file, from a workbook), none of it outlives its erasure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.store.open import open_store
from tests.faults.running import BOSS, sales
from tests.given import lead
from tests.personal.canaries import found

HEADINGS = ["公司名称", "渠道", "联系人", "电话", "邮箱", "需求"]


def row(way: str) -> list[str]:
    return [
        f"{way}公司",
        "online",
        f"金丝雀CANARY-{way}-人",
        f"CANARY-{way}-138",
        f"CANARY-{way}@x.cn",
        f"CANARY-{way}-需求",
    ]


@pytest.fixture
def store(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert sales("init", store=store_url).status == 0
    return store_url


def test_it_is_erased_however_it_came_in(store: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    sources = tmp_path_factory.mktemp("sources")  # the user's own files, which keep what they hold
    from openpyxl import Workbook

    book = Workbook()
    for cells in (HEADINGS, row("xlsx")):
        book.worksheets[0].append(cells)
    book.save(sources / "leads.xlsx")
    (sources / "leads.csv").write_text("\n".join(",".join(cells) for cells in (HEADINGS, row("csv"))), "utf-8")
    for file in ("leads.xlsx", "leads.csv"):
        done = sales("import", "leads", str(sources / file), store=store)
        assert done.status == 0, done.err
    company, channel, contact, phone, email, need = row("cli")
    flags = ("--channel", channel, "--contact", contact, "--phone", phone, "--email", email, "--need", need)
    assert sales("lead", "capture", company, *flags, store=store).status == 0
    company, _, contact, phone, email, need = row("batch")
    line = lead("b1", company, by=BOSS, contact=contact, phone=phone, email=email, need=need)
    assert sales("apply", "-", store=store, given=json.dumps(line).encode()).status == 0
    assert sales("tracking", "--json", store=store).out.count("金丝雀CANARY-") == 4

    acts = [
        {"action": "customer.erase-contact", "subject": f"{way}公司", "actor": BOSS, "reason": "本人要求"}
        for way in ("xlsx", "csv", "cli", "batch")
    ]
    given = "".join(json.dumps(act) + "\n" for act in acts).encode()
    done = sales("apply", "-", store=store, given=given)
    assert done.status == 0, done.out
    assert found("CANARY-", store, tmp_path) == []
    opened = open_store(store)
    assert opened.reader.head()[0] == 9
    opened.close()
    assert sales("tracking", "--json", store=store).out.count("[erased]") == 4
    assert sales("verify", store=store).status == 0
