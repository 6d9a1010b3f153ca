"""A batch as the parameters of append_events: its columns, each one text that Postgres reads as an array.

The driver's own way, a Python call for each value, takes longer than the server needs for all the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from infra.db.errors import StoreRefused
from infra.event_store.stored_event import AppendBatch, NewEvent, only_read

TYPES: Final = (
    *("text", "bigint", "text", "integer", "text", "text", "text", "text", "text", "text", "text"),
    *("text", "text", "text", "integer", "bytea"),  # the columns of Fresh
    *("text", "bigint"),  # expected
    *("text", "text", "integer"),  # unclaim
    *("text", "text", "integer", "text"),  # claims
    *("text", "bytea", "integer", "integer"),  # keys
    *("text", "integer"),  # mentions
)


def arrays(batch: AppendBatch) -> list[str | None]:
    """Return the columns of the batch in the order of TYPES, then its `now` and `at`."""
    seen = only_read(batch)
    columns: list[Sequence[Any]] = [
        *_columns(batch.records, len(NewEvent._fields)),
        list(seen),
        list(seen.values()),
        *_columns(batch.unclaim, 3),
        *_columns(batch.claims, 4),
        *_columns(batch.keys, 4),
        *_columns(batch.mentions, 2),
    ]
    texts: list[str | None] = [_array(kind, column) for kind, column in zip(TYPES, columns, strict=True)]
    if not batch.records or batch.records[0].recorded is None:
        texts[NewEvent._fields.index("recorded")] = None
    return [*texts, batch.now, None if batch.at is None else str(batch.at)]


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True)) or [()] * width


def _array(kind: str, values: Sequence[Any]) -> str:
    if kind == "text":
        return text_array(values)
    if kind == "bytea":
        return "{" + ",".join([f'"\\\\x{value.hex()}"' for value in values]) + "}"
    return "{" + ",".join(map(str, values)) + "}"


def text_array(values: Sequence[str | None]) -> str:
    """Return texts as Postgres reads them as an array."""
    if not values:
        return "{}"
    given = [value for value in values if value is not None]
    if len(given) == len(values):
        return "{" + _quoted(given) + "}"
    if not given:
        return "{NULL" + ",NULL" * (len(values) - 1) + "}"
    return "{" + ",".join(["NULL" if value is None else _quoted((value,)) for value in values]) + "}"


def _quoted(values: Sequence[str]) -> str:
    """Quote all values at once; NUL, which Postgres keeps in no text, stands between them meanwhile."""
    joined = "\0".join(values)
    if joined.count("\0") != len(values) - 1:
        raise StoreRefused(why="Postgres keeps no NUL character in a text")
    escaped = joined.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\0", '","') + '"'
