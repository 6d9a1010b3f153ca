"""Amounts written from the whole numbers that tables hold."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from domain.kernel.money import LIMIT, UNIT, from_units, units_text

WHOLE = int(LIMIT) * UNIT


@given(st.integers(-WHOLE, WHOLE))
@example(0)
@example(-1)
@example(1_000)
@example(-25_000)
def test_an_amount_is_written_from_units_as_its_decimal_would_be(whole: int) -> None:
    assert units_text(whole) == format(from_units(whole), "f")
