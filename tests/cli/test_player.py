"""The screen of the replay and its keys, drawn without a terminal and played on one."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.replay.braille_chart import Series, dotted, drawn, solid, sparse
from cli.replay.frame_words import short
from cli.replay.player_state import Player, pressed, ticked
from cli.replay.screen import Reel, screen
from cli.replay.styled_line import Span, painted
from infra.i18n import translate
from infra.i18n.terminal_text import width
from infra.store.open import create_store
from tests.faults.running import BOSS, LAUNCHER, environment, sales

HOSTILE = "恶\x1b[2J意\u202e公司\n\x9b31m" + "长" * 80


def plain_text(line: Iterable[Span]) -> str:
    """Return a line without its styles."""
    return "".join(span.text for span in line)


@pytest.fixture
def reel(frames: list[dict[str, Any]]) -> Reel:
    days = [date.fromisoformat(frame["day"]) for frame in frames]
    return Reel("2024Q1 · company · Signed", frames, days, date(2024, 1, 1), date(2024, 3, 31))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (89, 30), (90, 30), (118, 36), (200, 60), (20, 5), (1, 1)])
def test_every_line_is_as_wide_as_the_screen(reel: Reel, size: tuple[int, int], language: str) -> None:
    columns, rows = size
    deal = next(deal for frame in reel.frames for deal in frame["deals"])
    hostile = {**reel.frames[50], "deals": [{**deal, "company": HOSTILE}]}
    reel = reel._replace(frames=[*reel.frames[:50], hostile, *reel.frames[51:]], title=HOSTILE)
    players = (
        Player(at=50),
        Player(at=50, help=True),
        Player(at=50, asking="2024-", wrong=True),
        Player(at=0),
        Player(at=90, scroll=500),
    )
    translate.use(language)
    try:
        for player in players:
            lines = [plain_text(line) for line in screen(reel, player, columns, rows)]
            assert len(lines) == rows
            assert [width(line) for line in lines] == [columns] * rows
            assert all(line.isprintable() for line in lines)
    finally:
        translate.use("en")


def test_the_screen_shows_the_frame(reel: Reel) -> None:
    shown = [plain_text(line) for line in screen(reel, Player(at=39), 118, 36)]
    assert shown[0].startswith(" 2024Q1 · company · Signed  2024-02-09 Fri")
    assert "‖ x1  40/91" in shown[0]
    assert any(line.endswith("380,000 CNY") for line in shown)
    assert any(re.search(r"hindsight +1,100,000$", line) for line in shown)
    assert any(re.search(r"target +5,000,000  7.6 %$", line) for line in shown)
    assert "01-01" in "".join(shown)
    assert "02-01" in "".join(shown)
    narrow = [plain_text(line).rstrip() for line in screen(reel, Player(at=39), 60, 20)]
    assert any(line.endswith("380,000 CNY") for line in narrow)


def test_what_there_is_no_room_for_is_counted_and_scrolled_to(reel: Reel) -> None:
    many = {**reel.frames[39], "late": [{**late(n)} for n in range(40)]}
    reel = reel._replace(frames=[*reel.frames[:39], many, *reel.frames[40:]])
    top = [plain_text(line).strip() for line in screen(reel, Player(at=39), 118, 30)]
    assert any("late 40" in line for line in top)
    assert re.fullmatch(r"0 above, \d+ below \(↑ ↓\)", top[-2])
    end = [plain_text(line).strip() for line in screen(reel, Player(at=39, scroll=100), 118, 30)]
    assert re.fullmatch(r"\d+ above, 0 below \(↑ ↓\)", end[-2])
    assert any("cus_39" in line for line in end)


def late(n: int) -> dict[str, Any]:
    return {
        "position": n, "event": "e", "name": "customer.followed_up", "subject": f"cus_{n}", "actor": "a",
        "recorder": "a", "day": "2024-02-01", "entered": "2024-02-09", "late_days": 6, "company": None,
    }  # fmt: skip


def test_without_colours_nothing_but_the_bar_is_styled(reel: Reel) -> None:
    lines = screen(reel, Player(at=39), 118, 36)
    bare = [painted(line, colored=False) for line in lines]
    assert bare[0].startswith("\x1b[7m")
    assert not any("\x1b" in line for line in bare[1:])
    assert any("\x1b[33m" in painted(line, colored=True) for line in lines)


def test_curves_differ_by_their_dots() -> None:
    flat = [(0.0, 0.0), (1.0, 0.0)]
    line = [plain_text(each) for each in drawn([Series(flat, "", solid)], 4, 1, 0, 1)]
    assert line == ["⣀⣀⣀⣀"]
    assert [plain_text(each) for each in drawn([Series(flat, "", dotted)], 4, 1, 0, 1)] == ["⣀ ⣀ "]
    assert [plain_text(each) for each in drawn([Series(flat, "", sparse)], 4, 1, 0, 1)] == ["⡀ ⡀ "]


def test_a_step_goes_up_at_its_day_and_a_line_on_its_way() -> None:
    steps = drawn([Series([(0.0, 0.0), (0.5, 1.0), (1.0, 1.0)], "known", solid)], 4, 1, 0, 1)
    assert [plain_text(each) for each in steps] == ["⣀⣀⡏⠉"]
    way = drawn([Series([(0.0, 0.0), (1.0, 1.0)], "", solid, steps=False)], 2, 1, 0, 1)
    assert [plain_text(each) for each in way] == ["⡠⠊"]
    half = drawn([Series([(0.0, 1.0), (0.5, 1.0)], "", solid)], 4, 1, 0, 1)
    assert plain_text(half[0]) == "⠉⠉  "


def test_numbers_on_the_axis_are_short_in_either_language() -> None:
    assert [short(value) for value in (0, 950, 1500, 2_500_000, 3e9)] == ["0", "950", "1.5k", "2.5M", "3G"]
    translate.use("zh")
    try:
        assert [short(value) for value in (0, 950, 2_500_000, 120_000_000)] == ["0", "950", "250万", "1.2亿"]
    finally:
        translate.use("en")


DAYS = [date(2024, 1, 1) + timedelta(days=n) for n in range(91)]


def after(*keys: str, at: int = 40, days: list[date] = DAYS) -> Player:
    player = Player(at=at)
    for key in keys:
        player = pressed(player, key, days)
    return player


def test_keys_step_by_frame_by_week_and_to_the_ends() -> None:
    assert [after(key).at for key in ("right", "l", "left", "h")] == [41, 41, 39, 39]
    assert [after(key).at for key in ("page-down", "page-up", "home", "end")] == [47, 33, 0, 90]
    assert after("left", at=0).at == 0
    assert after("page-down", at=88).at == 90
    weeks = DAYS[4::7]
    assert [after(key, at=3, days=weeks).at for key in ("page-down", "page-up")] == [4, 2]


def test_it_plays_and_stops_at_the_end() -> None:
    playing = after(" ", at=89)
    assert playing.playing
    assert playing.pause == 0.5
    last = ticked(playing, DAYS)
    assert (last.at, last.playing) == (90, False)
    assert after(" ", " ").playing is False
    assert after(" ", at=90) == Player(at=0, playing=True)
    assert after(" ", "right").playing is False
    assert [after(*keys).speed for keys in ("+", "++++++++", "-", "--------")] == [3, 5, 1, 0]


def test_g_goes_to_a_date() -> None:
    assert after("g", *"2024-02-18", "enter") == Player(at=48)
    assert after("g", *"02-18", "enter").at == 48
    assert after("g", *"2025-01-01", "enter").at == 90
    assert after("g", *"2023-01-01", "enter").at == 0
    wrong = after("g", *"99", "enter")
    assert (wrong.asking, wrong.wrong, wrong.at) == ("99", True, 40)
    assert after("g", *"99", "backspace", "backspace", *"02-01", "enter").at == 31
    assert after("g", "1", "escape") == Player(at=40)
    assert after("g", "enter") == Player(at=40)


def test_q_quits_and_a_key_closes_the_help() -> None:
    assert after("q").done
    assert after("?").help
    assert after("?", "x") == Player(at=40)
    assert after("?", "q").done


POSIX = pytest.mark.skipif(sys.platform == "win32", reason="there is no POSIX terminal")


@POSIX
def test_keys_come_in_pieces() -> None:
    from cli.replay.terminal import keys_of

    assert keys_of(b" l\x1b[C\x1bOD\x1b[5~\r\x7fq") == (
        [" ", "l", "right", "left", "page-up", "enter", "backspace", "q"], b"",
    )  # fmt: skip
    assert keys_of(b"h\x1b[") == (["h"], b"\x1b[")
    assert keys_of(b"\x1b") == ([], b"\x1b")
    assert keys_of(b"\x1b[1;5C\x1b[200~q") == (["q"], b"")
    assert keys_of("好q".encode()) == (["q"], b"")


class Screen:
    """A player on a terminal of its own, and everything that it wrote there."""

    def __init__(self, store: str, *words: str, columns: int = 100, lines: int = 30, **more: str) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        surroundings = {**environment(store, {}), "TERM": "xterm-256color", **more}
        for name in ("COLUMNS", "LINES", "NO_COLOR"):
            surroundings.pop(name, None)
        streams: dict[str, Any] = {"stdin": self.slave, "stdout": self.slave, "stderr": self.slave}
        self.process = subprocess.Popen(
            [sys.executable, str(LAUNCHER), "replay", *words], env=surroundings, start_new_session=True, **streams
        )
        self.written = ""

    def reads(self, wanted: str) -> str:
        """Read until `wanted` has been written; return what was written since the last time."""
        begin = len(self.written)
        until = time.monotonic() + 60
        while wanted not in self.written[begin:]:
            assert time.monotonic() < until, (self.written[begin:][-2000:], self.state())
            if select.select([self.master], [], [], 0.2)[0]:
                try:
                    self.written += os.read(self.master, 65536).decode("utf-8", "replace")
                except OSError:
                    break
        assert wanted in self.written[begin:]
        return self.written[begin:]

    def state(self) -> str:
        """Return what the player's process does, and which signals it blocks, ignores and heeds."""
        place = Path(f"/proc/{self.process.pid}")
        try:
            told = [line for line in (place / "status").read_text().splitlines() if line.startswith(("State", "Sig"))]
            return "; ".join([*told, (place / "wchan").read_text()])
        except OSError as gone:
            return f"{gone}, {self.process.poll()}"

    def types(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def ended(self) -> int:
        """Wait for the end; the terminal must be as it was."""
        import termios

        self.reads("\x1b[?1049l")
        status = self.process.wait(60)
        assert termios.tcgetattr(self.slave) == self.before
        assert self.written.count("\x1b[?1049h") == self.written.count("\x1b[?1049l") == 1
        assert self.written.rindex("\x1b[?25h") > self.written.rindex("\x1b[?25l")
        return status

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def on_terminal(quarter: str) -> Iterator[Screen]:
    screen = Screen(quarter, "2024Q1")
    yield screen
    screen.close()


@POSIX
def test_a_signal_that_comes_as_it_begins_to_wait_wakes_it() -> None:
    """Another thread takes it, so that the waiting isn't broken off: as where it comes just before the wait begins."""
    from cli.replay.terminal import Signals, handlers, waited

    def sent() -> None:
        time.sleep(0.3)
        signal.pthread_kill(threading.get_ident(), signal.SIGWINCH)

    signals = Signals()
    sender = threading.Thread(target=sent)
    with handlers(signals, lambda: None, lambda: None):
        sender.start()
        assert waited([signals.woken], 20, half=False) == [signals.woken]
        sender.join()
        signals.drained()
        assert waited([signals.woken], 0, half=False) == []
    assert signal.set_wakeup_fd(-1) == -1
    signals.close()


@POSIX
def test_the_player_on_a_terminal(on_terminal: Screen) -> None:
    import fcntl
    import struct
    import termios

    on_terminal.reads("1/91")
    on_terminal.types("\x1b[C")
    on_terminal.reads("2024-01-02 Tue")
    on_terminal.types("g02-20\r")
    on_terminal.reads("2,704,918.03")
    on_terminal.types("\x1b[6~")
    on_terminal.reads("58/91")
    fcntl.ioctl(on_terminal.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 60, 0, 0))
    on_terminal.process.send_signal(signal.SIGWINCH)
    on_terminal.reads("58/91")
    on_terminal.types("\x1b[F \x1b[H ")
    on_terminal.reads("▶")
    on_terminal.reads("3/91")
    on_terminal.types("q")
    assert on_terminal.ended() == 0


