"""The commands there are, each with its words and options, as the program's own help tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from tests.parity.door import Asked, Door

_OPTION: Final = re.compile(r"  (?:-\w, )?(--[a-z-]+)(?:/--[a-z-]+)?(?: (\S+))?(?:  .*)?$")
_WORD: Final = re.compile(r"  \[?([A-Z-]+)\]?(?:  .*)?$")
_COMMAND: Final = re.compile(r"  ([a-z-]+)(?:  .*)?$")
OF_VIEWS: Final = "Of every view"


class Command(NamedTuple):
    """A command: the words that lead to it, its bare words, and its own options with what stands for a value."""

    name: str
    example: str
    words: tuple[str, ...]
    options: Mapping[str, str]
    is_view: bool
    is_action: bool


def commands(door: Door) -> list[Command]:
    """Return every command that help names, down to the last level."""
    return sorted(_below(door, ()))


def _below(door: Door, path: tuple[str, ...]) -> Iterator[Command]:
    page = _page(door, path)
    if path and not page["Usage"][0].endswith(" COMMAND ..."):
        yield _command(door, path, page)
        return
    for heading, lines in page.items():
        if not heading.startswith(("Options", "Usage")):
            for line in lines:
                if found := _COMMAND.match(line):
                    yield from _below(door, (*path, found[1]))


def _command(door: Door, path: tuple[str, ...], page: Mapping[str, list[str]]) -> Command:
    schema = door.ask(Asked("none", ("schema", ".".join(path))))
    return Command(
        name=" ".join(path),
        example=page.get("Example", [""])[0].removeprefix("sales "),
        words=tuple(found[1] for line in page.get("Words", []) if (found := _WORD.match(line))),
        options={
            found[1]: found[2] or ""
            for heading in ("Options", "Fields")
            for line in page.get(heading, [])
            if (found := _OPTION.match(line))
        },
        is_view=OF_VIEWS in page,
        is_action=schema.status == 0 and len(path) == 2,
    )


def _page(door: Door, path: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the lines of a help page by their heading; what stands behind a heading is its first line."""
    told = door.ask(Asked("none", (*path, "--help")))
    assert told.status == 0, (path, told)
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in told.out.decode().splitlines():
        if heading := re.match(r"([A-Z][^:]*):(?: (.*))?$", line):
            lines = found.setdefault(heading[1].partition(",")[0] if not heading[2] else heading[1], [])
            if heading[2]:
                lines.append(heading[2])
        else:
            lines.append(line)
    return found
