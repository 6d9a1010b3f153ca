"""The front door: words are typed, and what was printed is kept; clock, chance, zone and width are always the same."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from cli.main import run
from tests.parity.workbooks import laid_open
from tests.tutorial import ZONE, Machine

NOW: Final = datetime(2024, 12, 31, 18, tzinfo=ZONE)
WIDTH: Final = 100
"""How wide help is written, and a table that goes into a file would be cut, if it were."""

_SERVER: Final = re.compile(rb"host=[^\s\"]*salestrail-\w+")
_KEY: Final = re.compile(rb'\{"data_key":[^\n]*\n')
_SEALED: Final = re.compile(rb'"~1":"([^"]*)"')
"""Where a server lies, keys, and what is sealed with them: all other text each time."""

DIGITS: Final = 16
"""So much of a SHA-256 is kept: nobody forges answers here, and 64 bits tell any two apart."""


class Asked(NamedTuple):
    """A question: of which store, what is typed, on a terminal of how many columns; 0 is no terminal."""

    store: str
    words: tuple[str, ...]
    width: int = 0
    completes: str = ""

    @property
    def line(self) -> str:
        """The question as one writes it, which is its name too."""
        place = f"{self.store}@{self.width}" if self.width else self.store
        typed = " ".join(_quoted(word) for word in self.words)
        return f"{place} {self.completes}? {typed}" if self.completes else f"{place} $ {typed}"


class Told(NamedTuple):
    """What came of a question."""

    status: int
    out: bytes
    err: bytes

    @property
    def digest(self) -> str:
        """The answer in short: exit status, then length and SHA-256 of stdout and of stderr."""
        return f"{self.status} {_digest(self.out)} {_digest(self.err)}"

    @property
    def text(self) -> str:
        """The answer in full."""
        out, err = (part.decode("utf-8", "backslashreplace") for part in (self.out, self.err))
        return f"exit status {self.status}\n--- stderr\n{err}--- stdout\n{out}"


def _digest(part: bytes) -> str:
    return f"{len(part)}:{hashlib.sha256(part).hexdigest()[:DIGITS]}" if part else "-"


def _quoted(word: str) -> str:
    return f"'{word}'" if not word or " " in word else word


class Stream(TextIOWrapper):
    """What was written, by a program that takes it for a terminal or for a file."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__(BytesIO(), "utf-8", newline="", write_through=True)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def written(self) -> bytes:
        self.flush()
        held = self.buffer
        assert isinstance(held, BytesIO)
        return held.getvalue()


class Place(NamedTuple):
    """Where a store is, and who sits at the keyboard."""

    address: str
    login: str


NOWHERE: Final = Place("sqlite:///nowhere.db", "nobody")


class Door:
    """A machine on which questions are typed, each as if it were the first."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.machine, self.folder, self.patch = Machine(folder, patch, "en"), folder, patch
        self.machine.now = NOW
        self.desk = folder / "desk"
        self.stores: dict[str, Place] = {}
        patch.delenv("UV_RUN_RECURSION_DEPTH", raising=False)
        patch.setenv("PATH", f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}")

    def opens(self, name: str, address: str, login: str) -> None:
        """Let questions of the store `name` go to an address, typed by `login`."""
        self.stores[name] = Place(address, login)

    def ask(self, asked: Asked) -> Told:
        """Type the words, and return what came of them."""
        self.machine.drawn = 0
        with self._surroundings(asked), _streams(terminal=bool(asked.width)) as (out, err):
            status = run(() if asked.completes else asked.words)
        written = out.written()
        if written[:2] == b"PK":
            written = laid_open(written).encode()
        return Told(status, self._placeless(written), self._placeless(err.written()))

    @contextmanager
    def _surroundings(self, asked: Asked) -> Iterator[None]:
        place = self.stores.get(asked.store, NOWHERE)
        given = {
            "SALES_STORE": place.address,
            "LOGNAME": place.login,
            "COLUMNS": str(asked.width or WIDTH),
        }
        if asked.completes:
            given |= {
                "_SALES_COMPLETE": f"complete_{asked.completes}",
                "_TYPER_COMPLETE_FISH_ACTION": "get-args",
                "_TYPER_COMPLETE_ARGS": " ".join(("sales", *asked.words)),
                "COMP_WORDS": "\n".join(("sales", *asked.words)),
                "COMP_CWORD": str(len(asked.words)),
            }
        with pytest.MonkeyPatch.context() as patch:
            for name, value in given.items():
                patch.setenv(name, value)
            yield

    def _placeless(self, shown: bytes) -> bytes:
        """Return what was shown without what another machine would show otherwise."""
        shown = _SERVER.sub(b"host=SERVER", shown)
        shown = _KEY.sub(b"", shown)
        shown = _SEALED.sub(lambda found: b'"~1":"%d letters"' % len(found[1]), shown)
        for place, name in ((f"{self.folder}/desk", "DESK"), (f"{self.folder}/home", "HOME")):
            shown = shown.replace(place.encode(), name.encode())
        return shown


@contextmanager
def _streams(*, terminal: bool) -> Iterator[tuple[Stream, Stream]]:
    out, err = Stream(terminal=terminal), Stream(terminal=terminal)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        patch.setattr(sys, "stdin", StringIO())
        yield out, err
