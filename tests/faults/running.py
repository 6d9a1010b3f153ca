"""Running `sales` in a test: in this process, or as a process of its own that may be killed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from cli.main import run
from infra.i18n import translate

ROOT = Path(__file__).parents[2]
LAUNCHER = ROOT / "salestrail.py"
BOSS = "lin.zong"


class Done(NamedTuple):
    """What a run left behind."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def code(self) -> str:
        """The code of the error told on stderr."""
        return self.err.rstrip().rpartition("[")[2].rstrip("]")

    @property
    def codes(self) -> list[str]:
        """What each line was answered: its status, or the code of its error."""
        return [said["status"] if said["ok"] else said["error"]["code"] for said in self.lines]


def environment(store: str, more: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a run that knows no settings but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SALES_")}
    return {**kept, "SALES_STORE": store, "SALES_ACTOR": BOSS, "SALES_LANG": "en", "SALES_CONFIG": "/nowhere", **more}


def sales(*words: str, store: str, given: bytes = b"", **more: str) -> Done:
    """Run a command in this process; `given` is its stdin."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    stdin = io.TextIOWrapper(io.BytesIO(given), "utf-8")
    with (
        patch.dict(os.environ, environment(store, more), clear=True),
        patch.object(sys, "stdin", stdin),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        status = run(list(words))
    translate.use("en")
    done = Done(status, written(out), written(err))
    assert "Traceback" not in done.err
    return done


def written(stream: io.TextIOWrapper) -> str:
    """Return what was written to a stream in memory."""
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode()


def spawned(*words: str, store: str, **more: Any) -> subprocess.Popen[bytes]:
    """Start a command as a process of its own."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.Popen([sys.executable, str(LAUNCHER), *words], env=environment(store, {}), **pipes)


def ended(process: subprocess.Popen[bytes]) -> Done:
    """Wait for a process and return what it left behind."""
    out, err = process.communicate(timeout=60)
    done = Done(process.returncode, (out or b"").decode(), (err or b"").decode())
    assert "Traceback" not in done.err
    return done


def jsonl(path: Path, *lines: Mapping[str, Any]) -> str:
    """Write a batch file and return its path."""
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return str(path)
