"""Asking the tables in use: by their plain names, with what is sealed opened as far as the keys allow."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from infra.record import StoreFault
from infra.rings import ring_of
from projections import text
from projections.personal import MARK
from projections.personal import SEALED as NOT_HERE

if TYPE_CHECKING:
    from infra.database import Database
    from infra.keyring import Keyring

SIGN: Final = f'"{MARK}:'
SEALED: Final = re.compile(rf'{SIGN}(?:[^"\\]|\\.)*"')
"""What looks like a sealed value: it is one unless its first quote is escaped, and so stands in a text."""
PLACE: Final = re.compile(r"\{(\w+)\}")


class Tables:
    """Asks the tables of the generations in use; the log itself is asked as `{log}`, the settings as `{store}`."""

    def __init__(self, db: Database, names: dict[str, str]) -> None:
        self._db, self._names = db, {"log": "log", "store": "store", **names}
        self._sql: dict[str, str] = {}

    def __call__(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        known = self._sql.get(sql)
        if known is None:
            known = self._sql[sql] = PLACE.sub(lambda match: self._names[match.group(1)], sql)
        rows = self._db.all(known, params)
        return opened(self._db, rows) if "changes" in sql else rows


def opened(db: Database, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return rows of the audit with what is sealed in their changes opened."""
    sealed = [
        (n, column)
        for n, row in enumerate(rows)
        for column, cell in enumerate(row)
        if type(cell) is str and SIGN in cell
    ]
    if sealed:
        ring = ring_of(db)
        for n, column in sealed:
            for text in SEALED.findall(rows[n][column]):
                ring.ask(text.rpartition(":")[2][:12])
        for n, column in sealed:
            row = rows[n]
            rows[n] = (*row[:column], SEALED.sub(lambda hit: _clear(ring, hit), row[column]), *row[column + 1 :])
    return rows


def _clear(ring: Keyring, hit: re.Match[str]) -> str:
    """Return the JSON of what is sealed; whoever has not the wrapping key may read all the rest."""
    sealed, at = hit[0], hit.start()
    if at and hit.string[at - 1] == "\\":  # a literal beginning of the pattern is quicker than one that looks behind it
        return sealed
    try:
        return text.encode(ring.opened(json.loads(sealed) if "\\" in sealed else sealed[1:-1]))
    except StoreFault:
        return text.encode(NOT_HERE)


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