@POSIX
@pytest.mark.parametrize(("way", "status"), [("\x03", 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_however_it_ends_the_terminal_is_left_as_it_was(
    on_terminal: Screen, way: str | signal.Signals, status: int
) -> None:
    on_terminal.reads("1/91")
    if isinstance(way, str):
        os.killpg(on_terminal.process.pid, signal.SIGINT)
    else:
        on_terminal.process.send_signal(way)
    assert on_terminal.ended() == status
    assert "Traceback" not in on_terminal.written


@POSIX
def test_a_terminal_without_abilities_gets_text(quarter: str) -> None:
    screen = Screen(quarter, "2024Q1", "--by", "week", "--no-pager", TERM="dumb")
    shown = screen.reads("2024-03-31 Sun")
    assert screen.process.wait(60) == 0
    screen.close()
    assert "\x1b" not in shown
    assert "2024-01-05 Fri" in shown


@POSIX
def test_no_name_commands_the_terminal(quarter: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hostile.db"
    create_store(url, first_actor=BOSS)[0].close()
    lines = [
        {"action": "lead.capture", "key": "a", "data": {"company": "甲\u202e公司", "channel": "online"}},
        {"action": "opportunity.open", "data": {"customer": "a", "amount": "5", "name": "x\u202e\u2066y"}},
    ]
    assert sales("apply", "-", store=url, given="".join(json.dumps(each) + "\n" for each in lines).encode()).status == 0
    shown = sales("replay", str(date.today().year), store=url).out
    assert "甲" in shown
    assert not {"\u202e", "\u2066", "\x1b"} & set(shown)
