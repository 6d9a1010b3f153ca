"""Writing a whole file: beside the one that is meant, with its rights, and then into its place."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from uuid import uuid4

from infra.errors.problem import Problem


def meant(out: Path) -> Path:
    """Return the file that is meant by a path: where its links lead, be there one yet or not."""
    return Path(os.path.realpath(out))


def plain_file(out: Path) -> Path:
    """Return the file that is meant by a path, where there is none or a plain one. Raises Problem for a device or a pipe."""
    if out.exists() and not out.is_file():
        raise Problem("file.unwritable", file=str(out), why="it is no plain file")
    return meant(out)


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """Yield the path to write to; when it is written, `out` holds it, and is never seen half written.

    A link stays, what it leads to is replaced; a file keeps its rights; a device, a pipe, or a file in a folder that takes
    no new ones, is written through. Raises OSError.
    """
    there = _mode(out)
    if there is not None and not os.access(out, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(out))
    if there is not None and stat.S_ISDIR(there):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(out))
    if there is not None and (not stat.S_ISREG(there) or not os.access(meant(out).parent, os.W_OK)):
        with TemporaryDirectory() as folder:
            part = Path(folder) / out.name
            yield part
            with part.open("rb") as made, out.open("wb") as through:
                copyfileobj(made, through)
        return
    target = meant(out)
    part = target.with_name(f".{target.name}.{uuid4().hex[:8]}.part")
    try:
        yield part
        if there is not None:
            part.chmod(stat.S_IMODE(there))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _mode(out: Path) -> int | None:
    try:
        return out.stat().st_mode
    except FileNotFoundError:
        return None
