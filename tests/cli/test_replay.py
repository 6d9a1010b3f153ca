"""A quarter replayed, as text and as data."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from cli.docs.reference.replaying import AROUND, FRAME, PARTS
from tests.faults.running import sales


def test_as_json_it_tells_its_question_and_a_frame_for_each_day(quarter: str) -> None:
    (told,) = sales("replay", "2024Q1", "--json", "--group", "g1", store=quarter).lines
    assert (told["schema"], told["view"], told["period"], told["by"]) == (1, "replay", "2024Q1", "day")
    assert (told["metric"], told["level"], told["owner"]) == ("sales", "group", "g1")
    assert [frame["day"] for frame in told["frames"]] == [str(date(2024, 1, 1) + timedelta(n)) for n in range(91)]
    friday = told["frames"][39]
    assert friday["day"] == "2024-02-09"
    assert friday["figures"][0] == {
        "measure": "signed", "currency": "CNY", "known": "380000", "hindsight": "1100000",
    }  # fmt: skip


def test_every_key_of_a_frame_is_documented(quarter: str) -> None:
    (told,) = sales("replay", "2024Q1", "--explain", "--json", store=quarter).lines
    assert sorted(told) == sorted(AROUND)
    for frame in told["frames"]:
        assert list(frame) == [key for key, _type, _meaning in FRAME]
        for name, rows in PARTS.items():
            assert all(sorted(each) == sorted(key for key, _type, _meaning in rows) for each in frame[name])
    assert all(any(frame[name] for frame in told["frames"]) for name in PARTS)


def test_each_frame_is_what_progress_says_as_of_and_known_at_that_day(quarter: str) -> None:
    frames = sales("replay", "2024Q1", "--by", "week", "-o", "jsonl", store=quarter).lines
    assert [frame["day"] for frame in frames][:2] == ["2024-01-05", "2024-01-12"]
    for frame in frames[::4]:
        day = frame["day"]
        words = ("--period", "2024Q1", "--level", "company", "--metric", "sales", "--as-of", day, "--known-at", day)
        (shown,) = sales("progress", *words, "--json", store=quarter).lines
        row = shown["rows"][0]
        assert frame["figures"][0]["known"] == row["actual"]
        assert (frame["target"], frame["elapsed_days"]) == (row["target"], row["elapsed_days"])
        assert frame["position"] == shown["position"]


def test_without_a_terminal_it_is_text_and_complete(quarter: str, frames: list[dict[str, Any]]) -> None:
    plain = sales("replay", "2024Q1", store=quarter)
    assert plain.out == sales("replay", "2024Q1", "--plain", store=quarter).out
    blocks = plain.out.split("\n\n")
    assert len(blocks) == len(frames)
    february = next(block for block in blocks if block.startswith("2024-02-20"))
    assert "33 of 61 working days" in february
    assert "1,100,000 CNY, of 5,000,000 (22.0 %), pace 2,704,918.03 (1,604,918.03 behind)" in february
    assert "amount 80000 → 800000  (合同金额少写一个零)" in february
    lists = ("deals", "targets", "signed", "late", "corrections")
    happened = sum(len(frame[name]) for frame in frames for name in lists)
    assert sum(line.startswith("    ") for line in plain.out.splitlines()) == happened


def test_it_speaks_chinese(quarter: str) -> None:
    shown = sales("replay", "2024Q1", "--by", "week", "--lang", "zh", store=quarter)
    assert shown.status == 0
    assert "某某科技(上海)有限公司" in shown.out
    assert sales("replay", "2024Q1", "--lang", "zh", "--json", store=quarter).lines[0]["view"] == "replay"


def test_as_a_table_it_has_a_row_for_each_frame(quarter: str) -> None:
    rows = [line.split("\t") for line in sales("replay", "2024Q1", "-o", "plain", store=quarter).out.splitlines()]
    last = dict(zip(rows[0], rows[-1], strict=True))
    assert len(rows) == 92
    assert (last["day"], last["signed"], last["signed-hindsight"], last["open"]) == (
        "2024-03-31", "2250000", "2250000", "3",
    )  # fmt: skip
    assert sales("replay", "2024Q1", "-o", "csv", store=quarter).out.count("\n") == 92


def test_explained_each_figure_names_the_events_that_moved_it(quarter: str) -> None:
    frames = sales("replay", "2024Q1", "-o", "jsonl", "--explain", store=quarter).lines
    by_day = {frame["day"]: frame["figures"][0]["events"] for frame in frames}
    assert [(event["name"], event["amount"]) for event in by_day["2024-02-20"]] == [
        ("event.corrected", "-80000"), ("event.corrected", "800000"),
    ]  # fmt: skip
    told = sales("replay", "2024Q1", "--explain", store=quarter).out
    assert re.search(r"Signed -80,000  \d+ event\.corrected con_", told)


def test_it_goes_no_further_than_what_was_known(quarter: str) -> None:
    (told,) = sales("replay", "2024Q1", "--known-at", "2024-02-09", "--json", store=quarter).lines
    assert told["frames"][-1]["day"] == "2024-02-09"
    assert told["frames"][-1]["figures"][0]["hindsight"] == "380000"
    nothing = sales("replay", "2024Q1", "--known-at", "2023-12-31", store=quarter)
    assert (nothing.status, nothing.out) == (0, "")
    assert "Nothing to replay" in nothing.err
    assert sales("replay", "2024Q1", "--known-at", "2023-12-31", "--json", store=quarter).lines[0]["frames"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["2024Q9"], "usage.bad_period"),
        (["2024Q1", "--owner", "li.si", "--group", "g1"], "usage.options"),
        (["2024Q1", "--metric", "repurchase-rate"], "usage.bad_value"),
        (["2024Q1", "--by", "month"], "usage.bad_value"),
    ],
)
def test_what_is_mistyped_is_told(quarter: str, words: list[str], code: str) -> None:
    refused = sales("replay", *words, store=quarter)
    assert (refused.status, refused.code) == (2, code)
