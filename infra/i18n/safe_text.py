"""Texts made harmless to a terminal: what it would obey is written as escapes."""

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
