"""Batches made up at random, half of them nonsense: no fault of the program, no table stopped, the same when rebuilt."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from domain.kernel.action import Action
from domain.kernel.field import Field, fields_of
from domain.kernel.registry import all_actions
from infra.store.open import open_store
from projections.read_models import registry
from tests.faults.running import sales
from tests.faults.test_endings import everything
from tests.given import Line, lead, line

ODD: list[Any] = [
    "", "x", 0, -1, 3, 10**30, 1.5, True, None, [], {}, ["a", 1], [None], {"a": 1}, "2024-02-30", "9999-12-31",
    "0001-01-01", "\x00", "🙂", "a" * 3_000, "1e3", "12万", "-5", "99999999999999", "0.0001", {"tiers": 1},
    {"tiers": [{"up_to": "x", "roles": ["q"]}]}, "cus_zzzz", "per_zhang.san", 2024, ["2024-02-17..2024-02-10"], "XXX",
]  # fmt: skip
LIKELY: dict[str, list[Any]] = {
    "company": ["甲", "乙", "丙"], "channel": ["online", "call", "visit"], "customer": ["l1", "l2"],
    "opportunity": ["o1"], "amount": ["100", "5000000", 7], "date": ["2024-02-01", "2024-03-01"],
    "number": ["n1", "n2"], "metric": ["sales", "leads", "repurchase-rate"], "value": ["10", "0.6"],
    "period": ["2024Q1", "2024-02", "2024"], "owner": ["zhang.san", "company", "g1"], "login": ["zhang.san", "wang"],
    "name": ["n", "grading", "approval-tiers", "entry-deadline"], "group": ["g1"], "code": ["g1", "g2"],
    "grade": ["high", "key", "initial"], "to": ["li.si", "zhang.san"], "members": [["zhang.san", "li.si"]],
    "due": ["2024-03-05"], "working_days": [3], "kind": ["price"], "child": ["zhang.san", "g1", "t2"], "year": [2025],
    "holidays": [["2025-01-01"]], "make_up_days": [["2025-02-08"]], "delta": ["5", "-5"], "duplicate": ["l1", "l2"],
    "item": ["o1", "n1"], "probability": ["0.5"],
    "values": [
        {"company": "丁"}, {"amount": "7"}, {"channel": "call"}, {"date": "2024-01-02"}, {"working_days": 1},
        {"amount": "-5"}, {"currency": "USD"}, {"owner": "nobody"}, {"metric": "leads"}, {"period": "2023"},
        {"tiers": [{"up_to": None, "roles": ["rep"]}]}, {"next_actions": []}, {"group": "g9"},
    ],
}  # fmt: skip
SUBJECTS = {
    "customer": ["l1", "l2", "l3", "甲"], "contract": ["c1", "c2", "n1"], "target": ["t1", "t2"],
    "opportunity": ["o1"], "person": ["zhang.san", "li.si"], "group": ["g1"],
    "event": [str(position) for position in range(1, 60)],
}  # fmt: skip
TIMES = ["2024-01-05", "2024-02-01", "2024-03-01T10:00:00+08:00", "2024-03-01T10:00:00", "2023-12-31"]
BEGINNING = [
    line("person.register", login="zhang.san", name="张三"),
    line("person.register", login="li.si", name="李四", role="manager"),
    line("group.form", code="g1", name="一组"),
    lead("l1", "甲", by="zhang.san"), lead("l2", "乙", by="li.si"), lead("l3", "甲", by="li.si"),
    line("contract.draft", key="c1", number="n1", customer="l1", amount="100"),
    line("contract.draft", key="c2", number="n2", customer="l2", amount="5000"),
    line("target.set", key="t1", metric="sales", value="10", period="2024Q1", owner="company"),
    line("target.set", key="t2", metric="sales", value="5", period="2024Q1", owner="g1", rationale="r"),
    line("opportunity.open", key="o1", customer="l1", amount="50"),
]  # fmt: skip


def made_up(chance: random.Random, action: type[Action], number: int) -> Line:
    """Return a line for an action, most of it plausible."""
    said: Line = {"action": action.NAME, "data": {}}
    for field in fields_of(action):
        if chance.random() < (0.97 if field.required else 0.4):
            said["data"][field.name] = value(chance, field)
    if chance.random() < 0.6:
        said["key"] = chance.choice([str(number)] * 5 + ["l1", "c1", "t1", "p"])
    if chance.random() < 0.9:
        said["subject"] = chance.choice(SUBJECTS.get(action.SUBJECT, ["l1"]) if chance.random() < 0.9 else ODD)
    if chance.random() < 0.5:
        said["at"] = chance.choice(TIMES if chance.random() < 0.9 else ODD)
    if chance.random() < 0.4:
        said["actor"] = chance.choice(["zhang.san", "li.si"])
    if chance.random() < 0.5:
        said["reason"] = "r"
    return said


def value(chance: random.Random, field: Field) -> Any:
    likely = LIKELY.get(field.name) or list(field.choices) or ["x"]
    return chance.choice(likely if chance.random() < 0.9 else ODD)


VIEWS = (
    "status", "tracking --json --explain", "progress --json --period 2024Q1 --explain", "progress --period 2024",
    "audit --json --explain", "tracking --as-of 2024-01-31", "tracking -o csv", "log -n 500", "policy show", "export",
)  # fmt: skip


@pytest.mark.seeds(8)
def test_whatever_a_batch_holds_it_is_answered_and_every_table_goes_on(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    actions = all_actions()
    lines = [*BEGINNING, *(made_up(chance, chance.choice(actions), n) for n in range(500))]
    store = f"sqlite:///{tmp_path}/a.db"
    for start in range(0, len(lines), 120):
        some = lines[start : start + 120]
        done = sales("apply", "-", store=store, given="".join(json.dumps(said) + "\n" for said in some).encode())
        assert done.status in (0, 8), done.err
        assert len(done.lines) == len(some)
        assert sales("status", store=store).status == 0
        assert sales("tracking", store=store).status == 0
    for words in VIEWS:
        done = sales(*words.split(), store=store)
        assert done.status == 0, (words, done.err)
    opened = open_store(store)
    opened.catch_up(asked=registry.ON_DEMAND)
    as_it_came = everything(opened)
    opened.projector.rebuild(tuple(registry.VERSIONS))
    assert everything(opened) == as_it_came
    opened.close()
