"""The bytes of a record that are hashed, and their hash: a leaf of the tree (RFC 6962, section 2.1).

A leaf is SHA-256 over 0x00 and the entry. The entry is the line TAG; a line of numbers in hexadecimal, with nothing
between them: position and version with 16 digits, then with 8 digits each schema, migrated, and the length in bytes of
stream, name, occurred, recorded, actor, recorder, source, key, event_id, correlation, causation, reason and data, where
ffffffff is the length of NULL; and those texts in UTF-8 and the data, one after the other with nothing between. What is
hashed is what is stored: nothing is decoded or written again.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from infra.event_store.stored_event import Record

if TYPE_CHECKING:
    from infra.db.database import Database

TAG: Final = "salestrail.leaf.v1"
NUMBERS: Final = ("position", "version", "schema", "migrated")
TEXTS: Final = tuple(name for name in Record._fields if name not in (*NUMBERS, "data"))
NO_LEAF: Final = b""
"""What stands for the leaf of a row whose values are not of the log's types: it equals no hash."""

NULL: Final = -1
pack: Final = struct.Struct(">QQII13i").pack


def entry(record: Record) -> bytes:
    """Return the bytes of a record that its leaf is made of. Raises TypeError for a value of another type."""
    values = [getattr(record, name) for name in TEXTS]
    raw = [None if value is None else str.encode(value) for value in values]
    if type(record.data) is not bytes or None in (*raw[:7], raw[8]):
        raise TypeError("the row lacks a value")
    lengths = [NULL if value is None else len(value) for value in (*raw, record.data)]
    numbers = pack(*(getattr(record, name) for name in NUMBERS), *lengths)
    head = f"{TAG}\n{numbers.hex()}\n"
    return head.encode() + b"".join(value or b"" for value in raw) + record.data


def leaf(record: Record) -> bytes:
    """Return the leaf of a record, NO_LEAF if it holds a value of another type."""
    try:
        return sha256(b"\0" + entry(record)).digest()
    except (TypeError, UnicodeError, struct.error):
        return NO_LEAF


def leaves(rows: Iterable[Sequence[Any]]) -> list[bytes]:
    """Return the leaf of each row of the log, its columns in the order of Record.

    This is `leaf` without its loops. Joining, encoding and packing fail where a text is no text and a number no number,
    so types cost nothing to check.
    """
    made = []
    join, packed, hashed = "".join, pack, sha256
    for row in rows:
        try:
            (position, stream, version, name, schema, occurred, recorded, actor, recorder, source, key, event_id,
             correlation, causation, reason, migrated, data) = row  # fmt: skip
            k = c = e = r = 0
            if key is None:
                key, k = "", NULL
            if correlation is None:
                correlation, c = "", NULL
            if causation is None:
                causation, e = "", NULL
            if reason is None:
                reason, r = "", NULL
            texts = join((stream, name, occurred, recorded, actor, recorder, source, key, event_id, correlation,
                          causation, reason))  # fmt: skip
            size = len if texts.isascii() else _encoded
            numbers = packed(
                position, version, schema, migrated, size(stream), size(name), size(occurred), size(recorded),
                size(actor), size(recorder), size(source), k or size(key), size(event_id), c or size(correlation),
                e or size(causation), r or size(reason), len(data)
            )  # fmt: skip
            raw = f"\0salestrail.leaf.v1\n{numbers.hex()}\n{texts}"
            made.append(hashed(raw.encode() + data).digest())
        except (TypeError, UnicodeError, struct.error):
            made.append(NO_LEAF)
    return made


def _encoded(text: str) -> int:
    """Return the length of a text in UTF-8."""
    return len(text.encode())


def sql(db: Database) -> str:
    """Return the leaf as an expression over a row of `log`: the same formula once more, worked out by the database.

    SQLite has no SHA-256; there `sha256` becomes a function of the connection.
    """
    if db.dialect == "postgres":
        return _postgres()
    db.connection.create_function("sha256", 1, lambda raw: sha256(raw).digest(), deterministic=True)  # type: ignore[attr-defined]
    return _sqlite()


def _postgres() -> str:
    raw = [f"convert_to({name}, 'UTF8')" for name in TEXTS]
    numbers = [f"int8send({NUMBERS[0]})", f"int8send({NUMBERS[1]})", *(f"int4send({name})" for name in NUMBERS[2:])]
    numbers += [f"int4send(coalesce(octet_length({value}), {NULL}))" for value in (*raw, "data")]
    head = f"convert_to(encode({' || '.join(numbers)}, 'hex'), 'UTF8')"
    parts = ["'\\x00'::bytea", f"'{TAG}'::bytea", "'\\x0a'::bytea", head, "'\\x0a'::bytea"]
    parts += [f"coalesce({value}, '')" for value in raw]
    return f"sha256({' || '.join([*parts, 'data'])})"


def _sqlite() -> str:
    numbers = [f"printf('%016x', {name})" for name in NUMBERS[:2]] + [f"printf('%08x', {name})" for name in NUMBERS[2:]]
    sized = "iif({0} IS NULL, 'ffffffff', printf('%08x', length(CAST({0} AS BLOB))))"
    numbers += [sized.format(name) for name in (*TEXTS, "data")]
    parts = [
        "x'00'",
        f"'{TAG}'",
        "char(10)",
        *numbers,
        "char(10)",
        *(f"coalesce({name}, '')" for name in TEXTS),
        "data",
    ]
    return f"sha256(CAST({' || '.join(parts)} AS BLOB))"
