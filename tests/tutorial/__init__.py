"""Pages that are played: each command of a page is run on a fresh machine, and what it printed is put below it.

In a page,

- a fenced block holds commands behind `$ `, each followed by its output; a block without any is only read;
- a line that is a file's name in backquotes and a colon gives the name under which the block after it is written;
- a comment `<!-- 2024-02-05 09:30 zhang.san -->` says what the clock shows from there on and who sits at the keyboard.
"""

from __future__ import annotations

import itertools
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from cli.main import run
from infra.event_store import ids
from infra.store.open import create_store, open_store

DOCS: Final = Path(__file__).parents[2] / "docs"
_HOW_TO: Final = (
    "import-a-spreadsheet",
    "import-from-a-crm",
    "close-a-quarter",
    "convince-an-auditor",
    "erase-a-contact",
)
_NAMES: Final = ("tutorial", *(f"howto/{name}" for name in _HOW_TO))
PLAYED: Final = tuple(f"{folder}{name}.md" for folder in ("", "zh/") for name in _NAMES)
"""The pages that are played from top to bottom."""

ZONE: Final = ZoneInfo("Asia/Shanghai")
WIDTH: Final = 110
_MOMENT: Final = re.compile(r"<!-- (\d{4}-\d\d-\d\d \d\d:\d\d) (\S+) -->\s*$")
_SIZE: Final = re.compile(r"\d+ kB")
_FILE: Final = re.compile(r"`([\w.-]+)`[:：]\s*$")


class Terminal(StringIO):
    """What a terminal was sent, stdout and stderr in one."""

    def isatty(self) -> bool:
        return True


class Machine:
    """A fresh machine with a clock that is set by the page, and ids that come out the same each time."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, language: str) -> None:
        self.now = datetime(2024, 1, 1, 9, tzinfo=ZONE)
        self.patch, self.folder, self.drawn = patch, folder, 0
        for name in [name for name in os.environ if name.startswith(("SALES_", "XDG_", "LC_"))]:
            patch.delenv(name)
        surroundings = {"HOME": folder / "home", "APPDATA": folder / "home", "SALES_LANG": language, "NO_COLOR": "1"}
        for name, value in {**surroundings, "COLUMNS": WIDTH, "LINES": 10_000}.items():
            patch.setenv(name, str(value))
        (folder / "desk").mkdir()
        patch.chdir(folder / "desk")
        for opening in (open_store, create_store):
            assert opening.__kwdefaults__ is not None
            patch.setitem(opening.__kwdefaults__, "clock", lambda: self.now)
        patch.setattr("uuid.uuid4", lambda: UUID(int=self.number() << 96))
        patch.setattr(ids, "time", SimpleNamespace(time=self.seconds, time_ns=lambda: self.seconds() * 10**9))
        patch.setattr(ids, "os", SimpleNamespace(urandom=lambda size: self.number().to_bytes(size)))
        patch.setattr("infra.crypto.keyring.Keyring.secret", lambda _self: bytes(32))
        patch.setattr("cli.core.progress.Meter.at", lambda *_: None)

    def seconds(self) -> int:
        """Return what the clock shows, for ids."""
        return int(self.now.timestamp())

    def number(self) -> int:
        """Return what stands for chance in ids: other digits each time, the same ones in each play."""
        self.drawn += 1
        return self.drawn * 7919

    def set(self, moment: str, login: str) -> None:
        """Let the clock show `moment`, and let `login` sit at the keyboard."""
        self.now = max(self.now, datetime.fromisoformat(moment).replace(tzinfo=ZONE))
        self.patch.setenv("LOGNAME", login)

    def typed(self, line: str) -> str:
        """Return what a command prints on the terminal."""
        line, _, file = line.partition(" > ")
        words = shlex.split(line, comments=True)
        self.now += timedelta(seconds=10)
        if words[0] == "export":
            self.patch.setenv(*words[1].split("=", 1))
        elif words[0] == "cp":
            shutil.copy(words[1], words[2])
        elif words[0] == "cat":
            return Path(words[1]).read_text("utf-8-sig")
        else:
            assert words[0] == "sales", f"a page can't play: {line}"
            return self.placeless(self.run(words[1:], file))
        return ""

    def run(self, words: list[str], file: str) -> str:
        """Return what the program shows on the terminal; its stdout goes into a file where one is named."""
        screen, kept = Terminal(), StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdout", kept if file else screen)
            patch.setattr(sys, "stderr", screen)
            patch.setattr(sys, "stdin", StringIO())
            status = run(words)
        if file:
            Path(file).write_text(kept.getvalue(), "utf-8")
        assert status not in (1, 2), f"{words}\n{screen.getvalue()}"
        return screen.getvalue()

    def placeless(self, shown: str) -> str:
        """Return what was shown without what another machine, or another style of the report, would show otherwise."""
        shown = shown.replace(f"{self.folder}/desk/", "").replace(f"{self.folder}/home/", "~/")
        return _SIZE.sub("... kB", shown)


def played(page: str, folder: Path, language: str) -> str:
    """Return the page with the output that its commands have on a fresh machine."""
    with pytest.MonkeyPatch.context() as patch:
        return "".join(f"{line}\n" for line in _lines(page.splitlines(), Machine(folder, patch, language)))


def _lines(lines: list[str], machine: Machine) -> Iterator[str]:
    waiting, name = iter(lines), ""
    for line in waiting:
        yield line
        if moment := _MOMENT.match(line):
            machine.set(*moment.groups())
        elif file := _FILE.match(line):
            name = file[1]
        elif line.startswith("```"):
            block = list(itertools.takewhile(lambda held: held != "```", waiting))
            if name:
                Path(name).write_text("".join(f"{held}\n" for held in block), "utf-8")
            yield from block if name else _block(block, machine)
            yield "```"
            name = ""


def _block(block: list[str], machine: Machine) -> Iterator[str]:
    """Yield the lines of a block, with the output of its commands made anew."""
    if not any(line.startswith("$ ") for line in block):
        yield from block
        return
    waiting = iter(block)
    for line in waiting:
        if not line.startswith("$ "):
            continue  # the output of another time
        yield line
        typed = line[2:]
        while typed.endswith("\\"):
            more = next(waiting)
            yield more
            typed = typed[:-1] + more
        yield from (shown.rstrip() for shown in machine.typed(typed).splitlines())


def language_of(name: str) -> str:
    """Return the language of a page."""
    return "zh" if name.startswith("zh/") else "en"
