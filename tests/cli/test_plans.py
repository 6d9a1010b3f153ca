"""Plans, capacity, resource requests and suggested shares as a user reads them, in both languages."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Done, Sales
from tests.given import Given, company, filed, lead, line, signed
from tests.scenarios.test_plans import captured, planned, touched

LEADS = {"kind": "leads", "count": 3, "per": "week", "channel": "展会"}
VIEWS = [
    "plans --period 2024Q1",
    "plans --period 2024Q1 --total",
    "capacity --period 2024-02",
    "resources",
    "resources --week 2024-W06",
    "target suggest g --past 2023Q4",
    "targets --period 2024Q1",
]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a store in which a plan is half met and departments were asked for things."""
    url = f"sqlite:///{tmp_path_factory.mktemp('plans')}/a.db"
    given = Given(url)
    asked = {"by": "zhang.san", "department": "technical"}
    given.happened(
        *company(),
        *filed("g", "g1", "100", metric="valid-leads"),
        *filed("t", "zhang.san", "40", metric="valid-leads", parent="g"),
        *filed("r", "g2", "0.6", metric="repurchase-rate"),
        *planned("p", "t", LEADS, {"kind": "intent-touches", "count": 2, "per": "day"}),
        *captured({"2024-01-08": 3, "2024-01-17": 2}),
        line("lead.grade", "2024-01-08/0", by="zhang.san", at="2024-01-09", grade="initial"),
        touched("2024-01-08/0", "2024-01-10"),
        lead("old", "老客户公司", at="2024-01-15"),
        *signed("k", "old", "200000", "2024-01-19"),
        line("resource.request", at="2024-02-05", key="a", item="样机", needed_by="2024-02-08", count=2, **asked),
        line("resource.request", at="2024-02-06", key="b", item="样册", needed_by="2024-03-01", **asked),
        line("resource.grant", "a", by="chen.jing", at="2024-02-06"),
        line("resource.decline", "b", by="chen.jing", at="2024-02-19", reason="预算用完"),
    )
    given.close()
    return url


