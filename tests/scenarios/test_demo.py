"""The demo's quarter: it plays without a refusal, and its figures are those that its lines add up to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.commands.demo import program
from cli.main import run
from infra.i18n.terminal_text import width
from tests.faults.running import LAUNCHER
from tests.given import Given

QUARTER = Path(__file__).parents[2] / "cli" / "commands" / "demo_quarter.jsonl"


def test_the_quarter_plays_and_adds_up(store_url: str) -> None:
    given = Given(store_url, today="2024-03-31T20:00:00+08:00")
    lines = [json.loads(each) for each in QUARTER.read_text(encoding="utf-8").splitlines()]
    assert [each["recorded"] for each in lines] == sorted(each["recorded"] for each in lines)
    given.happened(*lines)

    company = given.figure("company")
    assert (company["target"], company["allocated"], company["actual"]) == ("5000000", "2000000", "2250000")
    assert [given.figure(group)["actual"] for group in ("g1", "g2")] == ["1230000", "1020000"]
    manager = given.figure("zhang.san")
    assert (manager["target"], manager["original_target"], manager["actual"]) == ("700000", "800000", "1320000")
    before = given.figure("zhang.san", known_at="2024-02-19")
    assert (before["target"], before["actual"]) == ("800000", "380000")
    assert {row["stage"] for row in given.tracking()} >= {"signed", "lost", "invalid", "contacted", "negotiating"}
    given.close()


def test_what_the_demo_says_of_who_moved_is_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--dir", str(tmp_path), "-q"]) == 0
    told = capsys.readouterr().out
    asked = ["--store", f"sqlite:///{tmp_path}/demo.db", "--as-of", "2024-03-31", "-o", "json"]
    assert run(["progress", "--period", "2024Q1", "--metric", "sales", "--all", *asked]) == 0
    rows = [row for row in json.loads(capsys.readouterr().out)["rows"] if row["basis"] == "signed"]
    actual = {row["owner"]: int(row["actual"] or 0) for row in rows}
    assert run(["tracking", *asked]) == 0
    others = {row["owner"] for row in json.loads(capsys.readouterr().out)["rows"] if row["group"] == "g1"}
    in_g1 = actual["g1"] - sum(actual.get(owner, 0) for owner in others - {"zhang.san"})
    assert f"zhang.san moved from g1 to g2 in this quarter: CNY {in_g1:,} of" in told


def test_the_demo_fits_a_page_and_a_pager_never_stands_in_its_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", "false")
    monkeypatch.delenv("COLUMNS", raising=False)
    assert run(["demo", "--dir", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    tables = out.partition("The demo's store")[0].splitlines()
    assert [line for line in tables if width(line) > 120] == []
    sent: list[int] = []
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("cli.core.output.paged", lambda shown: sent.append(1))
    (tmp_path / "demo.db").unlink()
    assert run(["demo", "--dir", str(tmp_path / "again")]) == 0
    assert "Try next" in capsys.readouterr().out
    assert sent == []


@pytest.mark.parametrize("by_uv", [False, True])
def test_what_to_try_next_can_be_typed_as_it_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, by_uv: bool
) -> None:
    own = f"{sys.prefix}/bin"
    monkeypatch.setenv("PATH", f"{own}:/usr/bin:/bin")
    monkeypatch.setattr(sys, "argv", [str(LAUNCHER)])
    monkeypatch.delenv("UV_RUN_RECURSION_DEPTH", raising=False)
    assert program() == "sales"
    if by_uv:
        monkeypatch.setenv("UV_RUN_RECURSION_DEPTH", "1")
        assert program() == "uv run sales"
        return
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert run(["demo", "--dir", str(tmp_path / "a folder"), "-q"]) == 0
    told = capsys.readouterr().out.splitlines()
    first = told.index("Try next:")
    export = told[first - 1].partition(": ")[2]
    command = next(line for line in told[first:] if "scorecard" in line).partition("  # ")[0].strip()
    done = subprocess.run(["sh", "-c", f"{export}\n{command} -o csv"], capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout.count("\n") > 5) == (0, True), done.stderr


STORIES = {
    "pool": 1, "disputes": 2, "proposals": 3, "quotes": 8, "signals": 4, "agenda": 5, "plans": 29, "resources": 5, "collaborations": 5,
    "after-sales": 12, "reviews": 10, "playbook": 5, "scorecard": 40, "norms": 20, "receivables": 10, "contracts": 7, "capacity": 30,
    "cadence": 30, "objections": 2, "late-entries": 1, "corrections": 1,
}  # fmt: skip
"""At the least so many rows each view has of the quarter, so that none of them is bare in the demo."""


def test_each_view_tells_a_part_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--dir", str(tmp_path), "-q"]) == 0
    capsys.readouterr()
    bare = {}
    for view, least in STORIES.items():
        asked = ["--store", f"sqlite:///{tmp_path}/demo.db", "--as-of", "2024-03-31", "-o", "jsonl"]
        assert run([view, *asked]) == 0
        told = capsys.readouterr().out.splitlines()
        if len(told) < least:
            bare[view] = len(told)
    assert bare == {}
