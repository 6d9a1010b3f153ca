"""How wide a text is on a terminal, and texts made to fit: wide characters count two columns, combining ones none."""

from __future__ import annotations

import unicodedata


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
