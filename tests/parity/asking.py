"""One store's questions, asked in a process of their own; each answer in short, and in full where it is looked for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from difflib import unified_diff
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import pytest

from tests.parity.door import Asked, Door, Told
from tests.parity.questions import questions
from tests.parity.stores import NONE, POSTGRES, play

ANSWERS: Final = Path(__file__).with_name("answers.txt")
SHOWN: Final = 200
"""So many lines of a difference are shown; the rest is counted."""


def kept() -> dict[str, str]:
    """Return the answers that are kept, by their question."""
    if not ANSWERS.exists():
        return {}
    return dict(line.split(" => ") for line in ANSWERS.read_text("utf-8").splitlines())


class Task(NamedTuple):
    """What one process does: a store, where its server is, which questions in which order, and the folders beside."""

    store: str
    server: str
    only: str
    shuffled: int | None
    keep: Path | None
    against: Path | None


def answered(task: Task) -> list[tuple[str, str]]:
    """Ask the questions of a store, in a process of its own: the line of each, and its difference where one is looked for."""
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        door = Door(Path(place), patch)
        told = play(door, task.store, task.server if task.store == POSTGRES else "") if task.store != NONE else []
        asked = [each for each in questions(door, task.store) if task.only in each.line]
        if task.shuffled is not None:
            random.Random(task.shuffled).shuffle(asked)
        told = [each for each in told if task.only in each[0].line]
        answers = [_noted(task, each, answer) for each, answer in told]
        answers += [_noted(task, each, door.ask(each)) for each in asked]
        patch.chdir("/")
    return answers


def _noted(task: Task, asked: Asked, told: Told) -> tuple[str, str]:
    name = _file(asked)
    if task.keep:
        path = task.keep / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{asked.line}\n{told.text}", "utf-8")
    shown = "".join(_difference(task.against / name, asked, told)) if task.against else ""
    return f"{asked.line} => {told.digest}", shown


def _difference(before: Path, asked: Asked, told: Told) -> Iterator[str]:
    now = f"{asked.line}\n{told.text}".splitlines(keepends=True)
    if not before.exists():
        yield f"new: {asked.line}\n"
        return
    with before.open(encoding="utf-8", newline="") as file:
        was = file.read().splitlines(keepends=True)
    lines = list(unified_diff(was, now, "before", "now"))
    if lines:
        yield f"\n{asked.line}\n"
        yield from (line if line.endswith("\n") else f"{line}\n" for line in lines[:SHOWN])
        yield f"... {len(lines) - SHOWN} lines more\n" if len(lines) > SHOWN else ""


def _file(asked: Asked) -> str:
    """Return the name of the file in which an answer is kept."""
    plain = "".join(letter if letter.isalnum() or letter in "-.@" else "_" for letter in asked.line)[:90]
    return f"{asked.store}/{plain}-{sha256(asked.line.encode()).hexdigest()[:8]}.txt"
