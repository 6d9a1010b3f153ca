"""Asking the tables in use: by their plain names, with what is sealed opened as far as the keys allow."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, Final

from infra.crypto.keyrings import ring_of
from infra.db.errors import StoreFault
from projections.engine.sealed import MARK
from projections.engine.sealed import SEALED as NOT_HERE

if TYPE_CHECKING:
    from infra.crypto.keyring import Keyring
    from infra.db.database import Database

SIGN: Final = f'"{MARK}:'
SEALED: Final = rf'({SIGN}[^"\\]*(?:\\.[^"\\]*)*")'
"""What looks like a sealed value: it is one unless its first quote is escaped, and so stands in a text."""
QUICKLY: Final = rf'({SIGN}[^"]*")'
"""The same where nothing in it is escaped, as nothing in a sealed value is; found in half the time."""
PLACE: Final = re.compile(r"\{(\w+)\}")
CHANGES: Final = "changes"
"""The column of the audit in which values are sealed; a question that shows it names it there first."""
AT_ONCE: Final = 4_096
"""The cells that are opened together; their keys are read together too."""


class ReadConnection:
    """Asks the tables of the generations in use; the log itself is asked as `{log}`, the settings as `{store}`."""

    def __init__(self, db: Database, names: dict[str, str]) -> None:
        self._db, self._names = db, {"log": "log", "store": "store", **names}
        self._sql: dict[str, tuple[str, int | None]] = {}

    def __call__(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        known = self._sql.get(sql)
        if known is None:
            real = PLACE.sub(lambda match: self._names[match.group(1)], sql)
            known = self._sql[sql] = real, column_of_changes(sql) if CHANGES in sql else None
        rows = self._db.all(known[0], params)
        return rows if known[1] is None else opened(self._db, rows, known[1])


def column_of_changes(sql: str) -> int:
    """Return the place of the audit's changes among the columns of a question that names them."""
    before, nested = sql[: sql.index(CHANGES)], 1
    while nested:
        before, nested = re.subn(r"\([^()]*\)", "", before)
    return before.rpartition("SELECT")[2].count(",")


def opened(db: Database, rows: list[tuple[Any, ...]], column: int) -> list[tuple[Any, ...]]:
    """Return rows of the audit with what is sealed in one column, which holds JSON of ours, opened."""
    sealed = [n for n, row in enumerate(rows) if type(cell := row[column]) is str and SIGN in cell]
    for first in range(0, len(sealed), AT_ONCE):
        some = sealed[first : first + AT_ONCE]
        # No line ends inside JSON of ours: its texts have them escaped.
        cleared = _clear(ring_of(db), "\n".join([rows[n][column] for n in some])).split("\n")
        for n, cell in zip(some, cleared, strict=True):
            row = rows[n]
            rows[n] = (*row[:column], cell, *row[column + 1 :])
    return rows


def _clear(ring: Keyring, cells: str) -> str:
    """Return JSON with what is sealed opened; whoever has not the wrapping key may read all the rest."""
    parts = re.split(QUICKLY, cells)
    if "\\" in "".join(parts[1::2]):
        parts = re.split(SEALED, cells)
    # A literal beginning of the pattern is quicker than one that looks behind it.
    at = [n for n in range(1, len(parts), 2) if parts[n - 1][-1:] != "\\"]
    sealed = [json.loads(parts[n]) if "\\" in parts[n] else parts[n][1:-1] for n in at]
    try:
        held = ring.opened_each(sealed)
    except StoreFault:
        held = [NOT_HERE] * len(sealed)
    for n, text in zip(at, held, strict=True):
        parts[n] = encode_basestring(text)
    return "".join(parts)


@contextmanager
def collecting_later() -> Iterator[None]:
    """Look for garbage afterwards: rows by the ten thousand live as long as their question, and each look walks them all."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
