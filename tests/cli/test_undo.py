"""`sales undo` as a user meets it: what is shown, what is asked, and what the audit shows afterwards."""

from __future__ import annotations

import json

import pytest

from .conftest import Sales


@pytest.fixture
def known(sales: Sales) -> Sales:
    assert sales("lead", "capture", "某某", "--channel", "online", "--at", "2024-01-08").status == 0
    assert sales("lead", "validate", "某某", "--at", "2024-01-09").status == 0
    words = ("--feedback", "感兴趣", "--next-actions", "寄报价 @ 3wd", "--at", "2024-01-10")
    assert sales("follow-up", "log", "某某", "--channel", "call", *words).status == 0
    return sales


def test_it_shows_what_it_will_do_and_records_nothing_unless_it_is_confirmed(known: Sales) -> None:
    done = known("undo")

    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "This is undone:\n"
        "  4  customer.followed_up  某某  2024-01-10  wang.fang  item: f1, channel: call, reached: true, feedb…\n"
        "  5  customer.next_action_set  某某  2024-01-10  wang.fang  item: n1, what: 寄报价, working_days: 3, …\n"
        "by: sales event void 5, sales event void 4\n"
        "error: Nothing was undone: it was not confirmed.\n"
        "hint: Say --yes, or look first with --dry-run.\n"
        "[undo.unconfirmed]\n"
    )
    assert len(known("log", "-o", "jsonl").out.splitlines()) == 5


def test_in_chinese(known: Sales) -> None:
    done = known("--lang", "zh", "undo", "某某")

    first, *_, by, error, hint, _code = done.err.splitlines()
    assert (first, by) == ("将撤销：", "办法：sales event void 5, sales event void 4")
    assert (error, hint) == ("错误：没有撤销任何记录：未经确认。", "提示：请加 --yes，或先用 --dry-run 看一看。")
    done = known("--lang", "zh", "undo", "1", "--yes")
    assert done.err.splitlines()[0] == "错误：人员登记不能撤销：已有记录写着此人。"


def test_a_second_undo_takes_back_the_act_before_and_the_audit_shows_all(known: Sales) -> None:
    assert "recorded event.voided, event.voided of" in known("undo", "--yes").out
    assert "recorded event.voided of" in known("undo", "--yes", "--reason", "录错了客户").out

    rows = [json.loads(row) for row in known("audit", "某某", "-o", "jsonl").out.splitlines()]
    told = [(row["position"], row["name"], row["corrects"], row["corrected_by"], row["reason"]) for row in rows]
    assert told == [
        (2, "customer.lead_captured", None, None, None),
        (3, "customer.lead_validated", None, 8, None),
        (4, "customer.followed_up", None, 7, None),
        (5, "customer.next_action_set", None, 6, None),
        (6, "event.voided", 5, None, "undo 5"),
        (7, "event.voided", 4, None, "undo 4"),
        (8, "event.voided", 3, None, "录错了客户"),
    ]


def test_a_dry_run_records_nothing_and_the_same_undoing_twice_is_one(known: Sales) -> None:
    planned = json.loads(known("undo", "4", "--dry-run", "--json").out)
    assert [made["data"]["at"] for made in planned["planned"]] == [5, 4]
    assert json.loads(known("undo", "4", "--yes", "--json").out)["status"] == "recorded"
    assert json.loads(known("undo", "5", "--yes", "--json").out)["status"] == "repeated"


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("undo", "99"), 4, "event.unknown"),
        (("undo", "无此公司"), 4, "subject.unknown"),
        (("undo", "--key", "k"), 2, "usage.options"),
        (("undo", "--actor", "nobody"), 4, "undo.nothing"),
    ],
)
def test_what_can_not_be_undone_is_refused(known: Sales, words: tuple[str, ...], status: int, code: str) -> None:
    done = known(*words)

    assert (done.status, done.err.splitlines()[-1]) == (status, f"[{code}]")
