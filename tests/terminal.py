"""A command on a terminal of its own: what is typed at its prompts, and what the screen shows in the end."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.faults.running import LAUNCHER, environment

PATIENCE = 30


class Shown(NamedTuple):
    """How a command ended, and all that its terminal showed."""

    status: int
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines of the screen without trailing blanks."""
        return [line.rstrip() for line in self.text.replace("\r\n", "\n").split("\n")]


def on_terminal(
    words: Sequence[str], said: Sequence[tuple[str, str]], *, store: str, more: Mapping[str, str] | None = None
) -> Shown:
    """Run `sales` on a pseudo-terminal; `said` are the prompts that are waited for, each with what is typed then."""
    master, slave = pty.openpty()
    given = {"TERM": "xterm", "NO_COLOR": "1", **(more or {})}
    with subprocess.Popen(
        [sys.executable, str(LAUNCHER), *words],
        env=environment(store, given),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=lambda: _take_terminal(slave),  # noqa: PLW1509 - Ctrl-C needs a controlling terminal
    ) as process:
        os.close(slave)
        screen = ""
        for prompt, typed in said:
            seen = len(screen)
            screen = _until(master, screen, seen, prompt)
            os.write(master, typed.encode())
        screen = _until(master, screen, len(screen), None)
        status = process.wait(PATIENCE)
    os.close(master)
    return Shown(status, screen)


def _take_terminal(slave: int) -> None:
    import fcntl
    import termios

    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)


def _until(master: int, screen: str, seen: int, prompt: str | None) -> str:
    """Read until the prompt is shown after what was seen, or until the end."""
    raw = b""
    deadline = time.monotonic() + PATIENCE
    while prompt is None or prompt not in (screen + raw.decode(errors="ignore"))[seen:]:
        assert time.monotonic() < deadline, f"{prompt!r} was not shown: {screen}{raw.decode(errors='replace')}"
        if not select.select([master], [], [], 1)[0]:
            continue
        try:
            piece = os.read(master, 65536)
        except OSError:
            piece = b""
        if not piece:
            break
        raw += piece
    return screen + raw.decode(errors="replace")
