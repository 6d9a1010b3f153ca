"""Where a store may be made and where none: the problem of one that isn't there, and a file that is made whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from tempfile import mkstemp
from typing import Final

from infra.db.errors import without_password
from infra.db.sqlite_read_only import files_of, left_beside
from infra.errors.problem import Problem
from infra.store import locations

NO_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
"""What a file system says that has no second name for a file."""


def absent(url: str, notes: str | None, why: str = "") -> Problem:
    """Return the problem of a store that isn't there: none was, or one was and is gone."""
    shown, path = without_password(url), locations.path_of(url)
    if path is None:
        return Problem("store.missing", store=shown, help="Create it: sales init", **({"why": why} if why else {}))
    found = locations.signs(notes, path) if notes else []
    if found:
        known = locations.remembered(notes, path) if notes else None
        return Problem("store.gone", store=shown, notes=", ".join(found), backup=(known and known.backup) or "FILE")
    if os.path.exists(path):
        help = "A file is there that is no store: name another with --store, or make it one: sales init"
    else:
        help = (
            "Begin one with what you do first (sales lead capture ...) or with sales init; look around with sales demo;"
            " or name the one you mean: --store"
        )
    return Problem("store.missing", store=shown, help=help, **({"why": why} if why else {}))


def must_begin(url: str, notes: str | None, *, folders: bool) -> None:
    """Raise Problem unless an act may make the store at `url`: a file where none is and none was.

    Its folder must be there already, but for `folders`: a mistyped path makes none.
    """
    path = locations.path_of(url)
    if path is None or os.path.lexists(path) or (notes and locations.signs(notes, path)):
        raise absent(url, notes)
    folder = os.path.dirname(path)
    if not folders and not os.path.isdir(folder):
        help = "Its folder is not there: check the path (sales config show), mount its disk, or make it: sales init"
        raise Problem("store.missing", store=url, why="no such folder", help=help)


def must_not_be_gone(url: str, notes: str) -> None:
    """Raise Problem where a store was and none is now."""
    path = locations.path_of(url)
    if path is None or _holds(path):
        return
    problem = absent(url, notes)
    if problem.code == "store.gone":
        raise problem


def made_whole(url: str, prepare: Callable[[str], None]) -> bool:
    """Make a SQLite store under another name and give it its own when it is whole; False where there is a file already.

    `prepare` makes the store at an address that it is given. So nobody ever opens half a store, or one that nobody can act
    in yet, and none that was broken off. Raises Problem, StoreFault.
    """
    path = locations.path_of(url)
    if path is None or _holds(path):
        return False
    for left in left_beside(path):
        raise Problem("store.journal", file=left, store=url)
    if os.path.lexists(path):
        return False
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        descriptor, part = mkstemp(prefix=f".{os.path.basename(path)}.", suffix=".part", dir=os.path.dirname(path))
        os.close(descriptor)
        return _made(part, path, prepare)
    except OSError as wrong:
        if wrong.errno in NO_LINKS:
            return False
        raise Problem("store.unreachable", store=url, why=wrong.strerror or str(wrong)) from None


def _holds(path: str) -> bool:
    """Say whether there is a file with content."""
    return os.path.exists(path) and os.path.getsize(path) > 0


def _made(part: str, path: str, prepare: Callable[[str], None]) -> bool:
    try:
        prepare(f"sqlite:///{part}")
        os.link(part, path)
        return True
    except FileExistsError:
        return False
    finally:
        for left in files_of(part):
            with suppress(OSError):
                os.unlink(left)
