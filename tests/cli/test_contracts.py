"""The contract ledger and the receivables as a user reads them, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.given import Given, company, lead, line, signed
from tests.scenarios.ledger import received, schedule

from .conftest import Sales

TRANSCRIPTS = Path(__file__).parent / "transcripts"


@pytest.fixture
def store(machine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let a contract, a framework and a draft have happened in the store that the environment names."""
    url = f"sqlite:///{machine}/a.db"
    given = Given(url)
    draft, submit, approve, sign = signed("c", "a", "300000", "2024-03-01")
    given.happened(
        *company(), lead("a", "甲制造有限公司"), lead("b", "乙贸易有限公司", by="zhou.ba"), draft, submit,
        line("contract.review", "c", by="ma.qiao", at="2024-03-01", department="legal", opinion="for"), approve, sign,
        line("contract.archive", "c", by="zhang.san", at="2024-03-04", place="A-12"),
        schedule("c", "30% @ signing+10", "60% @ delivery+30", "10% @ acceptance+365", at="2024-03-04"),
        *signed("f", "a", "0", "2024-03-05", kind="framework"),
        line("contract.order", "f", by="zhang.san", date="2024-03-08", number="DD-1", amount="60000"),
        line("payment.invoice", "c", by="zhang.san", date="2024-03-09", number="FP-1", amount="90000"),
        received("c", "90000", "2024-03-11"), received("c", "50000", "2024-03-18"),
        line("delivery.deliver", "c", by="zhang.san", date="2024-03-20", milestone="首批", amount="180000"),
        line("payment.promise", "c", by="zhang.san", at="2024-04-22", amount="130000", due="2024-05-10"),
        line("contract.draft", by="zhou.ba", at="2024-05-06", key="d", number="HT-d", customer="b", amount="9000",
             currency="USD"),
        line("contract.submit", "d", by="zhou.ba", at="2024-05-06"),
    )  # fmt: skip
    given.close()
    for name, value in (("STORE", url), ("ACTOR", "lin.zong")):
        monkeypatch.setenv(f"SALES_{name}", value)
    return machine


def transcript(name: str) -> str:
    return (TRANSCRIPTS / f"{name}.txt").read_text("utf-8")


@pytest.mark.usefixtures("store")
def test_the_ledger_reads_well_in_both_languages(sales: Sales) -> None:
    done = sales("contracts")
    assert done.out == transcript("contracts.en")
    assert "2 signed, worth 360,000 CNY; collected 140,000, outstanding 220,000." in done.err
    done = sales("--lang", "zh", "contracts", "HT-c")
    assert done.out == transcript("contracts.zh")
    assert "已签 1 份，金额 300,000 CNY；已收 140,000，未收 160,000。" in done.err


@pytest.mark.usefixtures("store")
def test_the_receivables_read_well_in_both_languages(sales: Sales) -> None:
    done = sales("receivables", "--as-of", "2024-05-31")
    assert done.out == transcript("receivables.en")
    assert "CNY: outstanding 220,000, overdue 130,000 (0-30 days 0, 31-60 130,000, 61-90 0, 90+ 0)." in done.err
    done = sales("--lang", "zh", "receivables", "--as-of", "2024-05-31", "--overdue")
    assert done.out == transcript("receivables.zh")
    assert "CNY：未收 130,000，逾期 130,000（0-30 天 0，31-60 天 130,000，61-90 天 0，90 天以上 0）。" in done.err


@pytest.mark.usefixtures("store")
def test_they_are_narrowed_and_say_their_events(sales: Sales) -> None:
    shown = json.loads(sales("contracts", "--state", "submitted", "--json").out)
    assert [row["number"] for row in shown["rows"]] == ["HT-d"]
    assert [row["number"] for row in json.loads(sales("contracts", "-p", "2024Q2", "--json").out)["rows"]] == []
    assert json.loads(sales("contracts", "--group", "g2", "--json").out)["rows"][0]["owner"] == "zhou.ba"
    assert json.loads(sales("receivables", "乙贸易有限公司", "--json").out)["rows"] == []
    shown = json.loads(sales("receivables", "HT-f", "--json", "--explain").out)
    assert shown["totals"][0]["owners"][0]["outstanding"] == "60000"
    assert [event["name"] for event in shown["rows"][0]["events"]] == [
        "contract.drafted", "contract.signed", "contract.order_placed",
    ]  # fmt: skip


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("contracts", "HT-x"), 4, "There is no history HT-x."),
        (("receivables", "--period", "2024Q5"), 2, "2024Q5"),
        (("contracts", "--state", "lost"), 2, "draft, submitted, approved, returned, signed, completed, cancelled"),
    ],
)
def test_what_is_not_there_is_said(sales: Sales, words: tuple[str, ...], status: int, message: str) -> None:
    done = sales(*words)
    assert done.status == status
    assert message in done.err


@pytest.mark.usefixtures("store")
def test_every_form_has_the_same_columns(sales: Sales) -> None:
    keys = [*json.loads(sales("contracts", "--json").out)["rows"][0]]
    for form in ("plain", "csv"):
        first = sales("contracts", "-o", form).out.splitlines()[0].lstrip("\ufeff")
        assert len(first.split("\t" if form == "plain" else ",")) == len(keys)
    lines = sales("receivables", "-o", "jsonl").out.splitlines()
    assert all(json.loads(each)["contract"].startswith("con_") for each in lines)
    assert "<table" in sales("receivables", "-o", "html").out


REFUSALS = [
    (("contract", "order", "HT-c", "DD-9", "--amount", "1"),
     ("error: The contract is of the kind sale, and only a framework has orders.\nhint: Change its amount: sales contract amend HT-c\n"
     "[contract.not_framework]\n")),
    (("--lang", "zh", "payment", "refund", "HT-f", "--amount", "1"),
     "错误：1 超过已收的 0 CNY。\n提示：请核对金额；退款不能超过已收金额。\n[payment.above_collected]\n"),
    (("--lang", "zh", "payment", "schedule", "HT-f", "--instalments", "30%", "--instalments", "60%"),
     "错误：各期合计 54000，而合同金额是 60000 CNY。\n提示：请使各期合计等于合同金额；比例按合同总额计算。\n[payment.uneven]\n"),
    (("delivery", "accept", "HT-f"),
     "error: No delivery ? waits to be accepted.\nhint: Waiting: -\n[delivery.unknown]\n"),
    (("contract", "complete", "HT-c", "--date", "2024-06-01"),
     ("error: 160000 CNY are outstanding; not yet accepted: 首批.\n"
     "hint: Record what is missing, or complete it all the same with a reason (--reason).\n[contract.unfinished]\n")),
    (("contract", "review", "HT-d", "legal", "--opinion", "with conditions"),
     "error: legal agrees with conditions, and says none.\nhint: Say which: --words ...\n[contract.no_conditions]\n"),
]  # fmt: skip


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(("words", "said"), REFUSALS, ids=[" ".join(words) for words, _ in REFUSALS])
def test_a_refusal_says_what_and_what_next(sales: Sales, words: tuple[str, ...], said: str) -> None:
    done = sales(*words)
    assert done.status in (3, 4)
    assert done.err == said
