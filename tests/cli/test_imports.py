"""What a command imports: counted, because a cold start is the sum of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = {
    "rich",
    "pydantic",
    "psycopg",
    "psycopg_pool",
    "openpyxl",
    "orjson",
    "tomllib",
    "asyncio",
    "importlib.metadata",
}

TOLD = """
import sys
sys.argv = ["sales", *sys.argv[1:]]
sys.path.insert(0, {root!r})
from cli.main import run
status = run(sys.argv[1:])
print(status, *sorted(sys.modules), file=sys.stderr)
"""


def imported(home: Path, *words: str) -> set[str]:
    """Run a command in a process of its own and return the names of the modules that it loaded."""
    surroundings = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "SALES_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-c", TOLD.format(root=str(ROOT)), *words],
        env=surroundings, capture_output=True, text=True, check=False, cwd=home,
    )  # fmt: skip
    status, *names = done.stderr.splitlines()[-1].split(" ")
    assert status == "0", done.stderr
    return set(names)


def test_the_version_needs_no_typer(tmp_path: Path) -> None:
    assert not {"typer", "cli.core.errors", "cli.core.session"} & imported(tmp_path, "--version")


def test_the_first_help_page_loads_no_noun(tmp_path: Path) -> None:
    names = imported(tmp_path, "--help")

    assert not HEAVY & names
    assert not {name for name in names if name.startswith(("domain.", "projections."))} - {
        "domain.kernel",
        "domain.kernel.refusal",
        "projections.views",
        "projections.views.registry",
    }


def test_the_help_of_a_noun_loads_that_noun(tmp_path: Path) -> None:
    names = imported(tmp_path, "lead", "--help")

    assert not HEAVY & names
    assert "domain.customer.lead" in names
    assert not {"domain.target.actions", "domain.contract.amendment", "infra.store.store", "sqlite3"} & names


@pytest.mark.parametrize(
    "words",
    [
        "tracking",
        "progress --period 2024Q1",
        "log",
        "lead capture 某某 --channel online",
        "status",
        "config show",
    ],
)
def test_reading_and_writing_load_no_heavy_library(tmp_path: Path, words: str) -> None:
    imported(tmp_path, "init")

    assert not HEAVY & imported(tmp_path, *words.split())
