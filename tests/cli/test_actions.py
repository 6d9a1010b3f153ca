"""A command is made from its action: what is typed is recorded, and said in words and as JSON."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from .conftest import Sales


def answer(sales: Sales, *words: str) -> dict:
    done = sales(*words, "--json")
    assert done.status == 0, done.out + done.err
    return json.loads(done.out)


def test_the_first_command_makes_the_store_and_its_director(sales: Sales, machine: Path) -> None:
    done = sales("lead", "capture", "某某科技", "--channel", "online")

    assert done.status == 0
    assert done.out.startswith("recorded customer.lead_captured of cus_")
    assert (machine / "home/.local/share/salestrail/salestrail.db").is_file()
    assert "person.registered" in sales("log", "-o", "plain").out


def test_the_answer_as_json(sales: Sales) -> None:
    told = answer(sales, "lead", "capture", "某某科技", "--channel", "online")

    assert told.pop("subject").startswith("cus_")
    assert told == {
        "schema": 1,
        "ok": True,
        "status": "recorded",
        "events": ["customer.lead_captured"],
        "position": 2,
        "warnings": [],
    }


def test_the_same_key_again_is_recorded_already(sales: Sales) -> None:
    words = ("lead", "capture", "某某", "--channel", "online", "--key", "expo#1", "--at", "2024-01-08")
    first = answer(sales, *words)

    again = answer(sales, *words)

    assert again == {**first, "status": "repeated"}
    assert sales(*words).out.startswith("already recorded: customer.lead_captured")
    assert sales(*words[:2], "另一家", *words[3:]).status == 5


def test_a_dry_run_prints_the_events_and_records_nothing(sales: Sales) -> None:
    assert sales("init").status == 0
    told = answer(sales, "--dry-run", "lead", "capture", "某某", "--channel", "online")

    assert told["status"] == "dry-run"
    assert told["planned"][0]["name"] == "customer.lead_captured"
    assert told["planned"][0]["data"]["company"] == "某某"
    assert sales("tracking", "-o", "jsonl").out == ""


def test_global_options_stand_before_or_after_the_verb(sales: Sales) -> None:
    before = sales("--dry-run", "--json", "lead", "capture", "X", "--channel", "online")
    between = sales("--json", "lead", "--dry-run", "capture", "X", "--channel", "online")
    after = sales("lead", "capture", "X", "--channel", "online", "--json", "--dry-run")

    plans = [json.loads(done.out)["planned"] for done in (before, between, after)]
    assert plans[0] == plans[1] == plans[2]


def test_a_field_stands_bare_or_behind_its_flag(sales: Sales) -> None:
    sales("lead", "capture", "某某", "--channel", "online")

    bare = answer(sales, "lead", "grade", "某某", "high", "--dry-run", "--override", "--reason", "r")
    flagged = answer(sales, "lead", "grade", "--grade", "high", "某某", "--override", "--reason", "r", "--dry-run")

    assert bare["planned"] == flagged["planned"]


def test_a_bare_word_that_a_flag_gives_already_is_one_too_many(sales: Sales) -> None:
    done = sales("lead", "grade", "某某", "high", "--grade", "key")

    assert (done.status, done.err.splitlines()[0]) == (2, "error: There is one word too many: high.")


def test_a_redone_draft_is_named_by_subject(sales: Sales) -> None:
    made = answer(
        sales, "target", "set", "--metric", "sales", "--value", "1", "--period", "2024Q1", "--owner", "company"
    )

    flagged = answer(sales, "target", "set", "--subject", made["subject"], "--value", "2")
    bare = answer(sales, "target", "set", made["subject"], "--value", "3")

    assert flagged["subject"] == bare["subject"] == made["subject"]


def test_a_switch_has_its_opposite(sales: Sales) -> None:
    sales("lead", "capture", "某某", "--channel", "online")

    told = answer(sales, "follow-up", "log", "某某", "--channel", "call", "--no-reached", "--dry-run")

    assert told["planned"][0]["data"]["reached"] is False


def test_an_amount_may_be_negative(sales: Sales) -> None:
    sales("lead", "capture", "某某", "--channel", "online")
    sales("contract", "draft", "HT-1", "--customer", "某某", "--amount", "300000")

    assert answer(sales, "contract", "amend", "HT-1", "--delta", "-50000")["events"] == ["contract.amended"]


def test_yesterday_is_a_plain_day_of_the_stores_zone(sales: Sales) -> None:
    sales("lead", "capture", "某某", "--channel", "online", "--at", "yesterday")

    shanghai = datetime.now(UTC) + timedelta(hours=8)
    occurred = json.loads(sales("log", "-o", "jsonl", "-n", "1").out)["occurred"]
    assert occurred == (shanghai.date() - timedelta(days=1)).isoformat()


def test_the_actor_is_whose_act_it_was_and_the_user_its_recorder(sales: Sales) -> None:
    sales("person", "register", "zhang.san", "--name", "张三", "--role", "rep")
    sales("--actor", "zhang.san", "lead", "capture", "某某", "--channel", "online")

    row = json.loads(sales("log", "-o", "jsonl", "-n", "1").out)
    assert (row["actor"], row["recorder"]) == ("zhang.san", "wang.fang")


def test_a_duplicate_is_flagged(sales: Sales) -> None:
    first = answer(sales, "lead", "capture", "某某科技(上海)有限公司", "--channel", "online")

    told = answer(sales, "lead", "capture", "某某科技（上海） 有限公司", "--channel", "online")

    assert told["warnings"][0]["code"] == "lead.duplicate"
    assert first["subject"] in told["warnings"][0]["message"]


def test_of_many_duplicates_a_warning_names_the_first_ones(sales: Sales) -> None:
    for _ in range(13):
        told = answer(sales, "lead", "capture", "某某科技有限公司", "--channel", "online")

    (warning,) = told["warnings"]
    assert warning["facts"]["count"] == 12
    assert warning["message"].count("cus_") == 5
    assert warning["message"].startswith("Flagged as a duplicate of 12 customers: ")


def test_a_deadline_in_working_days_is_said_as_a_date(sales: Sales) -> None:
    sales("lead", "capture", "某某", "--channel", "online", "--at", "2024-02-07")
    done = sales(
        *("follow-up", "log", "某某", "--channel", "call", "--at", "2024-02-07"),
        *("--next-actions", "寄报价 @ 3wd"),
    )

    assert "due 2024-02-18 (3 working days after 2024-02-07)" in done.out


@pytest.mark.parametrize("action", ["lead.capture", "follow-up.log", "calendar.publish", "event.correct"])
def test_the_schema_of_an_action_names_its_fields(sales: Sales, action: str) -> None:
    from domain.kernel.field import fields_of
    from domain.kernel.registry import action_class

    schema = json.loads(sales("schema", action).out)

    cls = action_class(action)
    assert cls is not None
    assert schema["properties"]["action"] == {"const": action}
    assert {field.name for field in fields_of(cls)} <= set(schema["properties"]["data"]["properties"])
    assert ("subject" in schema["required"]) == (not cls.CREATES)
