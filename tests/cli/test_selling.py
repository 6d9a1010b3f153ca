"""Follow-ups, agenda, cadence, signals, proposals, quotes and stages as a user reads them, in both languages."""

from __future__ import annotations

import csv
import io
import json
import os

import pytest

from tests.given import Given, company, lead, line

from .conftest import Done, Sales

REP = "zhang.san"
WORDS = [
    "agenda",
    "follow-ups",
    "cadence",
    "cadence --summary",
    "signals",
    "proposals",
    "quotes",
    "stages --by channel",
    "funnel --by channel --times",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Let a fortnight of selling have happened; return what the environment must say to find it and its keys."""
    address = f"sqlite:///{tmp_path_factory.mktemp('selling')}/a.db"
    given = Given(address)
    given.happened(
        *company(),
        line("policy.adopt", by="lin.zong", at="2024-01-02", name="signals", values={"working_days": 2}, from_="2024-01-01"),
        lead("a", "甲制造有限公司"), lead("b", "乙贸易有限公司", by="li.si"),
        line("customer.form-team", "a", by=REP, at="2024-01-08", members=[REP]),
        line("lead.grade", "a", by=REP, at="2024-01-08", grade="key"),
        line("lead.grade", "b", by="li.si", at="2024-01-09", grade="initial"),
        line("follow-up.plan", "a", by=REP, at="2024-01-09", channel="visit", on="2024-01-12", contact="王经理"),
        line("follow-up.log", "a", by=REP, at="2024-01-10T10:00:00+08:00", channel="call", contact="王经理",
             feedback="感兴趣", next_actions=["寄目录 @ 1wd", "报价 @ 2024-01-19"],
             entered="2024-01-15T09:00:00+08:00", entered_by="li.si"),
        line("follow-up.log", "b", by="li.si", at="2024-01-11", channel="minutes"),
        line("signal.log", "a", by=REP, at="2024-01-12", kind="asks-for-quotation", words="发份报价来"),
        line("proposal.request", "a", by=REP, at="2024-01-12", what="改造方案", departments=["技术部"], due="2024-01-16"),
        line("opportunity.open", by=REP, at="2024-01-12", key="p", customer="a", amount="300000"),
        line("opportunity.move", "p", by=REP, at="2024-01-15", stage="proposed"),
        line("quote.issue", "a", by=REP, at="2024-01-17", key="q", number="Q-1", amount="1280000",
             valid_until="2024-01-31", opportunity="p"),
        line("proposal.deliver", "a", by=REP, at="2024-01-17", parts=["技术方案"]),
        line("quote.issue", "a", by=REP, at="2024-01-18", number="Q-2", amount="1260000.5", valid_until="2024-02-29",
             opportunity="p"),
    )  # fmt: skip
    given.close()
    return {"SALES_STORE": address, "XDG_CONFIG_HOME": os.environ["XDG_CONFIG_HOME"]}


@pytest.fixture
def shown(sales: Sales, store: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Sales:
    """Return the command line on that store, as it was on a Tuesday."""
    for name, value in {**store, "SALES_ACTOR": "lin.zong", "COLUMNS": "250"}.items():
        monkeypatch.setenv(name, value)

    def go(*words: str) -> Done:
        return sales(*words, "--as-of", "2024-01-18")

    return go


def lines(done: Done) -> list[list[str]]:
    """Return the cells of a table's rows."""
    assert done.status == 0, done.err
    return [line.split() for line in done.out.splitlines()[2:]]


@pytest.mark.parametrize("words", WORDS)
def test_every_format_shows_the_same_rows_and_names_its_events(shown: Sales, words: str) -> None:
    told = json.loads(shown(*words.split(), "--json").out)
    rows = told["rows"]
    assert rows
    assert told["as_of"].startswith("2024-01-18")
    kept = [json.loads(each) for each in shown(*words.split(), "-o", "jsonl").out.splitlines()]
    assert kept == rows
    read = list(csv.DictReader(io.StringIO(shown(*words.split(), "-o", "csv").out.removeprefix("\ufeff"))))
    assert len(read) == len(rows)
    for form in ("plain", "html"):
        assert shown(*words.split(), "-o", form).status == 0
    events = [row["events"] for row in json.loads(shown(*words.split(), "--explain", "--json").out)["rows"]]
    assert all({"position", "event", "name"} <= set(event) for several in events for event in several)
    assert any(events)


def test_the_agenda_has_its_sections(shown: Sales) -> None:
    done = shown("agenda")
    assert [[*cells[:2], *cells[3:5]] for cells in lines(done)] == [
        ["overdue", "2024-01-11", "next-action", "甲制造有限公司"],
        ["overdue", "2024-01-12", "follow-up", "甲制造有限公司"],
        ["this-week", "2024-01-19", "cadence", "甲制造有限公司"],
        ["this-week", "2024-01-19", "next-action", "甲制造有限公司"],
    ]
    assert "0/2 (call, visit)" in done.out
    assert "2024-01-18: overdue: 2; today: 0; later this week: 2." in done.err
    assert "By the policies: cadence (default), signals (2024-01-01)." in done.err
    assert lines(shown("agenda", "--owner", "li.si")) == []
    said = shown("agenda", "--lang", "zh")
    assert said.out.splitlines()[0].split()[:5] == ["时段", "到期", "逾期工作日", "类别", "公司"]
    assert "2024-01-18：逾期 2 项；今天 0 项；本周后续 2 项。" in said.err


def test_the_record_of_follow_ups_says_what_was_agreed_and_how_late_it_came(shown: Sales) -> None:
    done = shown("follow-ups", "--period", "2024-W02", "--customer", "甲制造有限公司")
    (row,) = done.out.splitlines()[2:]
    assert "寄目录 @ 2024-01-11 (open); 报价 @ 2024-01-19 (open)" in row
    assert row.split()[:5] == ["2024-01-10", "10:00", "甲制造有限公司", "call", "王经理"]
    assert row.split()[-4:] == [REP, "li.si", "3", "yes"]
    said = shown("follow-ups", "--owner", REP, "--lang", "zh").out.splitlines()
    assert said[0].split()[:6] == ["时间", "公司", "渠道", "联系人", "反馈", "需求变化"]
    assert "是" in said[2]


def test_the_cadence_says_what_is_missing(shown: Sales) -> None:
    key = lines(shown("cadence", "--grade", "key"))
    assert [cells[1:8] for cells in key] == [
        ["key", "2024-W02", REP, "2", "1", "visit", "missed"],
        ["key", "2024-W03", REP, "2", "0", "call;", "visit"],
    ]
    assert [cells[0] for cells in lines(shown("cadence", "--missed"))] == ["甲制造有限公司"]
    assert [cells[0] for cells in lines(shown("cadence", "--summary"))] == ["li.si", REP, "all"]
    said = shown("cadence", "--summary", "--lang", "zh")
    assert said.out.splitlines()[0].split() == [
        "负责人",
        "客户数",
        "窗口数",
        "应触达",
        "已触达",
        "达标窗口",
        "未达标",
        "进行中窗口",
        "达标率",
    ]
    assert "cadence" in said.err


def test_signals_proposals_and_quotes_say_where_they_stand(shown: Sales) -> None:
    (signal,) = lines(shown("signals"))
    assert signal[1:9] == [
        "asks-for-quotation",
        "2024-01-12",
        "2024-01-16",
        "answered",
        "3",
        REP,
        "quote",
        "2024-01-17",
    ]
    assert lines(shown("signals", "--unanswered")) == []
    (proposal,) = lines(shown("proposals"))
    assert proposal[2:5] == ["技术部", "2024-01-16", "delivered"]
    assert "1: 2024-01-17 (技术方案)" in shown("proposals").out
    quotes = lines(shown("quotes"))
    assert [(cells[0], cells[2], cells[3]) for cells in quotes] == [
        ("Q-1", "1,280,000", "superseded"), ("Q-2", "1,260,000.50", "valid"),
    ]  # fmt: skip
    assert [cells[0] for cells in lines(shown("quotes", "--state", "valid"))] == ["Q-2"]
    assert shown("quotes", "--lang", "zh").out.split()[:3] == ["报价单号", "公司", "金额"]
    assert shown("proposals", "--lang", "zh").out.split()[:3] == ["公司", "内容", "部门"]
    assert shown("signals", "--lang", "zh").out.split()[:2] == ["公司", "类别"]


def test_stages_and_the_funnel_say_how_long_things_took(shown: Sales) -> None:
    assert lines(shown("stages"))[0] == ["opened", "1", "0", "1", "0", "0", "0", "100.0", "%", "3"]
    assert "阶段" in shown("stages", "--lang", "zh").out.splitlines()[0]
    assert "1 (2 d)" in shown("funnel", "--times").out
    assert "1 (2 天)" in shown("funnel", "--times", "--lang", "zh").out


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        ("follow-ups --period 2024-W99", 2, "usage.bad_period"),
        ("follow-ups --customer 没有这家", 4, "subject.unknown"),
        ("cadence --customer zhang.san", 4, "subject.wrong_kind"),
        ("cadence --grade top", 2, "usage"),
        ("quotes --state gone", 2, "usage"),
        ("agenda --as-of someday", 2, "usage"),
    ],
)
def test_what_is_asked_wrongly_is_told_so(sales: Sales, shown: Sales, words: str, status: int, code: str) -> None:
    done = sales(*words.split())
    assert (done.status, done.out) == (status, "")
    assert f"[{code}" in done.err
