"""Records in which the sealed form of a value was sealed once more, as if it were words; and what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.kernel.effective import standing
from infra.commands.repository import entry
from infra.event_store import codec
from infra.event_store.stored_event import Record
from projections.engine.sealed import ERASED, MARK, SEALED, Sealed, sealed_form

if TYPE_CHECKING:
    from infra.crypto.keyring import Keyring
    from infra.store.store import Store

PAGE: Final = 2_000
LONG: Final = re.compile(rb'"%s": ?"[^"]{130}' % MARK.encode())
"""What a record looks like that holds a sealed value long enough to hold another."""


class SealedText(NamedTuple):
    """A record that holds sealed forms as words, what it corrects (or itself), and the fields' true words.

    The words are None where they can't be opened any more.
    """

    position: int
    corrects: int
    stream: str
    fields: dict[str, Any]


def sealed_texts(store: Store) -> Iterator[SealedText]:
    """Yield the records whose words stand as a sealed form now; one that was corrected since is left out."""
    reader, after = store.reader, 0
    while True:
        page = reader.read(after, PAGE)
        for record in page:
            if LONG.search(record.data) and (found := _found(store, record)):
                yield found
        if len(page) < PAGE:
            return
        after = page[-1].position


def _found(store: Store, record: Record) -> SealedText | None:
    ring = store.reader.ring
    try:
        told = entry(record, ring)
    except (LookupError, ValueError):
        return None  # an event that can't be read is told elsewhere
    corrects = told.name == codec.CORRECTED
    said = told.data["values"] if corrects else told.data
    named = [name for name, value in said.items() if any(map(sealed_form, _opened(value, ring)))]
    if not named:
        return None
    at = told.data["at"] if corrects else told.position
    history = [entry(each, ring) for each in store.reader.stream(told.stream)]
    now = next((each.values for each in standing(history) if each.told.position == at), None) or {}
    fields = {name: _meant(now[name], ring) for name in named if any(map(sealed_form, _opened(now.get(name), ring)))}
    return SealedText(told.position, at, told.stream, fields) if fields else None


def _opened(value: Any, ring: Keyring) -> list[str]:
    """Return what the sealed values of a field hold."""
    each = value if isinstance(value, list) else [value]
    return ring.opened_each([str.__str__(one) for one in each if type(one) is Sealed])


def _meant(value: Any, ring: Keyring) -> Any:
    """Return the words behind a field that holds sealed forms, None where one of them is gone."""
    words = [_words(text, ring) for text in _opened(value, ring)]
    if any(word is None for word in words):
        return None
    return words if isinstance(value, list) else words[0]


def _words(text: str, ring: Keyring) -> str | None:
    while sealed_form(text):
        text = ring.opened_each([text.strip()])[0]
    return None if text in (ERASED, SEALED) else text
