"""The demo's quarter: it plays without a refusal, and its figures are those that its lines add up to."""

from __future__ import annotations

import json
from pathlib import Path

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
