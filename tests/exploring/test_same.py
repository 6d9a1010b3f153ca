"""The tests say the same every time: whatever is loaded, wherever they are started, and however long something hangs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exploring import cases
from tests.faults.running import ROOT

DRAWN = """
import sys
from hypothesis import given, strategies as st
from tests import exploring
exploring.load()
for name in sys.argv[1:]:
    __import__(name)
@given(st.text(), st.integers(), st.floats())
def law(text, whole, broken):
    print(ascii((text, whole, broken)))
law()
"""
FOUND = """
import os, signal, subprocess, sys, time
from tests import surroundings
surroundings.settle()
print(sorted(name for name in os.environ if name in sys.argv or name.startswith(("SALES_", "LC_", "PG"))))
print(time.tzname[0], os.umask(0))
child = subprocess.Popen([sys.executable, "-c", "import time; print('there', flush=True); time.sleep(60)"], stdout=subprocess.PIPE)
child.stdout.readline()
child.send_signal(signal.SIGINT)
print(child.wait())
"""
HANGING = """
import subprocess, sys
def test_that_waits_for_ever():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"]) as child:
        child.wait()
def test_that_comes_after(): pass
"""


def python(text: str, *words: str, **more: str) -> str:
    """Run a text of Python by itself and return what it printed."""
    command = [sys.executable, "-c", text, *words]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **more}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_law_is_tried_with_the_same_examples_whatever_is_loaded() -> None:
    assert python(DRAWN) == python(DRAWN, "cli.main", "domain.kernel.registry", PYTHONHASHSEED="7")


def test_what_the_tests_find_around_them_is_the_same_however_they_were_started() -> None:
    odd = {
        "SALES_STORE": "x",
        "TZ": "America/New_York",
        "LC_ALL": "de_DE",
        "COLUMNS": "20",
        "PGHOST": "y",
        "PAGER": "z",
    }
    ignoring = ["sh", "-c", 'umask 077; trap \'\' INT; exec "$0" "$@"', sys.executable, "-c", FOUND, *odd]
    done = subprocess.run(ignoring, cwd=ROOT, env={**os.environ, **odd}, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["['TZ']", "UTC 18", "-2"], done.stderr  # the child ends by the signal


def test_a_test_that_hangs_fails_and_its_child_ends_with_it(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(HANGING, "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.limits",
        "-c",
        os.devnull,
        "--timeout=1",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "Timeout" in done.stdout


@given(st.lists(st.dates() | st.decimals(allow_nan=False) | st.dictionaries(st.text(), st.none() | st.integers())))
def test_what_was_drawn_is_kept_as_text_and_made_again(drawn: list[object]) -> None:
    case = cases.Case("x", {"drawn": repr(drawn)}, "why")
    assert case.values(sys.modules[__name__]) == {"drawn": drawn}


def test_a_counter_example_is_kept_once_and_played_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "CASES", tmp_path / "cases")
    case = cases.Case("tests/x.py::test_y", {"day": "datetime.date(2024, 2, 29)", "seed": "3"}, "AssertionError")
    assert cases.keep(case) == cases.keep(case)
    assert cases.of_test("tests/x.py::test_y") == [case]
    assert cases.seeds("tests/x.py::test_y", 2, None) == [0, 1, 3]


@pytest.mark.parametrize("case", [*cases.kept()], ids=lambda case: case.test.rpartition("::")[2])
def test_each_case_has_its_test_and_arguments(case: cases.Case) -> None:
    file, _, function = case.test.partition("::")
    assert f"def {function}(" in (ROOT / file).read_text("utf-8")
    assert case.arguments


def modules() -> list[tuple[str, str]]:
    """Return the text of each module of the tests but those that say how examples are drawn."""
    paths = (path for path in sorted((ROOT / "tests").rglob("*.py")) if path.parent.name != "exploring")
    return [(str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in paths]


def test_no_chance_is_left_without_a_seed_and_no_law_has_settings_of_its_own() -> None:
    unseeded = re.compile(r"\brandom\.(?!Random\b)[a-z]+\(|\bRandom\(\)|\bsecrets\.")
    assert [name for name, text in modules() if unseeded.search(text)] == []
    own = re.compile(r"derandomize|max_examples|deadline=")
    assert [name for name, text in modules() if own.search(text)] == ["tests/torture/model.py"]
