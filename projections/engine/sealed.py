"""A person's data as events carry it: sealed, and opened only by what shows it."""

from __future__ import annotations

import re
from typing import Any, Final, Protocol

ERASED: Final = "[erased]"
"""What stands for a value whose key was destroyed."""
SEALED: Final = "[sealed]"
"""What stands for a value whose key is not in this store: it came without its keys."""
MARK: Final = "~1"
"""What a sealed value's text begins with: the version of its form."""
KEY: Final = 12
"""The letters of a key's id, with which the sealed text begins."""
_FORM: Final = re.compile(rf"\s*{MARK}:[^:\s]+:[a-z_]+(/[a-z_0-9]+)*:[\w-]{{{KEY}}}")


class Opener(Protocol):
    """Opens sealed values; whoever has the keys."""

    def opened(self, sealed: str) -> str: ...


class Sealed(str):
    """A sealed value: as a text it is its sealed form, `~1:event id:path in the event's data:key id and cipher text`.

    It equals what it holds, and is opened where that is asked.
    """

    __slots__ = ("_opener", "held")
    held: str | None
    _opener: Opener | None

    def __new__(cls, text: str, opener: Opener | None) -> Sealed:
        made = super().__new__(cls, text)
        made.held, made._opener = None, opener
        return made

    def opened(self) -> str:
        """Return what it holds, or ERASED, or SEALED."""
        if self.held is None:
            self.held = self._opener.opened(str(self)) if self._opener else SEALED
        return self.held

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Sealed):
            return str.__eq__(self, other) is True or self.opened() == other.opened()
        return self.opened() == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


def shown(value: Any) -> Any:
    """Return a value as a table shows it: opened if it is sealed."""
    return value if type(value) is not Sealed else value.held or value.opened()


def sealed_form(text: str) -> bool:
    """Say whether a text is the sealed form of a value, which nobody means as words."""
    return _FORM.match(text) is not None


def key_of(value: Sealed) -> str:
    """Return the id of the key under which a value is sealed."""
    return str.__str__(value).rpartition(":")[2][:KEY]
