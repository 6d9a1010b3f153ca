"""The demo's quarter: it plays without a refusal, and its figures are those that its lines add up to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.main import run
from tests.given import Given

QUARTER = Path(__file__).parents[2] / "cli" / "demo_quarter.jsonl"


def test_the_quarter_plays_and_adds_up(store_url: str) -> None:
    given = Given(store_url, today="2024-03-31T20:00:00+08:00")
    lines = [json.loads(each) for each in QUARTER.read_text(encoding="utf-8").splitlines()]
    assert [each["recorded"] for each in lines] == sorted(each["recorded"] for each in lines)
    given.happened(*lines)

    company = given.figure("company")
    assert (company["target"], company["allocated"], company["actual"]) == ("5000000", "2000000", "2250000")
    assert [given.figure(group)["actual"] for group in ("g1", "g2")] == ["1230000", "1020000"]
    manager = given.figure("zhang.san")
    assert (manager["target"], manager["original_target"], manager["actual"]) == ("700000", "800000", "1320000")
    before = given.figure("zhang.san", known_at="2024-02-19")
    assert (before["target"], before["actual"]) == ("800000", "380000")
    assert {row["stage"] for row in given.tracking()} >= {"signed", "lost", "invalid", "contacted", "negotiating"}
    given.close()


STORIES = {
    "pool": 1, "disputes": 2, "proposals": 3, "quotes": 8, "signals": 4, "agenda": 5, "plans": 29, "resources": 5, "collaborations": 5,
    "after-sales": 12, "reviews": 10, "playbook": 5, "scorecard": 40, "norms": 20, "receivables": 10, "contracts": 7, "capacity": 30,
    "cadence": 30, "objections": 2, "late-entries": 1, "corrections": 1,
}  # fmt: skip
"""At the least so many rows each view has of the quarter, so that none of them is bare in the demo."""


def test_each_view_tells_a_part_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--dir", str(tmp_path), "-q"]) == 0
    capsys.readouterr()
    bare = {}
    for view, least in STORIES.items():
        asked = ["--store", f"sqlite:///{tmp_path}/demo.db", "--as-of", "2024-03-31", "-o", "jsonl"]
        assert run([view, *asked]) == 0
        told = capsys.readouterr().out.splitlines()
        if len(told) < least:
            bare[view] = len(told)
    assert bare == {}
