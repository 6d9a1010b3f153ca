"""The first and the last day that there is: views answer as of them like as of any other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.registry import COMMANDS
from tests.cli.conftest import Sales

DAYS = ("0001-01-01", "9999-12-26", "9999-12-30", "9999-12-31")
VIEWS = [name for name, entry in COMMANDS.items() if entry.heading == "Views" and name not in ("board", "report")]


@pytest.fixture
def demo(sales: Sales, machine: Path, monkeypatch: pytest.MonkeyPatch) -> Sales:
    """Return the command line on the demo's store."""
    assert sales("demo", "--dir", str(machine), "-q").status == 0
    monkeypatch.setenv("SALES_STORE", f"sqlite:///{machine}/demo.db")
    return sales


def test_no_view_goes_beyond_the_days_there_are(demo: Sales) -> None:
    asked = [(view, "--as-of", day, *more) for view in VIEWS for day in DAYS for more in ((), ("--period", day))]
    done = {words: demo(*words) for words in asked}
    assert {words: each.err for words, each in done.items() if each.status not in (0, 2)} == {}
    answered = {words[0] for words, each in done.items() if each.status == 0 and each.out}
    assert answered >= {
        "agenda",
        "cadence",
        "capacity",
        "funnel",
        "norms",
        "scorecard",
        "stages",
        "tracking",
        "waterfall",
    }


def test_the_last_week_ends_with_the_last_day(demo: Sales) -> None:
    rows = json.loads(demo("agenda", "--as-of", "9999-12-31", "--json").out)["rows"]
    assert {row["when"] for row in rows} == {"overdue", "today"}
    assert {row["due"] for row in rows if row["kind"] == "cadence"} == {"9999-12-31"}
    assert "9999-12-31" in demo("agenda", "--as-of", "9999-12-31", "--lang", "zh").err
    rows = json.loads(demo("norms", "--as-of", "9999-12-31", "--json").out)["rows"]
    assert {row["week"] for row in rows} == {"9999-W52"}
