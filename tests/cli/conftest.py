"""The command line as a user meets it: words in, output and exit status out, on a machine of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cli.main import run
from infra.store.open import create_store
from tests.faults.running import sales as in_a_process

QUARTER = Path(__file__).parents[2] / "cli" / "commands" / "demo_quarter.jsonl"


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


@pytest.fixture(scope="session")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a store that holds the demo's quarter, to be read only."""
    url = f"sqlite:///{tmp_path_factory.mktemp('quarter')}/demo.db"
    create_store(url, first_actor=None)[0].close()
    played = in_a_process("apply", "--recorded-as-given", str(QUARTER), store=url)
    assert played.status == 0, played.err
    return url


@pytest.fixture(scope="session")
def frames(quarter: str) -> list[dict[str, Any]]:
    """Return the frames of the quarter's replay, day by day."""
    (told,) = in_a_process("replay", "2024Q1", "--json", store=quarter).lines
    return list(told["frames"])


@pytest.fixture
def team(sales: Sales) -> Sales:
    """Run commands in a store that knows a rep beside its director."""
    assert sales("person", "register", "zhang.san", "--name", "张三", "--role", "rep").status == 0
    return sales
