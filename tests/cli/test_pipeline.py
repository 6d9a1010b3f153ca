"""The pipeline and its waterfall as a user reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.given import Given, company, lead, line

from .conftest import Sales


@pytest.fixture
def store(machine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let a few opportunities have happened in the store that the environment names."""
    url = f"sqlite:///{machine}/a.db"
    given = Given(url)
    mine: dict[str, Any] = {"by": "zhang.san"}
    given.happened(
        *company(), lead("a", "甲制造有限公司"),
        line("opportunity.open", **mine, at="2024-01-10", key="o", customer="a", amount="800000", name="新产线"),
        line("opportunity.open", **mine, at="2024-02-05", key="p", customer="a", amount="200000", close_date="2024-03-28"),
        line("opportunity.forecast", "o", **mine, at="2024-02-06", amount="600000", probability="0.5"),
        line("opportunity.lose", "p", **mine, at="2024-02-20", reason="价格"),
    )  # fmt: skip
    given.close()
    monkeypatch.setenv("SALES_STORE", url)
    monkeypatch.setenv("SALES_ACTOR", "lin.zong")
    return machine


@pytest.mark.usefixtures("store")
def test_the_bars_are_drawn_where_they_lie(sales: Sales) -> None:
    done = sales("waterfall", "--from", "2024-02-01", "--to", "2024-03-01")
    assert [line.split("  ")[0] for line in done.out.splitlines()[2:]] == "opening new up down won lost closing".split()
    drawn = {line.split()[0]: line.partition("█") for line in done.out.splitlines()[2:]}
    assert {bar: text.count("█") + bool(mark) for bar, (_, mark, text) in drawn.items()} == {
        "opening": 32, "new": 8, "up": 0, "down": 8, "won": 0, "lost": 8, "closing": 24,
    }  # fmt: skip
    starts = {bar: len(before) for bar, (before, _, _) in drawn.items()}
    assert [starts[bar] - starts["opening"] for bar in ("new", "down", "lost", "closing")] == [32, 32, 24, 0]


@pytest.mark.usefixtures("store")
def test_events_stand_under_their_bars_only_if_asked_for(sales: Sales) -> None:
    words = ("waterfall", "--period", "2024-02")
    assert "opportunity.forecast" not in sales(*words).out
    lines = sales(*words, "--explain").out.splitlines()
    down = next(n for n, line in enumerate(lines) if line.startswith("down"))
    assert lines[down + 1].split()[1:3] == ["opportunity.forecast", "-200,000"]


@pytest.mark.usefixtures("store")
def test_a_period_begins_the_day_before_its_first(sales: Sales) -> None:
    shown = json.loads(sales("waterfall", "--period", "2024-02", "--json").out)
    assert (shown["from"][:10], shown["to"][:10], shown["as_of"]) == ("2024-01-31", "2024-02-29", shown["to"])
    by_as_of = json.loads(sales("waterfall", "--from", "2024-01-31", "--as-of", "2024-02-29", "--json").out)
    assert by_as_of["rows"] == shown["rows"]
    early = json.loads(sales("waterfall", "--period", "2024-02", "--as-of", "2024-02-10", "--json").out)
    assert early["to"][:10] == "2024-02-10"
    known = json.loads(sales("waterfall", "--period", "2024-02", "--known-at", "2024-02-10", "--json").out)
    assert {row["bar"]: row["amount"] for row in known["rows"]}["lost"] == "0"


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    "words", [("--from", "2024-03-01", "--to", "2024-02-01"), ("-p", "2024Q2", "--as-of", "2024-02-01")]
)
def test_a_waterfall_does_not_run_backwards(sales: Sales, words: tuple[str, ...]) -> None:
    done = sales("waterfall", *words)
    assert done.status == 2
    assert "backwards" in done.err


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    "words", [("--from", "2024-02-01", "-p", "2024Q1"), ("--to", "2024-02-01", "--as-of", "2024-02-02")]
)
def test_two_ways_to_say_one_moment_are_not_taken_together(sales: Sales, words: tuple[str, ...]) -> None:
    done = sales("waterfall", *words)
    assert done.status == 2
    assert "[usage.options]" in done.err


@pytest.mark.usefixtures("store")
def test_the_pipeline_names_its_events_and_says_its_sum(sales: Sales) -> None:
    done = sales("pipeline", "--as-of", "2024-02-10")
    assert "2 open, 800,000 CNY; weighted by probability 300,000 (of 1)." in done.err
    assert [line.split()[-1][:4] for line in done.out.splitlines()[2:]] == ["opp_", "opp_"]
    shown = json.loads(sales("pipeline", "--as-of", "2024-02-10", "--customer", "a", "--json", "--explain").out)
    assert [row["close_date"] for row in shown["rows"]] == ["2024-03-28", None]
    assert [event["name"] for event in shown["rows"][1]["events"]] == ["opportunity.opened", "opportunity.forecast"]
    assert shown["totals"][0]["weighted"] == "300000.00"
    assert json.loads(sales("pipeline", "--group", "g2", "--json").out)["rows"] == []
