"""Files that can't be read, or have no end: a problem that names them, with the exit status of the contract."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.commands import batch
from infra.errors.problem import Problem
from infra.files import reader
from tests.faults.running import BOSS, LAUNCHER, environment, sales
from tests.given import lead

READING = (
    "apply FILE", "apply --atomic FILE", "import log FILE", "import leads FILE", "import leads a.csv --map FILE",
    "verify --checkpoint FILE", "verify --since FILE", "verify-proof FILE", "verify-proof a.csv --checkpoint FILE",
    "prove 1 --checkpoint FILE", "witness --state w FILE", "calendar load FILE", "keys restore FILE", "restore FILE",
)  # fmt: skip
WRITING = ("tracking --out FILE", "export --out FILE", "checkpoint --out FILE", "backup FILE", "keys backup FILE")


@pytest.fixture
def here(store: str, tmp_path: Path) -> str:
    """Return the address of a store, beside a folder, a table and nothing else."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.csv").write_text("公司,渠道\n甲,online\n", "utf-8")
    return store


@pytest.mark.parametrize("where", ["folder", "nowhere", "/proc/self/mem"])
@pytest.mark.parametrize("words", [*READING, *WRITING])
def test_what_can_not_be_read_or_written_is_no_fault_of_the_program(here: str, words: str, where: str) -> None:
    if where == "nowhere" and words in WRITING:
        where = "nowhere/a"
    done = sales(*words.replace("FILE", where).split(), store=here, given=b"")
    assert done.status in (2, 3, 7, 9), (words, done.err)
    assert done.code not in ("fault", ""), done.err
    if words.startswith("apply"):
        assert (done.status, done.code) == (2, "file.unreadable")


class Breaking(io.RawIOBase):
    """A file that is read for a while and then fails, as a disk that is drawn out does."""

    def __init__(self, good: bytes) -> None:
        self.rest = good

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        if not self.rest:
            raise OSError(5, os.strerror(5))
        some, self.rest = self.rest[: len(into)], self.rest[len(into) :]
        into[: len(some)] = some
        return len(some)


class Endless(io.RawIOBase):
    """A file whose last line has no end."""

    def __init__(self, good: bytes) -> None:
        self.rest = good

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        some, self.rest = self.rest[: len(into)] or bytes(len(into)), self.rest[len(into) :]
        into[: len(some)] = some
        return len(some)


@pytest.mark.parametrize(("kind", "code"), [(Breaking, "file.unreadable"), (Endless, "file.endless")])
def test_reading_that_breaks_off_is_the_answer_of_its_line_and_what_came_before_holds(
    kind: type[Breaking | Endless], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "ENDLESS", 8 << 20)
    good = "".join(json.dumps(lead(f"l{n}", by=BOSS)) + "\n" for n in range(3)).encode()

    def read(raw: bytes) -> list[batch.Read]:
        source = io.BufferedReader(kind(raw))
        return list(batch.read(reader.lines(source, "a.jsonl", batch.LONGEST)))

    *before, last = read(good)
    assert [each.line for each in before] == [1, 2, 3]
    assert not any(isinstance(each.said, Problem) for each in before)
    assert isinstance(last.said, Problem)
    assert (last.line, last.said.code, last.said.facts["file"]) == (4, code, "a.jsonl")
    with pytest.raises(Problem) as at_once:
        read(b"")
    assert at_once.value.code == code


def test_apply_gives_a_file_without_line_ends_up_and_names_the_line(
    here: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "ENDLESS", 8 << 20)
    raw = json.dumps(lead("l1", by=BOSS)).encode() + b"\n" + bytes(12 << 20)
    (tmp_path / "big.jsonl").write_bytes(raw)
    for words, given in ((("apply", "big.jsonl"), b""), (("apply", "-"), raw)):
        done = sales(*words, store=here, given=given)
        assert (done.status, done.codes[0] in ("recorded", "repeated")) == (8, True)
        assert (done.lines[1]["line"], done.codes[1]) == (2, "file.endless")
    (tmp_path / "big.jsonl").write_bytes(bytes(12 << 20))
    done = sales("apply", "big.jsonl", store=here)
    assert (done.status, done.code) == (2, "file.endless")
    assert "Line 1 of big.jsonl" in done.err


def test_a_closed_stdin_is_said(here: str) -> None:
    for words in (["apply", "-"], ["verify-proof", "-"], ["import", "log", "-"]):
        line = f'exec "{sys.executable}" "{LAUNCHER}" {" ".join(words)} <&-'
        ran = subprocess.run(
            ["sh", "-c", line], env=environment(here, {}), capture_output=True, check=False, timeout=60
        )
        assert (ran.returncode, b"[file.unreadable]" in ran.stderr) == (2, True), ran.stderr


def test_a_file_larger_than_what_it_is_taken_for_is_refused(here: str, tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * (17 << 20))
    for words in (
        "import leads a.csv --map large",
        "verify --checkpoint large",
        "verify-proof large",
        "calendar load large",
    ):
        done = sales(*words.split(), store=here)
        assert (done.status, done.code) == (2, "file.unreadable"), (words, done.err)
        assert "larger than" in done.err
