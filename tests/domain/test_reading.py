"""Values as they are read at every door: what no table could keep, or nobody could mean, is refused there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.kernel.field import BadValue, read_count, read_number, read_text


@pytest.mark.parametrize("value", [10**9, -(10**9), 1 << 70, "9" * 19, "9" * 5_000, 1.5, True, "1e3", ""])
def test_a_count_is_a_whole_number_below_a_thousand_million(value: Any) -> None:
    with pytest.raises(BadValue):
        read_count(value)
    assert (read_count(999_999_999), read_count(" -3 ")) == (999_999_999, -3)


@pytest.mark.parametrize("value", [10**14, "-100000000000000", float("nan"), float("inf"), Decimal("NaN"), "0.00001"])
def test_an_amount_is_a_number_that_a_table_can_sum(value: Any) -> None:
    with pytest.raises(BadValue):
        read_number(value)


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", "甲\udfff"])
def test_a_text_holds_no_character_that_is_none(value: str) -> None:
    with pytest.raises(BadValue):
        read_text(value)
