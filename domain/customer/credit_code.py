"""The unified social credit code 统一社会信用代码 with its check digit (GB 32100-2015), told by its form from other numbers."""

from __future__ import annotations

import unicodedata
from typing import Final

from domain.kernel.refusal import Refused

DIGITS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of a code, each worth its place; I, O, S, V and Z are left out, as they are mistaken for others."""

WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
LENGTH: Final = 18
CODE_HELP: Final = (
    "Registration number; one of 18 letters and digits is a unified social credit code and must have the right check digit, "
    "any other is taken as it is."
)


def canonical(number: str) -> str:
    """Return a registration number as it is compared: half width, in capitals, without spaces and dashes."""
    return "".join(c for c in unicodedata.normalize("NFKC", number).upper() if not c.isspace() and c not in "-‐–—")


def is_unified(number: str) -> bool:
    """Say whether a number has the form of a unified code: 18 letters and digits. Others are other countries' or older."""
    code = canonical(number)
    return len(code) == LENGTH and code.isascii() and code.isalnum()


def check_digit(code: str) -> str:
    """Return the last character that belongs to the first seventeen. Raises ValueError for what is none of DIGITS."""
    total = sum(DIGITS.index(c) * weight for c, weight in zip(code[:17], WEIGHTS, strict=True))
    return DIGITS[-total % 31]


def wrong_code(number: str | None) -> Refused | None:
    """Return why a registration number can't be right, if so: a unified code of other letters, or another check digit."""
    if number is None or not is_unified(number):
        return None
    code = canonical(number)
    stray = next((c for c in code if c not in DIGITS), None)
    if stray:
        return Refused("customer.code_letter", code=code, letter=stray, place=code.index(stray) + 1)
    expected = check_digit(code)
    if code[-1] != expected:
        return Refused("customer.code_digit", code=code, digit=code[-1], expected=expected)
    return None
