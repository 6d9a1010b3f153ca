"""A currency is a code of ISO 4217 in capitals, however it is written; another one is refused with the nearest."""

from __future__ import annotations

import pytest

from domain.kernel.currency import NoCurrency, differ, read_currency
from domain.kernel.field import BadValue, fields_of
from domain.kernel.registry import all_actions, all_events


@pytest.mark.parametrize("said", ["CNY", "cny", " Cny "])
def test_small_letters_are_taken_as_the_code(said: str) -> None:
    assert read_currency(said) == "CNY"


@pytest.mark.parametrize(
    ("said", "near"),
    [("XX1", None), ("CNYY", "CNY"), ("RMB", "CNY"), ("人民币", "CNY"), ("$", "USD"), ("EURO", "EUR"), ("XAU", None)],
)
def test_what_is_no_code_is_refused_with_the_nearest(said: str, near: str | None) -> None:
    with pytest.raises(NoCurrency) as wrong:
        read_currency(said)
    if near:
        assert wrong.value.facts == {"near": near}


@pytest.mark.parametrize("said", ["", "  ", 7, None, ["CNY"]])
def test_what_is_no_text_is_refused(said: object) -> None:
    with pytest.raises(NoCurrency):
        read_currency(said)


def test_every_currency_of_an_action_and_of_an_event_is_read_so() -> None:
    named = [
        (cls.__name__, field)
        for cls in (*all_actions(), *all_events())
        for field in fields_of(cls)
        if field.name == "currency"
    ]
    assert len(named) > 10
    for cls, field in named:
        assert field.kind.read("usd") == "USD", cls
        with pytest.raises(BadValue):
            field.kind.read("XX1")


def test_every_action_with_an_amount_of_money_takes_its_currency_beside_it() -> None:
    money = {"amount", "delta", "instalments", "tax", "value"}
    for cls in all_actions():
        names = {field.name for field in fields_of(cls) if field.kind.word in ("number", "instalment")}
        if names & money:
            assert "currency" in {field.name for field in fields_of(cls)}, cls.NAME


def test_an_old_code_in_small_letters_is_the_same_currency() -> None:
    assert not differ("cny", "CNY")
    assert differ("CNY", "USD")
