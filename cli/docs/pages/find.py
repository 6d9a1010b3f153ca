"""Which written pages there are: docs/ of the checkout, or of the wheel, by topic and language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from infra.i18n import translate
from infra.i18n.translate import marked

DOCS: Final = Path(__file__).resolve().parents[3] / "docs"
"""Beside the folder cli, in a checkout as in a wheel."""

FIRST: Final = marked("To begin with")
HOW_TO: Final = marked("How to")
MORE: Final = marked("In depth")
REFERENCE: Final = marked("Reference")
SHELVES: Final = {"": MORE, "howto": HOW_TO, "reference": REFERENCE}
"""The folders of docs/ that hold pages, with the heading that each is listed under."""


class Page(NamedTuple):
    """A page: its topic, its file, the heading it is listed under, and whether it is in the language that is spoken."""

    topic: str
    file: Path
    heading: str
    spoken: bool

    @property
    def title(self) -> str:
        """The page's first heading."""
        with self.file.open(encoding="utf-8") as lines:
            return next((line[2:].strip() for line in lines if line.startswith("# ")), self.topic)


def pages() -> dict[str, Page]:
    """Return every page by its topic, which is the name of its file; the one to begin with first."""
    return {page.topic: page for page in sorted(_found(translate.language()), key=_order)}


def page(topic: str) -> Page | None:
    """Return the page on a topic, in the language that is spoken where there is one, else in English."""
    return pages().get(topic)


@cache
def _found(language: str) -> tuple[Page, ...]:
    return tuple(_look(language))


def _look(language: str) -> Iterator[Page]:
    for folder, heading in SHELVES.items():
        for file in sorted((DOCS / folder).glob("*.md")):
            if file.stem == "index":
                continue
            own = DOCS / language / folder / file.name
            spoken = language == "en" or own.exists()
            yield Page(
                file.stem,
                own if language != "en" and spoken else file,
                FIRST if file.stem == "tutorial" else heading,
                spoken,
            )


def _order(page: Page) -> int:
    return (FIRST, HOW_TO, MORE, REFERENCE).index(page.heading)
