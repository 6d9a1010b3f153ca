"""The reference pages in docs/reference, generated from what the program declares: `python -m cli.reference`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

NOTE: Final = "<!-- Written by `python -m cli.reference` from the declarations; a test compares. -->\n"


def pages() -> dict[str, str]:
    """Return every page by its file's name."""
    from cli.reference import actions, commands, errors, events, views

    made = {"actions": actions, "events": events, "views": views, "errors": errors, "commands": commands}
    return {f"{name}.md": NOTE + module.page().rstrip() + "\n" for name, module in made.items()}


def write(folder: Path) -> None:
    """Write the pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")
