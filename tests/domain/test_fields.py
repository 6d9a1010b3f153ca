"""What is read from the text of a form or a line of JSON, by the kind of its field."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kernel.field import BadValue, read_flag


@pytest.mark.parametrize(
    ("told", "meant"), [(True, True), (False, False), ("true", True), ("YES", True), ("False", False), ("no", False)]
)
def test_a_flag_is_said_in_four_words_of_either_case(told: Any, meant: bool) -> None:
    assert read_flag(told) is meant


@pytest.mark.parametrize("told", ["", "maybe", "y", "是", 1, 0, None, ["yes"]])
def test_what_else_is_said_is_no_flag(told: Any) -> None:
    with pytest.raises(BadValue):
        read_flag(told)
