"""A person or a group that never was, named to narrow a view, is a mistyped word and no empty table."""

import json
from collections.abc import Collection

import pytest

from cli.core.options import Option
from cli.registry import COMMANDS, Root
from infra.queries import known_names
from infra.store.store import Store

from .conftest import Sales


@pytest.fixture
def asked(team: Sales) -> Sales:
    """Run commands in a store that knows two reps, a director and the group g1, whose people are none."""
    assert team("person", "register", "li.si", "--name", "李四", "--role", "rep").status == 0
    assert team("group", "form", "g1", "--name", "华东组").status == 0
    return team


def narrowed() -> list[tuple[str, str]]:
    """Return every view's options that take a person or a group, each with its view."""
    root = Root()
    found = []
    for name in COMMANDS:
        command = root.load(name)
        params = [each for each in getattr(command, "params", ()) if isinstance(each, Option)]
        if getattr(command, "shows", "") == "view":
            found += [(name, each.opts[0]) for each in params if each.metavar in ("LOGIN", "CODE", "OWNER")]
    return found


PLACES = {"replay": ["2024Q1"], "diff": ["--from", "2024-01-01", "--to", "2024-02-01"]}


@pytest.mark.parametrize(("view", "flag"), narrowed())
def test_every_view_refuses_a_name_that_nobody_has(asked: Sales, view: str, flag: str) -> None:
    done = asked(view, *PLACES.get(view, []), flag, "nosuch")

    assert (done.status, done.out, done.err.splitlines()[-1]) == (2, "", "[usage.unknown_name]")


def test_the_error_says_what_was_typed_and_what_is_near(asked: Sales) -> None:
    assert asked("tracking", "--owner", "zhang.sna").err == (
        "error: There is no person zhang.sna.\nhint: Did you mean zhang.san?\n[usage.unknown_name]\n"
    )
    assert asked("tracking", "--group", "west", "--lang", "zh").err == (
        "错误：没有小组 west。\n提示：已有的例如：g1。\n[usage.unknown_name]\n"
    )
    error = json.loads(asked("progress", "--owner", "g2", "--json").out)["error"]
    assert error["facts"]["near"] == ["g1"]


def test_a_name_in_chinese_is_answered_with_the_login_and_the_code(asked: Sales) -> None:
    assert "Did you mean li.si?" in asked("agenda", "--owner", "李四").err
    assert "Did you mean g1?" in asked("agenda", "--group", "华东组").err


@pytest.mark.parametrize(
    "words",
    [
        "tracking --owner li.si",
        "tracking --group g1",
        "progress --owner company",
        "progress --owner g1",
        "plans --owner li.si",
        "audit --by system",
    ],
)
def test_whom_the_log_knows_is_answered_by_a_table(asked: Sales, words: str) -> None:
    assert asked(*words.split()).status == 0


def test_who_has_left_is_no_mistyped_word(asked: Sales) -> None:
    assert asked("person", "depart", "li.si").status == 0
    assert asked("tracking", "--owner", "li.si").status == 0


def test_who_was_not_known_then_is_told_apart_from_who_never_was(asked: Sales) -> None:
    then = ("--known-at", "2020-01-01")

    known_later = asked("tracking", "--owner", "li.si", *then)
    assert known_later.status == 2
    assert known_later.err.splitlines() == [
        "error: As known at 2020-01-01 there was no person li.si yet.",
        "hint: There was none yet.",
        "[usage.unknown_then]",
    ]
    assert asked("tracking", "--owner", "nosuch", *then).err.endswith("[usage.unknown_name]\n")


def test_the_log_is_asked_only_where_the_option_is_given(asked: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    there = known_names.there

    def looked(store: Store, prefixes: Collection[str], name: str, position: int) -> bool:
        looks.append(name)
        return there(store, prefixes, name, position)

    monkeypatch.setattr(known_names, "there", looked)
    assert asked("tracking").status == 0
    assert asked("tracking", "--owner", "li.si").status == 0
    assert looks == ["li.si"]
