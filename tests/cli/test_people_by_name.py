"""A name that one person has finds their login, in rows, lines and words; nobody is registered under somebody's name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Sales

HEAD = "公司,来源,获取日期,业务员,录入人\n"


@pytest.fixture
def people(sales: Sales) -> Sales:
    """Return commands in a store with two reps of one name and one of another."""
    for login, name in (("li.si", "李四"), ("zhao.liu", "赵六"), ("zhao.liu2", "赵六")):
        assert sales("person", "register", login, "--name", name, "--role", "rep").status == 0
    return sales


def owners(sales: Sales) -> dict[str, str | None]:
    return {row["company"]: row["owner"] for row in json.loads(sales("tracking", "--json").out)["rows"]}


def persons(sales: Sales) -> int:
    rows = sales("audit", "--name", "person.registered", "--json")
    return len(json.loads(rows.out)["rows"])


def test_a_row_finds_a_login_by_its_name(people: Sales) -> None:
    Path("a.csv").write_text(f"{HEAD}甲公司,线上,2024-01-08,李四,李四\n乙公司,线上,2024-01-08, 李 四,li.si\n", "utf-8")
    done = people("import", "leads", "a.csv")
    assert done.out.count("[person.unknown]") == 1
    assert owners(people) == {"甲公司": "li.si"}
    (row,) = json.loads(people("audit", "甲公司", "--json").out)["rows"]
    assert row["actor"] == "li.si"


def test_registering_people_makes_no_second_one_of_a_name(people: Sales) -> None:
    before = persons(people)
    Path("a.csv").write_text(
        f"{HEAD}甲公司,线上,2024-01-08,李四,\n乙公司,线上,2024-01-08,赵六,\n丙公司,线上,2024-01-08,sun.qi,\n", "utf-8"
    )
    done = people("import", "leads", "a.csv", "--register-people")
    assert "zhao.liu, zhao.liu2" in done.out
    assert done.out.count("[person.ambiguous]") == 1
    assert owners(people) == {"甲公司": "li.si", "丙公司": "sun.qi"}
    assert persons(people) == before + 1


def test_lines_and_words_find_them_too(people: Sales) -> None:
    line = {"action": "lead.capture", "key": "k", "actor": "李四", "data": {"company": "甲公司", "channel": "online"}}
    Path("a.jsonl").write_text(json.dumps(line, ensure_ascii=False), "utf-8")
    before = persons(people)
    assert people("apply", "a.jsonl", "--register-people").status == 0
    assert people("apply", "a.jsonl").err.startswith("0 recorded, 1 already recorded")
    assert people("lead", "capture", "乙公司", "--channel", "online", "--owner", "李四").status == 0
    assert people("lead", "capture", "丙公司", "--channel", "online", "--actor", "李四").status == 0
    assert people("lead", "assign", "乙公司", "--owner", "wang.fang").status == 0
    assert people("group", "form", "g1", "--name", "一组").status == 0
    assert people("person", "join", "李四", "--group", "g1").status == 0
    assert owners(people) == {"甲公司": "li.si", "乙公司": "wang.fang", "丙公司": "li.si"}
    assert persons(people) == before


def test_a_name_of_several_people_names_their_logins(people: Sales) -> None:
    done = people("lead", "capture", "甲公司", "--channel", "online", "--owner", "赵六")
    assert (done.status, "zhao.liu, zhao.liu2" in done.err) == (4, True)
    chinese = people("lead", "capture", "甲公司", "--channel", "online", "--owner", "赵六", "--lang", "zh")
    assert "zhao.liu、zhao.liu2" in chinese.err or "zhao.liu, zhao.liu2" in chinese.err
    assert people("person", "depart", "zhao.liu2").status == 0
    assert people("lead", "capture", "甲公司", "--channel", "online", "--owner", "赵六").status == 0
    assert owners(people) == {"甲公司": "zhao.liu"}


def test_what_was_recorded_by_a_name_stays_so_when_another_gets_it(people: Sales) -> None:
    words = ("lead", "capture", "甲公司", "--channel", "online", "--owner", "李四", "--at", "2024-01-08", "--key", "k")
    assert people(*words).status == 0
    assert people("person", "register", "li.si2", "--name", "李四", "--role", "rep").status == 0
    again = people(*words)
    assert again.status == 0, again
    assert people("lead", "capture", "乙公司", "--channel", "online", "--owner", "李四").status == 4


def test_several_of_one_name_are_named_with_their_logins(people: Sales) -> None:
    done = people("lead", "capture", "甲公司", "--channel", "online", "--owner", "赵六")
    assert done.status == 4
    assert "[" + "person.ambiguous" + "]" in done.err
    assert "zhao.liu, zhao.liu2" in done.err
