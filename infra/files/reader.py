"""Reading what people name: in bounded memory, and what can't be read is a problem that names the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from infra.errors.problem import Problem

STDIN: Final = "stdin"
ENDLESS: Final = 256 << 20
"""Bytes of one line after which no end of it is expected any more."""
SKIPPED: Final = 1 << 20


@contextmanager
def reading(file: Path | str) -> Iterator[None]:
    """Turn what the system says while a file is read into a problem that names it."""
    try:
        yield
    except (OSError, ValueError) as wrong:
        why = getattr(wrong, "strerror", None) or str(wrong)
        raise Problem("file.unreadable", file=str(file)[:200], why=why) from wrong


def whole(file: Path | str, most: int) -> bytes:
    """Return what a file holds, `most` bytes at most. Raises Problem."""
    with reading(file), Path(file).open("rb") as opened:
        raw = opened.read(most + 1)
    return at_most(raw, most, str(file))


def at_most(raw: bytes, most: int, file: str) -> bytes:
    """Return what was read, unless it is more than `most` bytes. Raises Problem."""
    if len(raw) > most:
        why, facts = "it is larger than {most} bytes", {"most": most}
        raise Problem("file.unreadable", file=file, why=why, why_facts=facts)
    return raw


def lines(source: IO[bytes], file: str, longest: int) -> Iterator[bytes]:
    """Yield the lines of a file, of one that is longer no more than the first `longest` + 1 bytes.

    Raises Problem where reading fails, or a line has no end.
    """
    number = 0
    while True:
        with reading(file):
            raw = source.readline(longest + 1)
        if not raw:
            return
        number += 1
        if len(raw) > longest and not raw.endswith(b"\n"):
            _skip(source, file, number)
        yield raw


def _skip(source: IO[bytes], file: str, number: int) -> None:
    """Pass over the rest of a line."""
    skipped = 0
    with reading(file):
        while (more := source.readline(SKIPPED)) and not more.endswith(b"\n"):
            skipped += len(more)
            if skipped > ENDLESS:
                raise Problem("file.endless", file=file, line=number, count=skipped)
