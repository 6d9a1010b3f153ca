"""Unified social credit codes and their check digit; what has another form is another country's."""

from __future__ import annotations

import pytest

from domain.customer.credit_code import DIGITS, canonical, check_digit, is_unified, wrong_code
from domain.customer.lead import CaptureLead
from domain.customer.profile import ChangeCustomer
from domain.kernel.refusal import Refused
from tests.domain.context import Around, events, refusal
from tests.domain.customer.test_lead import lead

REAL = ("91350100M000100Y43", "91330100799655058B", "9144030071526726XG", "914403001922038216")
"""The standard's own example, and codes that companies print on their pages."""


@pytest.mark.parametrize("code", REAL)
def test_real_codes_hold(code: str) -> None:
    assert check_digit(code) == code[-1]
    for written in (code, code.lower(), f" {code[:8]} {code[8:]}", "".join(chr(ord(c) + 0xFEE0) for c in code)):
        assert canonical(written) == code
        assert wrong_code(written) is None


@pytest.mark.parametrize("code", REAL)
def test_each_other_digit_and_each_two_exchanged_are_found(code: str) -> None:
    for place in range(18):
        for digit in DIGITS.replace(code[place], ""):
            assert wrong_code(code[:place] + digit + code[place + 1 :])
    for place in range(17):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or wrong_code(swapped)


def test_the_refusal_names_the_expected_digit() -> None:
    assert wrong_code("91350100M000100Y48") == Refused(
        "customer.code_digit", code="91350100M000100Y48", digit="8", expected="3"
    )
    assert wrong_code("9135010OM000100Y43") == Refused(
        "customer.code_letter", code="9135010OM000100Y43", letter="O", place=8
    )


@pytest.mark.parametrize(
    "number",
    [
        "440301103097413",
        "HRB 12345",
        "DE 811 569 869",
        "U72200KA2007PTC043114",
        "0107-01-011235",
        "1234567890123456789",
    ],
)
def test_another_form_is_another_number(number: str) -> None:
    assert not is_unified(number)
    assert wrong_code(number) is None


def test_a_lead_and_a_file_take_no_wrong_code() -> None:
    asked = CaptureLead(company="甲", channel="online", credit_code="91350100M000100Y44")
    assert refusal(asked, "cus_1", Around()) == "customer.code_digit"
    assert refusal(ChangeCustomer(credit_code="91350100M000I00Y43"), "cus_1", lead()) == "customer.code_letter"
    (changed,) = events(ChangeCustomer(credit_code="HRB 12345"), "cus_1", lead())
    assert changed.credit_code == "HRB 12345"  # type: ignore[attr-defined]
