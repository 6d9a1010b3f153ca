"""A page as lines for a terminal: wrapped to its width, with wide characters counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final

from cli.docs.pages.markdown import Block, Code, Heading, Paragraph, Table, blocks
from infra.i18n.terminal_text import clean_lines, pad, width, wrap

_LINK: Final = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]*)\)")
_CODE: Final = re.compile(r"(`+.+?`+)")
_STRONG: Final = re.compile(r"\*\*(.+?)\*\*")
_NARROW: Final = 8  # columns that a cell keeps, however many there are
_INSET: Final = "    "


def lines(source: str, columns: int, *, bold: bool = False) -> Iterator[str]:
    """Yield the lines of a page that is written in Markdown; headings stand out by colour codes with `bold`."""
    before: Block | None = None
    for block in blocks(clean_lines(source)):
        if before is not None and not _close(before, block):
            yield ""
        yield from _drawn(block, columns, bold)
        before = block


def _close(before: Block, block: Block) -> bool:
    """Say whether two blocks stand without a line between them: items of one list."""
    return isinstance(before, Paragraph) and isinstance(block, Paragraph) and bool(before.mark and block.mark)


def _drawn(block: Block, columns: int, bold: bool) -> Iterable[str]:
    match block:
        case Heading():
            return _heading(block, columns, bold)
        case Code(held, indent):
            return [f"{' ' * indent}{_INSET}{line}".rstrip() for line in held]
        case Table(rows):
            return _table([[inline(cell) for cell in row] for row in rows], columns)
        case Paragraph():
            return _paragraph(block, columns)


def _heading(block: Heading, columns: int, bold: bool) -> Iterator[str]:
    rule = {1: "═", 2: "─"}.get(block.level)
    text = inline(block.text)
    for line in wrap(text, columns):
        yield f"\x1b[1m{line}\x1b[0m" if bold else line
    if rule:
        yield rule * min(width(text), columns)


def _paragraph(block: Paragraph, columns: int) -> Iterator[str]:
    mark = f"{block.mark} " if block.mark else "│ " if block.quoted else ""
    room = max(columns - block.indent - width(mark), _NARROW)
    for number, line in enumerate(wrap(inline(block.text), room)):
        before = mark if block.quoted or not number else " " * width(mark)
        yield f"{' ' * block.indent}{before}{line}"


def _table(rows: list[list[str]], columns: int) -> Iterator[str]:
    count = max(map(len, rows))
    held = [row + [""] * (count - len(row)) for row in rows]
    wide = fitted([max(width(row[place]) for row in held) for place in range(count)], columns - 2 * (count - 1))
    for number, row in enumerate(held):
        if number == 0 and not any(row):
            continue  # a table without headings
        cells = [wrap(cell, room) for cell, room in zip(row, wide, strict=True)]
        for line in range(max(map(len, cells))):
            parts = [pad(cell[line] if line < len(cell) else "", room) for cell, room in zip(cells, wide, strict=True)]
            yield "  ".join(parts).rstrip()
        if number == 0:
            yield "  ".join("─" * room for room in wide)


def fitted(wanted: list[int], columns: int) -> list[int]:
    """Return the widths of a table's columns: as wanted, but the widest ones cut until the row fits."""
    held = list(wanted)
    while sum(held) > columns and max(held) > _NARROW:
        held[held.index(max(held))] -= 1
    return held


def inline(text: str) -> str:
    """Return running text without its marks; a link says where it leads."""
    parts = _CODE.split(_LINK.sub(_led, text))
    return "".join(part.strip("`") if part.startswith("`") else _STRONG.sub(r"\1", part) for part in parts)


def _led(found: re.Match[str]) -> str:
    picture, text, target = found.groups()
    if picture:
        return f"[{text}]"
    if "://" in target:
        return f"{text} <{target}>"
    path = PurePosixPath(target.partition("#")[0])
    if path.suffix != ".md" or path.stem.isupper() or path.stem in ("index", "README.zh"):
        return text if not path.name or text.strip("`") == path.name else f"{text} ({path.name})"
    return f"{text} (sales help {path.stem})"
