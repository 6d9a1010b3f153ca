"""What a copy that was broken off has left: found where copies are made, and cleared only where nobody is at it."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from infra.db.sqlite import uri_of

OURS: Final = re.compile(r"(\..+\.part)(-wal|-shm|-journal)?")
HEADER: Final = b"SQLite format 3\x00"
OLD: Final = 3_600
"""Seconds after which nobody is expected to go on with a copy that stands still."""


class Leftover(NamedTuple):
    """A copy that was not finished: its file with those beside it, their bytes, and whether it was written just now."""

    file: Path
    beside: tuple[Path, ...]
    size: int
    in_use: bool


def leftovers(folders: Iterable[Path]) -> list[Leftover]:
    """Return what is left in these folders of backups, copies of keys and stores that were being made."""
    found = []
    for folder in dict.fromkeys(folders):
        groups: dict[str, list[Path]] = {}
        for file in _listed(folder):
            named = OURS.fullmatch(file.name)
            if named and _is_ours(file, whole=not named[2]):
                groups.setdefault(named[1], []).append(file)
        found += [_left(folder / name, files) for name, files in sorted(groups.items())]
    return found


def clear(left: Leftover) -> bool:
    """Remove what is left, unless a process holds it; say whether it is gone. Raises OSError."""
    if left.in_use or _locked(left.file):
        return False
    for file in (left.file, *left.beside):
        file.unlink(missing_ok=True)
    return True


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _is_ours(file: Path, *, whole: bool) -> bool:
    """Say whether a file of such a name is one that we begin: of this user, for nobody else, and SQLite's."""
    try:
        seen = file.lstat()
        if file.is_symlink() or not file.is_file() or (os.name == "posix" and seen.st_mode & 0o077):
            return False
        if os.name == "posix" and seen.st_uid != os.getuid():
            return False
        with file.open("rb") as opened:
            return not whole or opened.read(len(HEADER)) in (HEADER, b"")
    except OSError:
        return False


def _left(file: Path, files: list[Path]) -> Leftover:
    seen = [each.stat() for each in files]
    young = time.time() - max(each.st_mtime for each in seen) < OLD
    beside = tuple(each for each in files if each != file)
    return Leftover(file, beside, sum(each.st_size for each in seen), young)


def _locked(file: Path) -> bool:
    """Say whether a process holds the file."""
    if not file.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{uri_of(str(file))}?mode=rw", uri=True, timeout=0)) as held:
            held.execute("BEGIN EXCLUSIVE")
        return False
    except sqlite3.Error as wrong:
        return getattr(wrong, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
