"""Whatever is mistyped, its message in Chinese holds no English clause: walked through every field and option of the program."""

import re
from pathlib import Path

import pytest

from cli.core.options import Option
from cli.registry import COMMANDS, EXTRAS, Root
from domain.kernel.field import fields_of
from domain.kernel.registry import all_actions
from infra.commands.request import request

from .conftest import Sales

CODES = re.compile(
    r"sales [^\n：；。，]*"  # a command
    r"|\{[^}]*\}|\"[^\"]*\"|'[^']*'"  # an example of JSON
    r"|(?:(?:next|last|end of) )?[a-z0-9+/:-]+(?:, (?:(?:next|last|end of) )?[a-z0-9+/.:-]+)+"  # words that one may type
)
CLAUSE = re.compile(r"[A-Za-z']+ [A-Za-z']+ [A-Za-z']+")
BAD = (
    "soon",
    "2024-02-30",
    "2024Q9",
    "12万",
    "1.23456",
    "999999999999999",
    "-1",
    "é",
    "",
    "{",
    "a b@c d",
    "75%@",
    "0@1d",
    "5 @ x",
)


def english(said: str, *typed: str) -> list[str]:
    """Return the runs of English words that a message holds beside what was typed, commands and codes."""
    for word in sorted(typed, key=len, reverse=True):
        said = said.replace(word, "·") if word else said
    return CLAUSE.findall(CODES.sub("·", said))


def test_an_english_clause_is_found() -> None:
    assert english("错误：x 不是期间：'x' names no period; write 2024.", "x") == ["names no period"]
    assert english("提示：请写 2024-02-18, today, next monday, end of month；见 sales help actions and more") == []


def of_actions() -> list[str]:
    """Return the names of all actions."""
    return [cls.NAME for cls in all_actions()]


@pytest.mark.parametrize("name", of_actions())
def test_a_bad_value_of_an_action_is_told_in_chinese(name: str, team: Sales) -> None:
    from cli.core import errors
    from infra.errors.problem import Problem
    from infra.i18n import translate

    cls = next(each for each in all_actions() if name == each.NAME)
    translate.use("zh")
    try:
        found = {}
        for field in fields_of(cls):
            for bad in (*BAD, 5, None, [], ["x"], [{"what": 1}], {"x": 1}, True, "\x00"):
                try:
                    request({"action": name, "data": {field.name: bad}})
                except Problem as problem:
                    said = errors.told(problem)
                    clauses = english(said, name, str(bad), repr(bad), field.name)
                    if clauses:
                        found[field.name, str(bad)] = said
        assert found == {}
    finally:
        translate.use("en")


def of_commands() -> list[tuple[str, ...]]:
    """Return the words of every command that has options of its own."""
    return [(name,) for name in COMMANDS] + list(EXTRAS)


@pytest.mark.parametrize("words", of_commands(), ids=" ".join)
def test_a_bad_value_of_an_option_is_told_in_chinese(words: tuple[str, ...], sales: Sales) -> None:
    command = Root()
    for word in words:
        command = command.load(word)
    found = {}
    for param in getattr(command, "params", ()):
        if isinstance(param, Option) and not param.is_flag and getattr(command, "shows", "") == "view":
            for bad in ("soon", "2024Q9", "12万"):
                done = sales(*words, param.opts[-1], bad, "--lang", "zh", "--no-input")
                clauses = english(done.err, bad)
                if clauses:
                    found[param.opts[-1], bad] = done.err
    assert found == {}


@pytest.mark.parametrize(
    "words",
    [
        ("target", "set", "--metric", "sales", "--value", "1", "--period", "2024Q9", "--owner", "company"),
        ("event", "correct", "3", "--values", '{"channel": 5.5}', "--reason", "错"),
        ("event", "correct", "5", "--values", '{"value": "12万"}', "--reason", "错"),
        ("target", "allocate", "whole", "--child", "part", "--value", "1"),
        ("report", "2024Q9", "--html", "a.html"),
        ("period", "close", "2024Q9"),
        ("replay", "2024-13"),
        ("apply", "nowhere.jsonl"),
        ("import", "leads", "nowhere.csv"),
        ("import", "log", "bad.jsonl", "--store", "sqlite:///other.db"),
        ("calendar", "load", "nowhere.csv"),
        ("person", "register", "a/b", "--name", "某", "--role", "rep"),
        ("restore", "nowhere.db"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_what_a_rule_or_a_file_says_no_to_is_told_in_chinese(team: Sales, words: tuple[str, ...]) -> None:
    Path("bad.jsonl").write_text('{"salestrail": 99}\n')
    of = ("--metric", "sales", "--value", "9", "--owner", "zhang.san")
    assert team("lead", "capture", "某某", "--channel", "online", "--key", "l").status == 0
    assert team("target", "set", *of, "--period", "2024Q1", "--key", "whole").status == 0
    assert team("target", "set", *of, "--period", "2024Q2", "--key", "part").status == 0

    done = team(*words, "--lang", "zh", "--no-input")

    assert done.status > 1
    assert english(done.err, *words) == []
