"""Every action has four outcomes: it is done, refused, repeated under its key, or in conflict with what the key recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from domain.kernel.registry import all_actions
from infra.commands.unit_of_work import CommandResult
from infra.errors.problem import Problem
from tests.given import Given, Line
from tests.story import REFUSED, story

ACTIONS: Final = [action.NAME for action in all_actions()]


def told() -> list[Line]:
    """Return the history with a key on every line."""
    return [{"key": f"line {number}", **said} for number, said in enumerate(story())]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    given = Given(f"sqlite:///{tmp_path_factory.mktemp('outcomes')}/store.db")
    given.happened(*told())
    yield given
    given.close()


@pytest.mark.parametrize("name", ACTIONS)
def test_told_again_under_its_key_it_is_repeated_and_told_otherwise_it_conflicts(played: Given, name: str) -> None:
    head = played.store.reader.head()
    said = next(each for each in told() if each["action"] == name)
    (again,) = played.answers(said)
    assert isinstance(again, CommandResult)
    assert again.status == "repeated"
    assert again.position == played.store.reader.keyed([said["key"]])[said["key"]].position
    (otherwise,) = played.answers({**said, "reason": "anders"})
    assert isinstance(otherwise, Problem)
    assert otherwise.code == "key.conflict"
    assert played.store.reader.head() == head


@pytest.mark.parametrize(("said", "code"), REFUSED, ids=lambda part: part["action"] if isinstance(part, dict) else "")
def test_it_is_refused_without_a_trace(played: Given, said: Line, code: str) -> None:
    assert played.refused(said) == code
