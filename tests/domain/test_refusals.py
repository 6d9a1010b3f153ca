"""Every refusal is provoked by some test, and reads as its table says."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from domain.kernel.refusal_texts import all_texts

TESTS = Path(__file__).parent.parent
PROVOKED = "".join(
    path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py") if path.name != Path(__file__).name
)


@pytest.mark.parametrize("code", all_texts())
def test_a_test_provokes_it(code: str) -> None:
    assert f'"{code}"' in PROVOKED


@pytest.mark.parametrize("code", all_texts())
def test_it_says_what_and_what_next(code: str) -> None:
    text = all_texts()[code]
    assert text.message.endswith(".")
    assert text.hint
    for template in (text.message, text.hint):
        assert all(name != "" for _, name, _, _ in string.Formatter().parse(template))
