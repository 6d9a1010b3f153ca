"""Choices take the words that people use for them, and store their own."""

from __future__ import annotations

from typing import get_args

import pytest

from domain.kernel.field import BadValue, choice, fields_of
from domain.kernel.registry import all_actions
from domain.kernel.synonyms import SYNONYMS
from domain.kernel.types import Opinion
from domain.plan.kinds import KeyActionKind, Per


@pytest.mark.parametrize(
    ("said", "stored"),
    [("微信", "message"), ("email", "e-mail"), ("E_Mail", "e-mail"), ("拜访", "visit"), ("Call", "call")],
)
def test_a_channel_is_known_by_its_other_words(said: str, stored: str) -> None:
    assert choice(("call", "visit", "e-mail", "message")).read(said) == stored


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("拜访", "visits"),
        ("线索", "leads"),
        ("Follow-ups", "touches"),
        ("意向触达", "intent-touches"),
        ("每周", "week"),
    ],
)
def test_a_key_action_is_known_by_its_other_words(said: str, stored: str) -> None:
    assert choice((*get_args(KeyActionKind), *get_args(Per))).read(said) == stored


@pytest.mark.parametrize(
    ("said", "stored"),
    [("同意", "for"), ("反对", "against"), ("有条件同意", "with-conditions"), ("With conditions", "with-conditions")],
)
def test_an_opinion_is_known_by_its_other_words(said: str, stored: str) -> None:
    assert choice(get_args(Opinion)).read(said) == stored


def test_a_word_for_another_list_of_choices_is_refused() -> None:
    with pytest.raises(BadValue):
        choice(("signed", "collected")).read("微信")


def test_every_other_word_stands_for_a_choice_of_some_action() -> None:
    known = {word for action in all_actions() for field in fields_of(action) for word in field.choices}
    assert {word for meanings in SYNONYMS.values() for word in meanings} <= known
