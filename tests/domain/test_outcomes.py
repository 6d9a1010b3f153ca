"""Repeated and conflicting, for every action at once: the same words under a key again, and other words under it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from domain.kernel.registry import all_actions
from infra.commands.unit_of_work import CommandResult
from infra.errors.problem import Problem
from tests.given import Given, Line
from tests.story import story

NAMES = [action.NAME for action in all_actions()]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Given, dict[str, Line]]]:
    """Return a store in which every action has been recorded under a key, and a line of each."""
    given = Given(f"sqlite:///{tmp_path_factory.mktemp('outcomes')}/store.db")
    lines = [{"key": f"line {n}", **each} for n, each in enumerate(story())]
    given.happened(*lines)
    yield given, {each["action"]: each for each in lines}
    given.close()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_again_is_repeated(played: tuple[Given, dict[str, Line]], name: str) -> None:
    given, lines = played
    before = given.store.reader.head()
    (answer,) = given.answers(lines[name])
    assert isinstance(answer, CommandResult), (answer.code, answer.facts)
    first = given.store.reader.keyed([lines[name]["key"]])[lines[name]["key"]]
    assert (answer.status, answer.subject, answer.position) == ("repeated", first.stream, first.position)
    assert given.store.reader.head() == before


@pytest.mark.parametrize("name", NAMES)
def test_something_else_under_the_key_is_a_conflict(played: tuple[Given, dict[str, Line]], name: str) -> None:
    given, lines = played
    before = given.store.reader.head()
    (answer,) = given.answers({**lines[name], "reason": "别的理由"})
    assert isinstance(answer, Problem)
    assert answer.code == "key.conflict"
    assert json.loads(answer.facts["given"]) is not None
    assert json.loads(answer.facts["recorded"]) is not None
    assert given.store.reader.head() == before
