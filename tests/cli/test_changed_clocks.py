"""A time without an offset that clocks passed over or showed twice is asked about, wherever one is typed or read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Sales

SKIPPED, TWICE = "2024-03-10T02:30", "2024-11-03T01:30"


@pytest.fixture
def new_york(sales: Sales) -> Sales:
    assert sales("init", "--zone", "America/New_York").status == 0
    return sales


@pytest.mark.parametrize(
    ("typed", "both"),
    [
        (SKIPPED, ("2024-03-10T01:30-05:00", "2024-03-10T03:30-04:00")),
        (TWICE, ("2024-11-03T01:30-04:00", "2024-11-03T01:30-05:00")),
        ("10.3.2024 02:30", None),
    ],
)
def test_an_act_s_time(new_york: Sales, typed: str, both: tuple[str, str] | None) -> None:
    lead = ("lead", "capture", "甲公司", "--channel", "online", "--at")
    done = new_york(*lead, typed)
    assert (done.status, "[usage.bad_time]" in done.err) == (2, True)
    for each in both or ():
        assert each in done.err
        assert each in new_york(*lead, typed, "--lang", "zh").err
        assert new_york(*lead, each).status == 0


@pytest.mark.parametrize("typed", [SKIPPED, TWICE])
@pytest.mark.parametrize("flag", ["--as-of", "--known-at"])
def test_a_view_s_moment(new_york: Sales, typed: str, flag: str) -> None:
    done = new_york("tracking", flag, typed)
    assert (done.status, "[usage.bad_moment]" in done.err) == (2, True)
    assert new_york("tracking", flag, f"{typed}-05:00").status == 0
    assert new_york("tracking", flag, typed[:10]).status == 0


@pytest.mark.parametrize("typed", [SKIPPED, TWICE])
def test_a_line_s_times(new_york: Sales, typed: str) -> None:
    lead = {"action": "lead.capture", "key": "k", "at": typed, "data": {"company": "甲公司", "channel": "online"}}
    given = {**lead, "at": "2024-01-08", "recorded": typed}
    Path("a.jsonl").write_text(json.dumps(lead), "utf-8")
    Path("b.jsonl").write_text(json.dumps(given), "utf-8")
    store = ("--store", "sqlite:///other.db")
    assert "usage.bad_time" in new_york("apply", "a.jsonl").out
    assert new_york("init", "--zone", "America/New_York", *store).status == 0
    assert new_york("apply", "a.jsonl", *store).status == 8


@pytest.mark.parametrize("zone", ["", 'zone = "America/New_York"\n'])
@pytest.mark.parametrize("typed", ["2024-03-10 02:30", "2024/11/3 1:30", "2024-11-03T01:30:00"])
def test_a_cell(new_york: Sales, typed: str, zone: str) -> None:
    Path("a.csv").write_text(f"company,channel,at\n甲公司,online,{typed}\n", "utf-8")
    Path("map.toml").write_text(f'{zone}guess = true\nat = "at"\n[columns]\ncompany = "company"\n', "utf-8")
    done = new_york("import", "leads", "a.csv", "--map", "map.toml", "--marked", "m.csv")
    assert (done.status, "-05:00" in done.out) == (8, True), done
