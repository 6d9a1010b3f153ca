"""`--explain` on the views beside the three main ones: each row names the events that made it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .conftest import Sales


def rows(sales: Sales, *words: str) -> list[dict[str, Any]]:
    done = sales(*words, "--explain", "--json")
    assert done.status == 0, done
    found: list[dict[str, Any]] = json.loads(done.out)["rows"]
    return found


def test_a_policy_in_force_names_what_adopted_it(sales: Sales) -> None:
    values = '{"working_days": 3}'
    assert sales("policy", "adopt", "entry-deadline", "--values", values, "--from", "2024-01-01").status == 0
    found = {row["policy"]: row["events"] for row in rows(sales, "policy", "show", "--as-of", "2024-02-01")}
    (event,) = found["entry-deadline"]
    assert event["name"] == "policy.adopted"
    assert found["grading"] == []


def test_a_suggestion_names_what_set_the_target_and_what_moved_the_person(sales: Sales, machine: Path) -> None:
    assert sales("demo", "--dir", str(machine)).status == 0
    store = machine / "demo.db"
    words = ("target", "suggest", "--period", "2024Q1", "--as-of", "2024-03-31", "--store", f"sqlite:///{store}")
    found = rows(sales, *words)
    assert found
    for row in found:
        names = [event["name"] for event in row["events"]]
        assert "target.set" in names
        assert names[-1] == "person.joined_group"


def test_one_customer_names_its_events(sales: Sales) -> None:
    assert sales("lead", "capture", "某某科技有限公司", "--channel", "online").status == 0
    shown = json.loads(sales("show", "某某科技有限公司", "--explain", "--json").out)
    assert [event["name"] for event in shown["file"][0]["events"]] == ["customer.lead_captured"]
