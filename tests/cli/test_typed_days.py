"""Words for days on the command line: what is recorded, what is said back, and what is said of a word that is none."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from .conftest import Sales


def today() -> date:
    """Return the present day where the store is."""
    return (datetime.now(UTC) + timedelta(hours=8)).date()


def planned(sales: Sales, *words: str) -> dict:
    (*_, last) = json.loads(sales(*words, "--dry-run", "--json").out)["planned"]
    return last["data"]


@pytest.fixture
def known(sales: Sales) -> Sales:
    assert sales("lead", "capture", "某某", "--channel", "online").status == 0
    return sales


def test_a_flag_for_a_date_takes_words_and_says_the_day_back(known: Sales) -> None:
    done = known("next-action", "set", "某某", "--what", "寄样品", "--due", "明天", "--dry-run", "--json")

    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert json.loads(done.out)["planned"][0]["data"]["due"] == tomorrow
    assert done.err == f"due {tomorrow} (明天)\n"
    assert known("--lang", "zh", *"next-action set 某某 --what 寄样品 --due 明天 --dry-run".split()).err == (
        f"due {tomorrow}（明天）\n"
    )


def test_what_is_agreed_in_a_follow_up_takes_words_after_the_sign(known: Sales) -> None:
    monday = today() + timedelta(days=7 - today().weekday())

    words = ("follow-up", "log", "某某", "--channel", "call", "--next-actions")
    assert planned(known, *words, "寄报价 @ 下周一")["due"] == monday.isoformat()
    counted = planned(known, *words, "寄报价@3个工作日")
    assert (counted["working_days"], counted["counted_from"]) == (3, today().isoformat())


def test_working_days_are_counted_from_the_acts_own_day(known: Sales) -> None:
    words = "next-action set 某某 --what 寄样品 --due +3wd --at 2024-02-07".split()

    assert planned(known, *words)["due"] == "2024-02-18"


def test_when_it_happened_takes_words_with_a_time_of_day(known: Sales) -> None:
    done = known("follow-up", "log", "某某", "--channel", "call", "--at", "昨天 15:30")

    yesterday = (today() - timedelta(days=1)).isoformat()
    assert done.err == f"at {yesterday} (昨天 15:30)\n"
    assert json.loads(known("log", "-o", "jsonl", "-n", "1").out)["occurred"] == f"{yesterday}T15:30:00+08:00"


def test_the_two_times_of_a_view_take_words_and_periods_and_say_them_back(known: Sales) -> None:
    yesterday = (today() - timedelta(days=1)).isoformat()

    done = known("tracking", "--json", "--as-of", "2024-W07", "--known-at", "昨天")

    assert done.err == f"known-at {yesterday} (昨天)\nas-of 2024-02-18 (2024-W07)\n"
    assert json.loads(done.out)["as_of"] == "2024-02-18T23:59:59+08:00"


def test_a_word_that_is_none_is_refused_with_those_that_are(known: Sales) -> None:
    done = known("next-action", "set", "某某", "--what", "寄样品", "--due", "someday")
    assert (done.status, done.err) == (
        2,
        (
            "error: due can't be someday: it names no day; write 2024-02-18, today, tomorrow, friday, next monday, +3d,"
            " +2w, +3wd, 3/5, end of month.\nhint: The day it is due.\n[usage.bad_value]\n"
        ),
    )
    done = known("--lang", "zh", "lead", "validate", "某某", "--at", "2月30日")
    assert (done.status, done.err.splitlines()[0]) == (2, "错误：at 不能是 2月30日：日历中没有这一天。")
    done = known("--lang", "zh", "tracking", "--as-of", "改天")
    assert done.status == 2
    assert done.err.startswith("错误：改天 不是时刻：它不是时刻的写法，请写 2024, ")


def test_a_line_of_a_batch_keeps_to_iso_dates(known: Sales, machine: Path) -> None:
    line = {"action": "next-action.set", "subject": "某某", "data": {"what": "寄样品", "due": "明天"}}
    (machine / "a.jsonl").write_text(json.dumps(line) + "\n", "utf-8")

    done = known("apply", str(machine / "a.jsonl"))

    assert json.loads(done.out)["error"]["code"] == "usage.bad_value"
