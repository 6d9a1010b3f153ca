"""The reference pages and the man pages, generated from what the program declares: `python -m cli.docs.reference`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Final

NOTE: Final = "<!-- Written by `python -m cli.docs.reference` from the declarations; a test compares. -->\n"
PAGES: Final = ("actions", "events", "views", "errors", "commands")


def page(name: str) -> str:
    """Return the text of a page."""
    text: str = import_module(f"cli.docs.reference.{name}").page()
    return NOTE + text.rstrip() + "\n"


def write(folder: Path) -> None:
    """Write the pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (folder / f"{name}.md").write_text(page(name), "utf-8")


def write_man(folder: Path) -> None:
    """Write the man pages of every language below a folder, and remove those of commands that are no more."""
    from cli.docs.reference.man import LANGUAGES, pages

    for language, section in LANGUAGES.items():
        written = pages(language)
        place = folder / section
        place.mkdir(parents=True, exist_ok=True)
        for path in place.glob("*.1"):
            if path.name not in written:
                path.unlink()
        for name, page in written.items():
            (place / name).write_text(page, "utf-8")
