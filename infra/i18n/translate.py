"""The words a user reads: English message ids, translated where a catalogue has them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Final

from infra.i18n.terminal_text import clean

LANGUAGES: Final = ("en", "zh")


_language: ContextVar[str] = ContextVar("language", default="en")
_unit: ContextVar[str] = ContextVar("unit", default="1")
"""Of whoever is answered in this thread or task; others are answered in their own."""


def use(language: str) -> None:
    """Speak `language` from now on: en or zh."""
    _language.set(language)


def language() -> str:
    """Return the language that is spoken."""
    return _language.get()


def use_unit(unit: str) -> None:
    """Show amounts in `unit` from now on: 1 or 10k."""
    _unit.set(unit)


def unit() -> str:
    """Return the unit in which amounts are shown."""
    return _unit.get()


def translate(message: str) -> str:
    """Return `message` in the language in use; itself where no translation is known."""
    spoken = _language.get()
    if spoken == "en" or not message:
        return message
    return catalogue(spoken).get(message) or message


def marked(message: str) -> str:
    """Return `message` as it is: it is translated where it is shown, and this only marks it for the catalogue."""
    return message


def filled(message: str, facts: Mapping[str, Any]) -> str:
    """Return the translated `message` with its facts filled in, harmless to a terminal; a missing one shows as its name."""
    shown = {name: clean(str(fact)) if isinstance(fact, str | os.PathLike) else fact for name, fact in facts.items()}
    return translate(message).format_map(_Facts(shown))


def listed(parts: Iterable[str]) -> str:
    """Return several things as a list in a sentence, with the commas of the language in use."""
    return translate(marked(", ")).join(parts)


class _Facts(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return f"({name})"


@lru_cache
def catalogue(language: str) -> dict[str, str]:
    """Return the translations of `language`."""
    return _read(os.path.join(os.path.dirname(__file__), "catalogue", language, "LC_MESSAGES", "salestrail.mo"))


def _read(path: str) -> dict[str, str]:
    """Read a compiled catalogue; gettext's own reader would cost more than the rest of a command's texts."""
    import struct

    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return {}
    count, originals, translations = struct.unpack_from("<3I", data, 8)
    texts = {}
    for index in range(count):
        length, start = struct.unpack_from("<2I", data, originals + 8 * index)
        size, place = struct.unpack_from("<2I", data, translations + 8 * index)
        texts[data[start : start + length].decode()] = data[place : place + size].decode()
    return texts
