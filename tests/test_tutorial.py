"""The pages that tell a story in commands: played from top to bottom, they print what they show."""

from __future__ import annotations

import re
from itertools import takewhile
from pathlib import Path

import pytest

from tests.tutorial import DOCS, PLAYED, language_of, played


@pytest.mark.parametrize("name", PLAYED)
def test_a_page_shows_what_its_commands_print(name: str, tmp_path: Path) -> None:
    page = (DOCS / name).read_text("utf-8")

    assert played(page, tmp_path, language_of(name)) == page, "play them again: python -m tests.tutorial --write"


@pytest.mark.parametrize("name", [name for name in PLAYED if not name.startswith("zh/")])
def test_a_page_is_told_by_the_same_commands_in_both_languages(name: str) -> None:
    assert told(DOCS / name) == told(DOCS / "zh" / name)


def told(page: Path) -> list[list[str]]:
    """Return the verbs and flags of a page's commands, without the words that are said in one language."""
    lines = [line[2:].split() for line in page.read_text("utf-8").splitlines() if line.startswith("$ ")]
    verbs = [list(takewhile(re.compile("[a-z-]+$").match, words)) for words in lines]
    return [
        plain + [word for word in words if word.startswith("--")] for plain, words in zip(verbs, lines, strict=True)
    ]
