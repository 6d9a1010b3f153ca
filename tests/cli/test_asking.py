"""Quick entry on a terminal: what is lacking is asked for; on a pipe nothing is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.store.open import create_store
from tests.faults.running import BOSS, sales
from tests.given import lead
from tests.terminal import on_terminal


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a store with one lead."""
    url = f"sqlite:///{tmp_path_factory.mktemp('asking')}/a.db"
    create_store(url, first_actor=BOSS)[0].close()
    given = json.dumps(lead("l1", "甲公司", by=BOSS)).encode()
    assert sales("apply", "-", store=url, given=given).status == 0
    return url


def last(store: str, count: int = 1) -> list[dict[str, Any]]:
    """Return the last events, each with its data."""
    rows = sales("audit", "-o", "jsonl", store=store).lines[-count:]
    return [{**row, "data": {each["field"]: each["to"] for each in row["changes"]}} for row in rows]


def test_a_follow_up_is_asked_for_one_thing_at_a_time_and_a_wrong_answer_again(store: str) -> None:
    shown = on_terminal(
        ["follow-up", "log"],
        [
            ("customer: ", "无此公司\n"),
            ("customer: ", "甲\n"),
            ("customer: ", "甲公司\n"),
            ("channel: ", "9\n"),
            ("channel: ", "1\n"),
            ("feedback: ", "想要样品\n"),
            ("next-action: ", "寄样品\n"),
            ("due: ", "改天\n"),
            ("due: ", "3个工作日\n"),
        ],
        store=store,
    )

    assert shown.status == 0
    assert "  There is no customer 无此公司." in shown.lines
    assert "  There is: 甲公司" in shown.lines
    assert "  1 call  2 visit  3 e-mail  4 message  5 meeting  6 minutes  7 document  8 other" in shown.lines
    assert (
        "  channel can't be 9: it is one of call, visit, e-mail, message, meeting, minutes, document, other."
        in shown.lines
    )
    said = "in one line: sales follow-up log 甲公司 --channel call --feedback 想要样品 --next-action 寄样品 --working-days 3"
    assert said in shown.lines
    touched, promised = last(store, 2)
    assert (touched["data"]["channel"], touched["data"]["feedback"]) == ("call", "想要样品")
    assert (promised["data"]["what"], promised["data"]["working_days"]) == ("寄样品", 3)


def test_what_is_useful_may_stay_empty(store: str) -> None:
    said = [("channel: ", "visit\n"), ("feedback: ", "\n"), ("next-action: ", "\n")]
    shown = on_terminal(["follow-up", "log", "甲公司", "--lang", "zh"], said, store=store)

    assert shown.status == 0
    assert any(line.endswith("（直接回车：不填）") for line in shown.lines)
    assert "feedback" not in last(store)[0]["data"]


def test_a_full_line_asks_nothing_but_for_what_a_rule_misses(store: str) -> None:
    shown = on_terminal(["lead", "invalidate", "甲公司"], [("reason: ", "空号\n")], store=store)
    assert (shown.status, last(store)[0]["reason"]) == (0, "空号")

    words = ["lead", "capture", "乙公司", "--channel", "exhibition"]
    shown = on_terminal(words, [("campaign: ", "CIIE\n")], store=store)
    assert (shown.status, last(store)[0]["data"]["campaign"]) == (0, "CIIE")

    shown = on_terminal(["undo"], [("Undo this? [y/N] ", "y\n")], store=store)
    assert (shown.status, last(store)[0]["name"]) == (0, "event.voided")

    shown = on_terminal(["follow-up", "log", "甲公司", "--channel", "call"], [], store=store)
    assert (shown.status, last(store)[0]["name"]) == (0, "customer.followed_up")


def test_an_interruption_records_nothing(store: str) -> None:
    before = last(store)
    for typed in ("\x03", "\x04"):
        shown = on_terminal(
            ["follow-up", "log", "甲公司"], [("channel: ", "call\n"), ("feedback: ", typed)], store=store
        )
        assert shown.status == 130
        assert "hint: Nothing was recorded." in shown.lines
    assert last(store) == before


def test_nothing_is_asked_with_no_input_nor_on_a_pipe(store: str) -> None:
    shown = on_terminal(["follow-up", "log", "甲公司", "--no-input"], [], store=store)
    assert (shown.status, shown.lines[0]) == (2, "error: follow-up.log needs channel.")

    done = sales("follow-up", "log", "甲公司", store=store)
    assert (done.status, done.code) == (2, "usage.missing_field")
    done = sales("undo", store=store)
    assert (done.status, done.code) == (2, "undo.unconfirmed")
