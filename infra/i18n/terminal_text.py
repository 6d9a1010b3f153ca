"""Texts on a terminal: how wide they are, made to fit, and made harmless; wide characters count two columns, combining ones none."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# They change the direction of what follows them, so that a name could rewrite the line it stands in.
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_OBEYED: Final = "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
"""What a terminal obeys and JSON lets stand as it is."""


def escaped(json: str) -> str:
    """Return JSON that says the same, and in which nothing is left that a terminal would obey."""
    return re.sub(_OBEYED, lambda letter: f"\\u{ord(letter[0]):04x}", json)


def clean(text: str) -> str:
    """Return `text` on one line and without what a terminal would obey: that is written as escapes."""
    if text.isprintable():
        return text
    return "".join(_harmless(letter) for letter in text)


def clean_lines(text: str) -> str:
    """Return `text` as `clean` does, but with its line breaks and tabs."""
    if text.isprintable():
        return text
    return "".join(letter if letter in "\n\t" else _harmless(letter) for letter in text)


def _harmless(letter: str) -> str:
    if letter.isprintable() or unicodedata.category(letter) == "Zs":
        return letter
    # A joiner belongs to the spelling of emoji and of several scripts.
    if letter in "\u200c\u200d" and letter not in _TURNING:
        return letter
    if letter in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[letter]
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def width(text: str) -> int:
    """Return how many columns `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(letter: str) -> int:
    if letter.isascii():
        return 1
    if unicodedata.east_asian_width(letter) in "WF":
        return 2
    return 0 if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf") else 1


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return `text` filled with spaces up to `columns`; aligned to the right with `right`."""
    gap = " " * (columns - width(text))
    return gap + text if right else text + gap


def cut(text: str, columns: int) -> str:
    """Return `text` shortened to at most `columns`, with an ellipsis where something is missing."""
    if width(text) <= columns:
        return text
    kept, used = [], 0
    for letter in text:
        used += _columns(letter)
        if used > columns - 1:
            break
        kept.append(letter)
    return "".join(kept) + "…" if columns > 0 else ""


def wrap(text: str, columns: int) -> list[str]:
    """Return `text` in lines of at most `columns`, broken at spaces or between wide characters."""
    lines, line, used = [], "", 0
    for piece in _pieces(text):
        wide = width(piece)
        if used and used + width(piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line, used = "", 0
            if piece.isspace():
                continue
        line += piece
        used += wide
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> list[str]:
    """Split `text` where a line may end: after a space, and after a wide character that no punctuation follows."""
    pieces, start = [], 0
    for index, letter in enumerate(text):
        following = text[index + 1 : index + 2]
        if letter == " " or (_columns(letter) == 2 and following and following not in "，。；：！？）》、”’"):
            pieces.append(text[start : index + 1])
            start = index + 1
    return [*pieces, text[start:]] if start < len(text) else pieces
