"""A Markdown page taken apart: the little of Markdown that our pages are written in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from infra.i18n.terminal_text import width

_FENCE: Final = re.compile(r"\s*```")
_HEADING: Final = re.compile(r"(#{1,6}) +(.*)")
_ITEM: Final = re.compile(r"( *)([-*+]|\d+\.) +(.*)")
_RULER: Final = re.compile(r" *\|?[ :|-]+\|?$")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_CELL: Final = re.compile(r"(?<!\\)\|")


class Heading(NamedTuple):
    """A heading and its level, from 1."""

    level: int
    text: str


class Paragraph(NamedTuple):
    """Running text, still with its links and marks; `mark` stands before its first line, `indent` columns in."""

    text: str
    mark: str = ""
    indent: int = 0
    quoted: bool = False


class Code(NamedTuple):
    """Lines that are shown as they are."""

    lines: tuple[str, ...]
    indent: int = 0


class Table(NamedTuple):
    """Rows of cells, the heading first."""

    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Code | Table


def blocks(source: str) -> Iterator[Block]:
    """Yield the blocks of a page, in order."""
    lines = _without_comments(source).splitlines()
    index = 0
    block: Block
    while index < len(lines):
        line = lines[index]
        if not line.strip() or set(line.strip()) == {"-"}:
            index += 1
        elif _FENCE.match(line):
            index, block = _code(lines, index)
            yield block
        elif found := _HEADING.match(line):
            index += 1
            yield Heading(len(found[1]), found[2].strip())
        elif line.lstrip().startswith("|") and _RULER.match(([*lines, ""])[index + 1]):
            index, block = _table(lines, index)
            yield block
        else:
            index, block = _paragraph(lines, index)
            yield block


def _without_comments(source: str) -> str:
    """Leave out comments, but those that code shows."""
    parts = re.split(r"(^```.*?^```)", source, flags=re.DOTALL | re.MULTILINE)
    return "".join(part if part.startswith("```") else _COMMENT.sub("", part) for part in parts)


def _code(lines: list[str], index: int) -> tuple[int, Code]:
    indent = len(lines[index]) - len(lines[index].lstrip())
    end = index + 1
    while end < len(lines) and not _FENCE.match(lines[end]):
        end += 1
    return end + 1, Code(tuple(line[indent:] for line in lines[index + 1 : end]), indent)


def _table(lines: list[str], index: int) -> tuple[int, Table]:
    rows = []
    while index < len(lines) and lines[index].lstrip().startswith("|"):
        cells = _CELL.split(lines[index].strip().strip("|"))
        rows.append(tuple(cell.strip().replace("\\|", "|") for cell in cells))
        index += 1
    return index, Table((rows[0], *rows[2:]))


def _paragraph(lines: list[str], index: int) -> tuple[int, Paragraph]:
    begun = lines[index]
    item = _ITEM.match(begun)
    quoted = begun.startswith(">")
    mark = "" if item is None else "•" if item[2] in "-*+" else item[2]
    indent = len(item[1]) if item else len(begun) - len(begun.lstrip())
    held = [item[3] if item else begun.lstrip("> ")]
    index += 1
    while index < len(lines) and not _ends(lines[index]):
        held.append(lines[index].lstrip("> ") if quoted else lines[index].strip())
        index += 1
    return index, Paragraph(_joined(held), mark, indent, quoted)


def _ends(line: str) -> bool:
    """Say whether a line can't belong to the paragraph before it."""
    return bool(not line.strip() or _FENCE.match(line) or _HEADING.match(line) or _ITEM.match(line) or line[0] == "|")


def _joined(lines: list[str]) -> str:
    """Join lines to one; between two wide characters no space belongs."""
    text = lines[0]
    for line in lines[1:]:
        wide = bool(text and line) and width(text[-1]) == width(line[0]) == 2
        text += line if wide else f" {line}"
    return text
