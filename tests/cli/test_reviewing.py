"""Collaborations, after-sales, reviews, the playbook and the scorecard as a user reads them, in both languages."""

from __future__ import annotations

import csv
import io
import json
import os
from typing import Any

import pytest

from infra.crypto.master_key_file import default_file
from tests.cli.conftest import Sales
from tests.given import Given, company, filed, lead, line, signed

WORDS = [
    "collaborations",
    "collaborations --summary",
    "after-sales",
    "after-sales --summary",
    "reviews",
    "playbook --retired",
    "scorecard --period 2024Q1 --owner zhang.san",
    "norms --period 2024-02",
    "norms --in-force",
    "guide proposed",
    "guide technical",
    "guide 甲制造有限公司",
]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Return the address, and the file of wrapping keys, of a store in which a sale was handed over, reviewed, and learned from."""
    url = f"sqlite:///{tmp_path_factory.mktemp('reviewing')}/a.db"
    given = Given(url)
    mine: dict[str, Any] = {"by": "zhang.san"}
    given.happened(
        *company(), *filed("t", "zhang.san", "800000"), lead("a", "甲制造有限公司"), *signed("c", "a", "400000", "2024-02-20"),
        line("collaboration.ask", "a", **mine, at="2024-02-01", department="技术部", what="选型方案", working_days=3),
        line("collaboration.ask", "a", **mine, at="2024-02-01", department="财务部", what="保函", due="2024-02-05"),
        line("collaboration.deliver", "a", **mine, at="2024-02-07", item="k1", words="一份"),
        line("after-sale.hand-over", "a", **mine, at="2024-02-21", to="li.si", promises=["培训 @ 2024-03-15"]),
        line("after-sale.visit", "a", **mine, at="2024-03-05", score=9, feedback="响应快"),
        line("after-sale.complain", "a", **mine, at="2024-03-11", kind="quality", words="漏油"),
        line("review.hold", by="chen.jing", at="2024-03-25", key="r", kind="quarterly", period="2024Q1", group="g1"),
        line("review.find", "r", by="chen.jing", at="2024-03-25", kind="success", cause="拜访密", evidence=["c", "a"]),
        line("review.agree", "r", by="chen.jing", at="2024-03-25", what="周周拜访", owner="li.si", due="2024-03-28"),
        line("practice.adopt", by="chen.jing", at="2024-03-26", key="p", kind="script", text="先算总成本", objection="price"),
        line("practice.adopt", by="chen.jing", at="2024-03-26", key="q", kind="case", text="某厂案例", stage="proposed"),
        line("objection.log", "a", **mine, at="2024-03-26", key="o", kind="price", words="比同行贵"),
        line("objection.answer", "o", **mine, at="2024-03-26", practice="p", answer="含质保"),
        line("objection.resolve", "o", **mine, at="2024-03-28", outcome="接受"),
        line("practice.retire", "q", by="chen.jing", at="2024-03-29", reason="过时"),
    )  # fmt: skip
    given.close()
    return url, str(default_file(os.environ))


@pytest.fixture
def asked(sales: Sales, played: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Sales:
    """Return the command line on that store, at the end of its quarter."""
    monkeypatch.setenv("SALES_STORE", played[0])
    monkeypatch.setenv("SALES_WRAPPING_KEY_FILE", played[1])
    monkeypatch.setenv("SALES_ACTOR", "lin.zong")

    def go(*words: str) -> Any:
        return sales(*words, "--as-of", "2024-03-31")

    return go


@pytest.mark.parametrize("words", WORDS)
def test_every_format_shows_the_same_rows(asked: Sales, words: str) -> None:
    shown = json.loads(asked(*words.split(), "--json").out)
    assert shown["rows"]
    assert "events" not in shown["rows"][0]
    lines = asked(*words.split(), "-o", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == shown["rows"]
    read = list(csv.DictReader(io.StringIO(asked(*words.split(), "-o", "csv").out.removeprefix("\ufeff"))))
    assert len(read) == len(shown["rows"])
    assert len(asked(*words.split()).out.splitlines()) == len(shown["rows"]) + 2
    assert "<table" in asked(*words.split(), "-o", "html").out
    if not any(word in words for word in ("summary", "in-force", "guide")):
        explained = json.loads(asked(*words.split(), "--explain", "--json").out)["rows"]
        assert any(row["events"] for row in explained)


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_what_is_overdue_is_read_by_department(asked: Sales) -> None:
    english, chinese = asked("collaborations", "--overdue"), asked("collaborations", "--overdue", "--lang", "zh")
    assert squeezed(english.out)[2] == "财务部 甲制造有限公司 保函 2024-02-05 open yes 35 zhang.san"
    assert english.err == "Asked for: 1; open: 1; overdue: 1.\n"
    assert squeezed(chinese.out)[0] == "部门 公司 内容 到期 状态 是否逾期 逾期工作日 负责人"
    assert chinese.err == "请求 1 项；未结 1 项；逾期 1 项。\n"


def test_satisfaction_is_said_with_its_policy(asked: Sales) -> None:
    english, chinese = asked("after-sales", "--record", "visit"), asked("after-sales", "--open", "--lang", "zh")
    assert english.err.splitlines() == [
        "Satisfied: 1 of 1, from a score of 8 on; complaints open: 0.",
        "By the policies: satisfaction (default).",
    ]
    assert [line.split()[:2] for line in squeezed(chinese.out)[2:]] == [
        ["甲制造有限公司", "promise"], ["甲制造有限公司", "complaint"],
    ]  # fmt: skip
    assert chinese.err.splitlines()[0] == "满意：0 次评分中 0 次（8 分起）；未结投诉：1。"


def test_a_finding_is_read_with_its_evidence(asked: Sales) -> None:
    english, chinese = asked("reviews"), asked("reviews", "--lang", "zh", "--overdue")
    (finding,) = [line for line in squeezed(english.out) if "finding" in line]
    assert "contract.drafted" in finding
    assert "customer.lead_captured" in finding
    assert english.err == "Findings: 1; improvements open: 1, of these overdue: 1; done: 0.\n"
    assert "周周拜访" in chinese.out
    assert chinese.err == "发现 0 项；改进项未结 1 项，其中逾期 1 项；已完成 0 项。\n"


def test_the_playbook_is_of_the_day(asked: Sales, sales: Sales) -> None:
    assert squeezed(asked("playbook", "--objection", "price").out)[2].startswith(
        "script price 先算总成本 1 1 2024-03-26"
    )
    assert "某厂案例" not in asked("playbook").out
    assert "某厂案例" in sales("playbook", "--as-of", "2024-03-28", "--stage", "proposed").out
    assert "停用日" in asked("playbook", "--retired", "--lang", "zh").out


def test_a_score_says_what_does_not_count(asked: Sales) -> None:
    english = asked("scorecard", "--period", "2024Q1", "--owner", "zhang.san")
    lines = squeezed(english.out)
    (sales_line,) = [line for line in lines if line.split()[2] == "sales"]
    assert sales_line == "zhang.san g1 sales 400,000 800,000 50.0 % 100.0 % 40.0 % 40.0 % 20.0 %"
    (new,) = [line for line in lines if " new-customers " in line]
    assert new.endswith("nothing-to-measure")
    assert "By the policies: scorecard (default), entry-deadline (default), cadence (default)." in english.err
    chinese = asked("scorecard", "--period", "2024Q1", "--owner", "zhang.san", "--lang", "zh")
    assert "无可衡量" in chinese.out


def test_a_customers_guide_says_what_is_missing(asked: Sales) -> None:
    english, chinese = asked("guide", "甲制造有限公司"), asked("guide", "甲制造有限公司", "--lang", "zh")
    assert english.err.splitlines()[-1] == "It stands at signed; missing: 5."
    missing = [line for line in squeezed(english.out) if line.startswith("missing")]
    assert missing[0].startswith("missing valid Confirm that a lead is one")
    assert missing[-1].endswith("contact")
    assert squeezed(chinese.out)[0].startswith("栏目 阶段 内容 行动")
    assert chinese.err.splitlines()[-1] == "当前阶段 signed；尚缺 5 项。"
    assert "先算总成本" not in english.out


def test_a_guide_is_of_a_stage_a_role_or_a_customer(asked: Sales) -> None:
    lost = asked("guide", "nobody", "--json")
    assert (lost.status, json.loads(lost.out)["error"]["code"]) == (4, "subject.unknown")
    assert asked("guide", "need identified").out == asked("guide", "need-identified").out
    policies = json.loads(asked("guide", "negotiating", "--json").out)["policies"]
    assert [policy["name"] for policy in policies] == ["approval-tiers"]


def test_who_broke_a_norm_is_read_in_both_languages(asked: Sales) -> None:
    english = asked("norms", "--period", "2024-02", "--broken", "--norm", "file")
    assert squeezed(english.out)[2] == "2024-W06 file zhang.san g1 0 1 0.0 % no"
    assert english.err.splitlines() == [
        "By the policies: file-completeness (default).",
        "2024-02: kept in 0 of 4 lines.",
    ]
    chinese = asked("norms", "--in-force", "--lang", "zh")
    assert squeezed(chinese.out)[0] == "规范 制度 生效日 值"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            [
                "Objections of the kind price so far: 1 of {count} resolved, in 2 days (median).",
                "What the team has adopted against price:",
                "  script: 先算总成本 (used 1 times, 1 resolved; pra_",
            ],
        ),
        (
            "zh",
            [
                "迄今 price 类异议：{count} 条中解决 1 条，中位 2 天。",
                "团队应对 price 的话术：",
                "  script：先算总成本（用过 1 次，解决 1 次；pra_",
            ],
        ),
    ],
)
def test_an_objection_just_logged_names_what_worked(asked: Sales, sales: Sales, lang: str, said: list[str]) -> None:
    before = len(json.loads(sales("objections", "--kind", "price", "--json").out)["rows"])
    done = sales("objection", "log", "甲制造有限公司", "price", "--words", "还是贵", "--lang", lang)
    assert done.status == 0
    lines = done.err.splitlines()
    assert [line[: len(start)] for line, start in zip(lines, [said[0].format(count=before + 1), *said[1:]], strict=True)] == [
        said[0].format(count=before + 1), *said[1:],
    ]  # fmt: skip
    assert not any(words in done.out + done.err for words in ("比同行贵", "含质保", "接受"))
    quiet = sales("objection", "log", "甲制造有限公司", "lead-time", "-q")
    assert (quiet.status, quiet.err) == (0, "")


@pytest.mark.parametrize(
    ("words", "lang", "said"),
    [
        ("after-sale visit 甲制造有限公司 --score 11", "en", "error: A score is a whole number from 1 to 10, not 11."),
        ("after-sale visit 甲制造有限公司 --score 11", "zh", "错误：评分应为 1 到 10 的整数，不能是 11。"),
        ("review hold weekly --period 2024Q1", "en", "error: Reviews of the kind weekly are of a period as 2024-W07."),
        ("review hold weekly --period 2024Q1", "zh", "错误：weekly 复盘须对应形如 2024-W07 的期间。"),
        ("after-sale keep 甲制造有限公司 h9", "zh", "错误：该客户没有 open 的 承诺 h9。"),
        ("collaboration ask 甲制造有限公司 技术部 --what 方案", "zh", "错误：需要截止日期或工作日数，二者取其一。"),
    ],
)
@pytest.mark.usefixtures("asked")
def test_what_is_refused_is_said_in_both_languages(sales: Sales, words: str, lang: str, said: str) -> None:
    done = sales(*words.split(), "--lang", lang)
    assert done.status in (3, 4)
    assert done.err.splitlines()[0] == said
