"""Copies of a key store: a SQLite file of its own, with the keys wrapped as they are."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from pathlib import Path

from infra.crypto.key_store import COLUMNS, PLAIN, TABLES, DataKey
from infra.crypto.keyring import Keyring
from infra.db.connect import open_database
from infra.db.errors import StoreFault
from infra.errors.problem import Problem
from infra.files.writer import plain_file
from infra.store.backup import cleared
from infra.store.overwrite_guard import Held, keys_in, must_keep


def backup(ring: Keyring, out: Path, *, over: bool = False, replace: bool = False) -> int:
    """Write every data key into `out`, for its owner only; returns how many. Raises Problem.

    What is there is written `over`; a copy of more keys, or of another store's, only where it is to `replace` that.

    A later erasure makes the copy useless: it exchanges the wrapping key. Make a new one then.
    """
    if out.exists() and not over:
        raise Problem("file.exists", file=str(out))
    out = plain_file(out)
    part = out.with_name(f".{out.name}.part")
    rows = ring.rows()
    keys = rows.every() if rows else []
    if not replace:
        must_keep(out, Held(rows.id if rows else "-", len(keys)), keys_in, lambda _count: None)
    try:
        cleared(part)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(open_database(f"sqlite:///{part}", create=True)) as copy:
            with copy.transaction():
                copy.script(TABLES["sqlite"])
                copy.insert("meta", ("name", "value"), [("id", rows.id)] if rows else [])
                copy.insert("data_keys", PLAIN, [key[: len(PLAIN)] for key in keys])
            copy.all("PRAGMA wal_checkpoint(TRUNCATE)")
        descriptor = os.open(part, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        part.replace(out)
    except OSError as wrong:
        raise Problem("file.unwritable", file=str(out), why=wrong.strerror or str(wrong)) from None
    finally:
        with suppress(OSError):
            cleared(part)
    return len(keys)


def restore(ring: Keyring, source: Path) -> tuple[int, int]:
    """Take the keys of a copy that this store lacks; returns how many, and how many the wrapping keys don't open.

    Raises Problem.
    """
    try:
        with closing(open_database(f"sqlite:///{source}", create=False, readonly=True)) as copy:
            kept = [DataKey(*row) for row in copy.all(f"SELECT {COLUMNS} FROM data_keys ORDER BY id")]
    except StoreFault as wrong:
        raise Problem("file.unreadable", file=str(source), why=str(wrong)) from None
    rows = ring.rows()
    here = {key.id for key in rows.every()} if rows else set()
    missing = [key for key in kept if key.id not in here]
    taken: list[tuple[DataKey, bytes | None]] = []
    closed = 0
    for key, raw in ring.unwrapped(missing):
        if isinstance(raw, StoreFault):
            closed += 1
        else:
            taken.append((key, raw))
    if taken:
        ring.take(taken)
    return len(taken), closed
