"""Copies of a key store: a SQLite file of its own, with the keys wrapped as they are."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from infra.database import open_database
from infra.keyring import Keyring
from infra.keystore import COLUMNS, PLAIN, TABLES, DataKey
from infra.problem import Problem
from infra.record import StoreFault


def backup(ring: Keyring, out: Path, *, over: bool = False) -> int:
    """Write every data key into `out`, for its owner only; returns how many. Raises Problem.

    A later erasure makes the copy useless: it exchanges the wrapping key. Make a new one then.
    """
    if out.exists() and not over:
        raise Problem("file.exists", file=str(out))
    part = out.with_name(f".{out.name}.part")
    rows = ring.rows()
    keys = rows.every() if rows else []
    try:
        part.unlink(missing_ok=True)
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
        for left in (part, *(part.with_name(part.name + end) for end in ("-wal", "-shm", "-journal"))):
            left.unlink(missing_ok=True)
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
    for key in missing:
        try:
            taken.append((key, None if key.wrapped is None else ring.raw(key)))
        except StoreFault:
            closed += 1
    if taken:
        ring.take(taken)
    return len(taken), closed
