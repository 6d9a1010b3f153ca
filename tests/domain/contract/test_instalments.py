"""Instalments: how they are written, what they come to, when they are due, and which of them money fills."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from domain.contract.instalments import Filling, amounts, fitted, read_instalment, write_instalment
from domain.kernel.field import BadValue

D = Decimal


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("30%", {"percent": "30"}),
        ("30 % @ signing+10", {"percent": "30", "after": "signing", "days": 10}),
        ("60% @ delivery", {"percent": "60", "after": "delivery", "days": 0}),
        ("90,000 @ 2024-04-10", {"amount": "90000", "due": "2024-04-10"}),
        ({"share": "0.3"}, {"percent": "30"}),
        ({"share": 30}, {"percent": "30"}),
        ({"percent": 12.5, "due": "2024-04-10"}, {"percent": "12.5", "due": "2024-04-10"}),
        (
            {"amount": "90000", "after": "acceptance", "days": 365},
            {"amount": "90000", "after": "acceptance", "days": 365},
        ),
        ({"amount": 90000, "due": "acceptance+30d"}, {"amount": "90000", "after": "acceptance", "days": 30}),
    ],
)
def test_an_instalment_is_written_in_a_line_or_by_its_fields(said: Any, stored: dict[str, Any]) -> None:
    assert write_instalment(read_instalment(said)) == stored
    assert write_instalment(read_instalment(stored)) == stored


@pytest.mark.parametrize(
    "said",
    [
        "", "0%", "-5%", "30% @ birthday+3", "30% @ signing+x", "30% @ 2024-02-30", {"due": "2024-04-10"},
        {"amount": "1", "percent": "2"}, {"amount": "1", "days": 3}, {"amount": "1", "after": "signing", "due": "2024-04-10"},
        {"amount": "1", "after": "signing", "days": -1}, {"amount": "1", "when": "2024-04-10"}, 3 + 0j,
    ],
)  # fmt: skip
def test_what_is_no_instalment_is_refused(said: Any) -> None:
    with pytest.raises(BadValue):
        read_instalment(said)


@pytest.mark.parametrize(
    ("shares", "worth", "meant"),
    [
        (("30%", "60%", "10%"), "300000", ("90000", "180000", "30000")),
        (("33.33%", "33.33%", "33.34%"), "100", ("33.33", "33.33", "33.34")),
        (("50%", "50%"), "0.01", ("0.01", "0")),
        (("12.5%",) * 8, "0.99", ("0.13", "0.13", "0.13", "0.12", "0.12", "0.12", "0.12", "0.12")),
        (("40%", "6000"), "10000", ("4000", "6000")),
    ],
)
def test_shares_sum_to_the_whole_exactly(shares: tuple[str, ...], worth: str, meant: tuple[str, ...]) -> None:
    found = amounts(list(map(read_instalment, shares)), D(worth))
    assert found == list(map(D, meant))
    assert sum(found) == D(worth)


def test_an_instalment_is_due_on_its_day_or_once_it_is_known_from_what_it_counts() -> None:
    delivered = {"delivery": dt.date(2024, 5, 20)}
    assert read_instalment("1 @ 2024-04-10").due_on({}) == dt.date(2024, 4, 10)
    assert read_instalment("1 @ delivery+30").due_on({}) is None
    assert read_instalment("1 @ delivery+30").due_on(delivered) == dt.date(2024, 6, 19)
    assert read_instalment("1").due_on(delivered) is None


def test_what_a_contract_loses_is_taken_from_its_last_instalments() -> None:
    plan = [D(90), D(180), D(30)]
    assert fitted(plan, D(300)) == (plan, D(0))
    assert fitted(plan, D(350)) == (plan, D(50))
    assert fitted(plan, D(260)) == ([D(90), D(170), D(0)], D(0))
    assert fitted(plan, D(0)) == ([D(0)] * 3, D(0))


@pytest.mark.parametrize(
    ("moves", "got", "over"),
    [
        ([(140, None)], [90, 50, 0], 0),
        ([(20, 3), (100, None)], [90, 10, 20], 0),
        ([(40, 3)], [10, 0, 30], 0),
        ([(90, 1), (50, 1)], [90, 50, 0], 0),
        ([(310, None)], [90, 180, 30], 10),
        ([(310, None), (-30, None)], [90, 180, 10], 0),
        ([(140, None), (-60, None)], [80, 0, 0], 0),
        ([(140, None), (-60, 1)], [30, 50, 0], 0),
        ([(140, None), (-60, 1), (70, None)], [90, 60, 0], 0),
        ([(-20, None), (50, None)], [30, 0, 0], 0),
        ([(-20, None)], [0, 0, 0], -20),
    ],
)
def test_money_fills_what_it_names_and_then_the_oldest_open_one(
    moves: list[tuple[int, int | None]], got: list[int], over: int
) -> None:
    filling = Filling([D(90), D(180), D(30)])
    for amount, named in moves:
        filling.move(D(amount), named)
    found = filling.got, filling.over
    assert found == (list(map(D, got)), D(over))
