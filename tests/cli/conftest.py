"""The command line as a user meets it: words in, output and exit status out, on a machine of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from cli.main import run


class Done(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


Sales = Callable[..., Done]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh machine: nothing configured, no store, the user `wang.fang`."""
    import os

    for name in list(os.environ):
        if name.startswith(("SALES_", "XDG_", "LC_")) or name in ("LANG", "NO_COLOR", "TERM"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "home"))
    monkeypatch.setenv("LOGNAME", "wang.fang")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path / "folder")
    return tmp_path


@pytest.fixture
def sales(machine: Path, capsys: pytest.CaptureFixture[str]) -> Sales:
    """Run a command in this process; its words are given one by one."""

    def go(*words: str) -> Done:
        capsys.readouterr()
        status = run(words)
        out, err = capsys.readouterr()
        return Done(status, out, err)

    return go
