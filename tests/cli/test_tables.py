"""The tables of a report as a user meets them: columns for the eye, rows for programs, both languages."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Done, Sales

WORDS = [
    "targets",
    "funnel --by channel",
    "objections",
    "objections --summary",
    "movers -n 3",
    "late-entries",
    "corrections",
]


@pytest.fixture
def demo(sales: Sales, machine: Path, monkeypatch: pytest.MonkeyPatch) -> Sales:
    """Return the command line on the demo's store, at the end of its quarter."""
    assert sales("demo", "--dir", str(machine), "-q").status == 0
    monkeypatch.setenv("SALES_STORE", f"sqlite:///{machine}/demo.db")

    def go(*words: str) -> Done:
        return sales(*words, "--as-of", "2024-03-31")

    return go


@pytest.mark.parametrize("words", WORDS)
def test_every_format_shows_the_same_rows(demo: Sales, words: str) -> None:
    shown = json.loads(demo(*words.split(), "--json").out)
    assert shown["rows"]
    assert shown["as_of"].startswith("2024-03-31")
    lines = demo(*words.split(), "-o", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == shown["rows"]
    read = list(csv.DictReader(io.StringIO(demo(*words.split(), "-o", "csv").out.removeprefix("\ufeff"))))
    assert len(read) == len(shown["rows"])
    assert len(demo(*words.split()).out.splitlines()) == len(shown["rows"]) + 2


@pytest.mark.parametrize("words", [each for each in WORDS if "--summary" not in each])
def test_each_row_names_its_events_when_asked(demo: Sales, words: str) -> None:
    rows = json.loads(demo(*words.split(), "--explain", "--json").out)["rows"]
    assert all({"position", "event", "name"} <= set(event) for row in rows for event in row["events"])
    assert any(row["events"] for row in rows)
    assert "events" not in json.loads(demo(*words.split(), "--json").out)["rows"][0]


@pytest.mark.parametrize("words", WORDS)
def test_help_opens_with_an_example(sales: Sales, words: str) -> None:
    shown = sales(words.split(maxsplit=1)[0], "--help")
    assert shown.status == 0
    assert f"sales {words.split(maxsplit=1)[0]}" in "\n".join(shown.out.splitlines()[:4])


def test_the_tree_is_indented_and_says_what_is_not_set(demo: Sales) -> None:
    lines = demo("targets", "--metric", "new-customers").out.splitlines()[2:]
    assert [line.split()[0] for line in lines[:3]] == ["company", "g1", "li.si"]
    assert [len(line) - len(line.lstrip()) for line in lines[:3]] == [0, 2, 4]
    assert "not set" in lines[1]


def test_too_much_given_away_is_warned_of(demo: Sales) -> None:
    whole = json.loads(demo("targets", "--json").out)["rows"][0]["id"]
    given = ("--child", "g2", "--value", "9000000", "--actor", "chen.jing", "--at", "2024-03-29")
    assert demo("target", "allocate", whole, *given).status == 0
    said = demo("targets")
    assert "warning: the parts of company's target (sales)" in said.err
    assert demo("targets", "--json").err == ""


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "The children now have 20000 more than the target itself."), ("zh", "下级份额合计已超过目标 20000。")],
)
def test_what_children_took_by_naming_their_parent_counts_when_more_is_given(
    sales: Sales, lang: str, said: str
) -> None:
    common = ("--metric", "sales", "--period", "2024Q4", "--json")
    whole = json.loads(sales("target", "set", "--value", "100000", "--owner", "company", *common).out)["subject"]
    for login, value in (("li.si", "70000"), ("wang.wu", "1")):
        assert sales("person", "register", login, "--name", login, "--role", "rep").status == 0
        given = sales("target", "set", "--value", value, "--owner", login, "--parent", whole, *common)
        assert given.status == 0
    fits = sales("target", "allocate", whole, "wang.wu", "--value", "30000", "--json")
    assert json.loads(fits.out)["warnings"] == []
    over = sales("--lang", lang, "target", "allocate", whole, "wang.wu", "--value", "50000")
    assert over.status == 0
    assert said in over.err + over.out


@pytest.mark.parametrize(("lang", "heading"), [("en", "Difference"), ("zh", "差额")])
def test_a_deal_that_came_or_went_is_one_line_of_the_differences(sales: Sales, lang: str, heading: str) -> None:
    captured = sales("lead", "capture", "北方阀门有限公司", "--channel", "online", "--at", "2024-01-05", "--json")
    customer = json.loads(captured.out)["subject"]
    opened = [
        json.loads(sales("opportunity", "open", customer, "--amount", amount, "--at", f"2024-01-0{day}", "--json").out)[
            "subject"
        ]
        for amount, day in (("272000", 6), ("5000", 7), ("800", 9))
    ]
    assert sales("opportunity", "lose", opened[0], "--reason", "预算取消", "--at", "2024-01-12").status == 0
    assert sales("opportunity", "forecast", opened[1], "--amount", "6000", "--at", "2024-01-12").status == 0
    asked = ("diff", "--from", "2024-01-08", "--to", "2024-01-13", "--view", "pipeline")
    head, _, *lines = sales("--lang", lang, *asked).out.splitlines()
    assert heading in head
    gone, amount, changed, came = (line.split()[2:] for line in lines)
    assert gone[:6] == ["status", "open", "272,000", "CNY", "lost", "-272,000"]
    assert (amount[:4], changed[0]) == (["amount", "5,000", "6,000", "1,000"], "changed")
    assert came[:5] == ["status", "open", "800", "CNY", "800"]
    rows = json.loads(sales(*asked, "--json").out)["rows"]
    assert {row["key"]["id"] for row in rows} == {*opened}
    assert len([row for row in rows if row["key"]["id"] == opened[0]]) > 5


def test_a_funnel_for_the_eye_has_its_percentages(demo: Sales) -> None:
    lines = demo("funnel", "--by", "channel").out.splitlines()
    assert lines[-1].split()[:4] == ["all", "14", "12", "(86%)"]
    assert "1,360,000 CNY" in lines[2]


def test_late_entries_say_which_break_the_norm(demo: Sales) -> None:
    said = demo("late-entries")
    assert "2024Q1: entered late: 1; later than the norm allows: 1." in said.err
    assert demo("late-entries", "--over", "--owner", "zhang.san").out.splitlines()[2:] == []


def test_corrections_say_what_they_moved(demo: Sales) -> None:
    (line,) = demo("corrections").out.splitlines()[2:]
    assert "amount: 80000 → 800000" in line
    assert "signed +720,000 CNY (zhang.san)" in line
