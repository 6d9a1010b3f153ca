"""A store's file where nothing can be written: read as it stands, or in a passing copy where SQLite needs to write."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from tempfile import TemporaryDirectory
from typing import Final

from infra.db.errors import StoreBusy

BESIDE: Final = ("-wal", "-journal")
"""The files beside a database that may hold what it has not."""
TRIES: Final = 5

Folder = TemporaryDirectory[str]


def files_of(path: str) -> Iterator[str]:
    """Yield a database's name and those of the files that may lie beside it."""
    return (path + end for end in ("", *BESIDE, "-shm"))


def left_beside(path: str) -> list[str]:
    """Return the journals with content that lie beside a database."""
    found = (path + end for end in BESIDE)
    return [name for name in found if os.path.isfile(name) and os.path.getsize(name)]


def folder() -> Folder:
    """Return a passing folder, for its owner only, that goes with whoever holds it."""
    return TemporaryDirectory(prefix="salestrail-", ignore_cleanup_errors=True)


def copy_of(path: str, into: Folder) -> str:
    """Copy a database and its journals, which nobody may have written meanwhile; return the copy's path. Raises StoreBusy."""
    target = os.path.join(into.name, "store.db")
    for _try in range(TRIES):
        before = _state(path)
        for name in (path, *left_beside(path)):
            shutil.copyfile(name, target + name.removeprefix(path))
        if _state(path) == before:
            return target
    raise StoreBusy(store=path, why="somebody writes it while it is copied")


def backed_up(connection: sqlite3.Connection, into: Folder) -> str:
    """Copy what a connection sees, page by page; return the copy's path."""
    target = os.path.join(into.name, "store.db")
    with closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)
    return target


def _state(path: str) -> list[tuple[int, int]]:
    seen = (os.stat(name) for name in (path, *left_beside(path)))
    return [(found.st_size, found.st_mtime_ns) for found in seen]
