"""What the values of a policy may be, where one wrong sign would let another number in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.policy.validators import share


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("0.01", True), ("1", True), ("1.00", True), ("0", False), ("0.00", False), ("-0.1", False), ("1.01", False),
        ("NaN", False), ("x", False), ("", False), (1, False), (None, False),
    ],
)  # fmt: skip
def test_a_share_is_above_nothing_and_at_most_the_whole(value: Any, good: bool) -> None:
    assert share(value, Decimal(1)) is good
