"""A sample of what `python -m tests.parity` asks, small enough for every run: each view of the demo once in JSON and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parity.asking import kept
from tests.parity.door import Door
from tests.parity.questions import asked_as_view, sample
from tests.parity.registry import commands
from tests.parity.stores import DEMO, STORES, play
from tests.parity.values import values_of


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with pytest.MonkeyPatch.context() as patch:
        yield Door(tmp_path_factory.mktemp("parity"), patch)


def test_each_view_answers_as_ever(door: Door) -> None:
    answers = kept()
    told = [*play(door, DEMO), *((asked, door.ask(asked)) for asked in sample(door))]
    differing = [asked.line for asked, answer in told if answers.get(asked.line) != answer.digest]
    assert not differing, "look at it in full (see CONTRIBUTING.md), then: python -m tests.parity --write"


def test_each_option_of_a_view_has_a_value_to_be_asked_for_and_is_asked_for(door: Door) -> None:
    asked = " ".join(kept())
    views = [view for view in commands(door) if asked_as_view(view)]
    assert len(views) > 40
    for view in views:
        for store in STORES:
            values = values_of(view, store)
        missing = [flag for flag in values if f" {flag} " not in asked]
        assert not missing, f"{view.name}: python -m tests.parity --write"


def test_answers_are_kept_in_order_and_in_little_room() -> None:
    from tests.parity.asking import ANSWERS

    lines = ANSWERS.read_text("utf-8").splitlines()
    assert lines == sorted(set(lines))
    assert ANSWERS.stat().st_size < 1_000_000


def test_the_same_question_has_the_same_answer_in_any_order(door: Door, tmp_path: Path) -> None:
    asked = sample(door)[::7]
    once = {each.line: door.ask(each).digest for each in asked}
    assert {each.line: door.ask(each).digest for each in reversed(asked)} == once
