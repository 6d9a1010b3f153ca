"""The log of runs: one line of JSON for each command, with nothing of what was typed into it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from infra.db.errors import StoreFault
from infra.errors.problem import Problem

if TYPE_CHECKING:
    from cli.core.session import Session


def note(session: Session, words: Sequence[str], status: int, code: str | None, seconds: float) -> None:
    """Write what was run, by whom, how it ended and how long it took, to stderr or to the file of `log_file`.

    Raises Problem where the file can't be written.
    """
    from cli.core.output import json_text

    line = json_text(
        {
            "time": datetime.now().astimezone().isoformat(timespec="milliseconds"),
            "command": session.ran or known(words),
            "actor": session.actor,
            "status": status,
            "code": code,
            "ms": round(seconds * 1000),
            "position": position(session),
        }
    )
    file = session.log_file
    if not file:
        print(line, file=sys.stderr)
        return
    path = Path(file).expanduser()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as out:
            out.write(line + "\n")
    except OSError as wrong:
        raise Problem("file.unwritable", file=str(path), why=wrong.strerror or str(wrong)) from None


def position(session: Session) -> int | None:
    """Return where the log ended, None where the run opened no store or lost it."""
    try:
        return session.position
    except (Problem, StoreFault):
        return None


def known(words: Sequence[str]) -> str:
    """Return as much of a line that was not understood as names a command; nothing else of it is kept."""
    from cli.registry import COMMANDS, NOUNS

    bare = [word for word in words if not word.startswith("-")]
    return next((word for word in bare if word in COMMANDS or word in NOUNS), "")
