"""A full-screen player on a POSIX terminal; however it ends, the terminal is left as it was."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Final

from cli.replay.player_state import Player, pressed, ticked
from cli.replay.screen import Reel, screen
from cli.replay.styled_line import painted

ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b[2J"
LEAVE: Final = "\x1b[0m\x1b[?25h\x1b[?1049l"
SEQUENCE: Final = re.compile(rb"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O[ -~])")
NAMES: Final = {
    "[A": "up", "[B": "down", "[C": "right", "[D": "left", "OA": "up", "OB": "down", "OC": "right", "OD": "left",
    "[5~": "page-up", "[6~": "page-down", "[H": "home", "OH": "home", "[1~": "home", "[7~": "home",
    "[F": "end", "OF": "end", "[4~": "end", "[8~": "end",
}  # fmt: skip
LETTERS: Final = {"\r": "enter", "\n": "enter", "\x7f": "backspace", "\x08": "backspace", "\x1b": "escape"}
PATIENCE: Final = 0.05
"""Seconds after which an escape that nothing follows is the escape key."""


class Ended(SystemExit):
    """A signal asked the player to end."""


class Signals:
    """What wakes the player: a signal that came, also one that came just before it began to wait.

    The interpreter writes to `wake` as the signal arrives; its handler may run only after the wait.
    """

    def __init__(self) -> None:
        self.woken, self.wake = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(self.woken, False)

    def drained(self) -> None:
        """Forget what has been noted."""
        with suppress(BlockingIOError):
            os.read(self.woken, 1024)

    def close(self) -> None:
        os.close(self.woken)
        os.close(self.wake)


def play(reel: Reel, *, colored: bool, at: int = 0) -> None:
    """Play the frames until the user quits. Raises Ended on Ctrl-C, and where a signal ends the process."""
    signals = Signals()
    try:
        with full_screen(signals):
            _play(reel, Player(at=at), signals, colored=colored)
    except KeyboardInterrupt:
        raise Ended(128 + signal.SIGINT) from None
    finally:
        signals.close()


def _play(reel: Reel, player: Player, signals: Signals, *, colored: bool) -> None:
    keys = sys.stdin.fileno()
    rest = b""
    due = time.monotonic()
    while not player.done:
        show(reel, player, colored=colored)
        ready = waited([keys, signals.woken], player.pause and max(due - time.monotonic(), 0), bool(rest))
        if signals.woken in ready:
            signals.drained()
        if keys in ready:
            read = os.read(keys, 1024)
            if not read:
                return  # the terminal is gone
            names, rest = keys_of(rest + read)
        else:
            names, rest = (["escape"], b"") if rest and not ready else ([], rest)
        was = player.playing
        for name in names:
            player = pressed(player, name, reel.days)
        if player.playing and was and time.monotonic() >= due:
            player = ticked(player, reel.days)
        if player.pause is not None and (not was or time.monotonic() >= due):
            due = time.monotonic() + player.pause


def waited(files: list[int], pause: float | None, half: bool) -> list[int]:
    """Wait until one of the files can be read, at most `pause` seconds; briefly while half a key has come."""
    if half:
        pause = PATIENCE if pause is None else min(pause, PATIENCE)
    return select.select(files, [], [], pause)[0]


def keys_of(read: bytes) -> tuple[list[str], bytes]:
    """Return the names of the keys in what was read, and the beginning of one that has not wholly come."""
    names = []
    while read:
        found = SEQUENCE.match(read)
        if found:
            names.append(NAMES.get(found.group()[1:].decode("ascii", "replace"), ""))
            read = read[found.end() :]
        elif read[:1] == b"\x1b" and (len(read) == 1 or read[1:2] in (b"[", b"O")):
            return [name for name in names if name], read
        else:
            letter = read[:1].decode("ascii", "ignore")
            names.append(LETTERS.get(letter, letter if letter.isprintable() else ""))
            read = read[1:]
    return [name for name in names if name], b""


def show(reel: Reel, player: Player, *, colored: bool) -> None:
    """Draw the screen in one write, over the one before."""
    size = shutil.get_terminal_size((80, 24))
    lines = [painted(line, colored=colored) for line in screen(reel, player, size.columns, size.lines)]
    write("\x1b[H" + "\x1b[K\r\n".join(lines) + "\x1b[K\x1b[J")


def write(text: str) -> None:
    """Write to the terminal, all of it."""
    left = text.encode("utf-8", "replace")
    while left:
        left = left[os.write(sys.stdout.fileno(), left) :]


@contextmanager
def full_screen(signals: Signals) -> Iterator[None]:
    """Take the terminal over, letter by letter and on its other screen; give it back whatever happens."""
    keys = sys.stdin.fileno()
    before = termios.tcgetattr(keys)

    def take() -> None:
        tty.setcbreak(keys, termios.TCSADRAIN)
        write(ENTER)

    def give_back() -> None:
        write(LEAVE)
        termios.tcsetattr(keys, termios.TCSADRAIN, before)

    sys.stdout.flush()
    with handlers(signals, take, give_back):
        try:
            take()
            yield
        finally:
            give_back()


@contextmanager
def handlers(signals: Signals, take: Callable[[], None], give_back: Callable[[], None]) -> Iterator[None]:
    """Have signals draw anew, end the player through its clean-up, or stop it with the terminal given back."""

    def stopped(number: int, frame: FrameType | None) -> None:
        give_back()
        os.kill(os.getpid(), signal.SIGSTOP)  # goes on here when it is continued
        take()

    def resized(number: int, frame: FrameType | None) -> None:
        """Do nothing: the player has been woken, and draws anew."""

    def ended(number: int, frame: FrameType | None) -> None:
        raise Ended(128 + number)

    wanted: dict[int, Any] = {
        signal.SIGWINCH: resized,
        signal.SIGTSTP: stopped,
        signal.SIGTERM: ended,
        signal.SIGHUP: ended,
    }
    before = {number: signal.signal(number, handler) for number, handler in wanted.items()}
    woken_before = signal.set_wakeup_fd(signals.wake, warn_on_full_buffer=False)  # a full pipe wakes as well
    try:
        yield
    finally:
        signal.set_wakeup_fd(woken_before)
        for number, handler in before.items():
            signal.signal(number, handler)