@pytest.fixture
def asked(sales: Sales, machine: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Sales:
    monkeypatch.setenv("SALES_STORE", url)
    monkeypatch.setenv("SALES_ACTOR", "lin.zong")

    def go(*words: str) -> Done:
        return sales(*words, *(() if "--as-of" in words else ("--as-of", "2024-03-31")))

    return go


@pytest.mark.parametrize("words", VIEWS)
def test_every_format_shows_the_same_rows(asked: Sales, words: str) -> None:
    shown = json.loads(asked(*words.split(), "--json").out)
    assert shown["rows"]
    lines = asked(*words.split(), "-o", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == shown["rows"]
    read = list(csv.DictReader(io.StringIO(asked(*words.split(), "-o", "csv").out.removeprefix("\ufeff"))))
    assert len(read) == len(shown["rows"])
    assert len(asked(*words.split()).out.splitlines()) == len(shown["rows"]) + 2
    explained = json.loads(asked(*words.split(), "--explain", "--json").out)["rows"]
    assert all({"position", "event", "name"} <= set(event) for row in explained for event in row["events"])
    assert any(row["events"] for row in explained) or "--past" in words


def test_the_weeks_of_a_plan(asked: Sales) -> None:
    assert asked("plans", "--period", "2024-W03").out == (
        "Owner      Key action      Channel     Count  Per   Step      Days  Demanded  Done  Result  State\n"
        "─────────  ──────────────  ──────────  ─────  ────  ────────  ────  ────────  ────  ──────  ─────\n"
        "zhang.san  leads           exhibition      3  week  2024-W03     5         3     2  missed  filed\n"
        "zhang.san  intent-touches                  2  day   2024-W03     5        10     0  missed  filed\n"
    )
    assert asked("plans", "--period", "2024Q1", "--total", "--lang", "zh").out == (
        "负责人     关键动作        渠道        数量  频率  周期                    天数  应做  实做  完成期数  未完成期数  结果    状态\n"
        "─────────  ──────────────  ──────────  ────  ────  ──────────────────────  ────  ────  ────  ────────  ──────────  ──────  ─────\n"
        "zhang.san  leads           exhibition     3  week  2024-01-01..2024-03-31    61    37     5         1          12  missed  filed\n"
        "zhang.san  intent-touches                 2  day   2024-01-01..2024-03-31    61   122     1         0          13  missed  filed\n"
    )
    assert asked("plans", "--group", "g2").out.splitlines()[2:] == []


def test_the_tree_of_targets_with_its_key_actions(asked: Sales) -> None:
    lines = asked("targets", "--period", "2024Q1", "--metric", "valid-leads", "--lang", "zh").out.splitlines()
    below = next(n for n, line in enumerate(lines) if line.startswith("    zhang.san"))
    assert [line.split("  ")[3] for line in lines[below + 1 : below + 3]] == [
        "leads exhibition 每周 3",
        "intent-touches 每日 2",
    ]
    assert lines[below + 1].split()[4:11] == "37 92.5 % 5 13.5 % filed".split()
    assert lines[below + 1].split()[-2:] == ["1", "12"]
    english = asked("targets", "--period", "2024Q1", "--metric", "valid-leads").out
    assert "      leads exhibition 3 a week" in english


def test_progress_says_which_weeks_were_missed(asked: Sales) -> None:
    words = ("progress", "--period", "2024Q1", "--owner", "zhang.san", "--as-of", "2024-01-26")
    assert "zhang.san: leads exhibition 3 a week: met 1, missed 2 (2024-W01 0/3, 2024-W03 2/3)." in asked(*words).err
    said = asked("progress", "--period", "2024Q1", "--lang", "zh").err
    assert "zhang.san：leads exhibition 每周 3：完成 1 期，未完成 12 期（..., 2024-W10 0/3, " in said
    shown = json.loads(asked(*words, "--json").out)
    leads, touches = shown["key_actions"]
    assert (leads["met"], leads["missed"], leads["kind"], touches["kind"]) == (1, 2, "leads", "intent-touches")
    assert leads["steps"][2] == {"step": "2024-W03", "demanded": 3, "done": 2, "result": "missed"}
    assert json.loads(asked(*words, "--level", "group", "--json").out)["key_actions"] == []


def test_the_form_of_a_week(asked: Sales) -> None:
    done = asked("resources", "--week", "2024-W06")
    assert done.out == (
        "Department  Item  Count  By         Needed by   State      Days overdue  Requested   Granted\n"
        "──────────  ────  ─────  ─────────  ──────────  ─────────  ────────────  ──────────  ──────────\n"
        "technical   样机      2  zhang.san  2024-02-08  granted               1  2024-02-05  2024-02-06\n"
        "technical   样册         zhang.san  2024-03-01  requested                2024-02-06\n"
    )
    assert done.err == "technical: requested 2, granted 1, declined 0, delivered 0, open 2, overdue 1.\n"
    done = asked("resources", "--lang", "zh", "--department", "technical")
    assert done.out.splitlines()[0].split() == [
        *(
            "部门",
            "条目",
            "数量",
            "经办人",
            "需要日期",
            "状态",
            "逾期工作日",
            "原因",
            "申请日期",
            "批准日期",
            "拒绝日期",
        ),
    ]
    assert done.err == "technical：申请 2，批准 1，拒绝 1，交付 0，未结 1，逾期 1。\n"
    shown = json.loads(asked("resources", "--week", "2024-W06", "--json").out)
    assert (shown["week"], shown["as_of"], shown["departments"][0]["open"]) == (
        "2024-W06",
        "2024-02-11T23:59:59+08:00",
        2,
    )


def test_the_audit_says_what_was_asked_for(asked: Sales) -> None:
    assert "department: technical; item: 样机; needed_by: 2024-02-08; count: 2" in asked("audit", "a").out
    assert "kind: leads; count: 3; per: week; channel: exhibition" in asked("audit", "p").out
    assert "item: a1" not in asked("audit", "p").out


def test_the_check_of_capacity(asked: Sales) -> None:
    done = asked("capacity", "--period", "2024-W07")
    assert done.out == (
        "Owner      Group  Week      Days  Graded key  Graded high  Graded initial  Needed  Planned  Spare  Result\n"
        "─────────  ─────  ────────  ────  ──────────  ───────────  ──────────────  ──────  ───────  ─────  ──────\n"
        "zhang.san  g1     2024-W07     1           0            0               1     0.5        2    1.5  enough\n"
    )
    assert done.err == "By the policies: cadence (default).\n"
    zh = asked("capacity", "--period", "2024-W07", "--short", "--lang", "zh")
    assert (
        zh.out.splitlines()[0].split()
        == "负责人 小组 周 天数 重点客户 高意向 初步意向 所需 计划 余量 结果 按渠道".split()
    )
    assert len(zh.out.splitlines()) == 2


def test_shares_are_suggested_with_their_reasons(asked: Sales) -> None:
    done = asked("target", "suggest", "g", "--past", "2024Q1")
    assert done.out == (
        "Owner      Reached before  Past share  Weight    Share  Suggested  Allocated\n"
        "─────────  ──────────────  ──────────  ──────  ───────  ─────────  ─────────\n"
        "li.si                   0       0.0 %  1         0.0 %          0          —\n"
        "sun.qi                  0       0.0 %  1         0.0 %          0          —\n"
        "wang.wu                 0       0.0 %  1         0.0 %          0          —\n"
        "zhang.san               6     100.0 %  1       100.0 %        100         40\n"
        "zhao.liu                0       0.0 %  1         0.0 %          0          —\n"
    )
    assert done.err == "By the policies: capability (default).\n"
    zh = asked("target", "suggest", "g", "--lang", "zh")
    assert zh.out.splitlines()[0].split() == "负责人 历史业绩 历史占比 能力权重 占比 建议 已分解".split()
    assert json.loads(asked("target", "suggest", "g", "--json").out)["rows"][0]["past_period"] == "2023Q4"


@pytest.mark.parametrize(
    ("words", "status", "code", "said"),
    [
        ("target suggest r", 3, "target.not_shared", "错误：repurchase-rate 目标是比率，不能按份额分解。"),
        ("target suggest p", 4, "subject.unknown", "错误："),
        ("resources --week 2024Q1", 2, "usage.bad_period", "错误："),
        (
            "plan approve p --actor zhang.san",
            3,
            "plan.wrong_state",
            "方案状态为 filed；plan.approve 要求其状态为 submitted。",
        ),
        ("plan draft --target t", 5, "plan.exists", "已有行动方案"),
        ("plan commit p --kind leads --count 3 --per fortnight", 2, "usage.bad_value", "错误："),
        ("resource grant a --actor zhang.san", 6, "right.role", "错误："),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(asked: Sales, words: str, status: int, code: str, said: str) -> None:
    english, chinese = asked(*words.split()), asked(*words.split(), "--lang", "zh")
    assert (english.status, chinese.status) == (status, status)
    assert f"[{code}]" in english.err
    assert english.err.startswith("error: ")
    assert said in chinese.err
