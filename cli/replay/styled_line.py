"""Lines of a screen as pieces of text with a style, exactly as wide as the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from infra.i18n.terminal_text import clean, cut, pad, width

STYLES: Final = {
    "": "",
    "title": "1",
    "known": "1;36",
    "hindsight": "33",
    "pace": "34",
    "good": "32",
    "bad": "31",
    "faint": "2",
    "bar": "7",
}
"""Style -> the parameters of the terminal's sequence; each style also differs in words or in its pattern of dots."""


class Span(NamedTuple):
    """A piece of a line."""

    text: str
    style: str = ""


Line = list[Span]


def fitted(line: Iterable[Span], columns: int) -> Line:
    """Return a line cut or filled to exactly `columns`, without anything that a terminal would obey."""
    kept: Line = []
    left = columns
    for span in line:
        text = cut(clean(span.text), left)
        if text:
            kept.append(Span(text, span.style))
            left -= width(text)
        if left <= 0:
            break
    return [*kept, Span(" " * left)] if left > 0 else kept


def beside(left: Sequence[Line], right: Sequence[Line], columns: int, height: int) -> list[Line]:
    """Return two blocks next to each other, the left one `columns` wide."""
    lines = []
    for n in range(height):
        one = left[n] if n < len(left) else []
        other = right[n] if n < len(right) else []
        lines.append([*fitted(one, columns), Span("  "), *other])
    return lines


def painted(line: Iterable[Span], *, colored: bool) -> str:
    """Return a line as a terminal takes it. Without colours only what is reversed stays so."""
    pieces = []
    for text, style in line:
        code = STYLES[style] if colored or style == "bar" else ""
        pieces.append(f"\x1b[{code}m{text}\x1b[0m" if code else text)
    return "".join(pieces)


def words(label: str, value: str, columns: int, style: str = "") -> Line:
    """Return a label on the left and a value on the right of `columns`."""
    room = columns - width(value) - 1
    return [Span(pad(cut(label, room), room) + " ") if room > 0 else Span(""), Span(value, style)]
