"""What a cold command imports, counted by module: what isn't loaded costs no time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.store.open import create_store
from tests.faults.running import BOSS, LAUNCHER, ROOT, environment, sales
from tests.given import lead, line

HEAVY = {"psycopg", "openpyxl", "eventsourcing", "pydantic", "orjson", "rich", "asyncio", "cryptography"}
"""Libraries that cost more than a command: each is imported where it is used."""
OURS = ("cli", "domain", "infra", "projections")
MOST = 110
"""How many modules of ours a short command may load: each costs a third of a millisecond."""
MODULES = """
import sys
before = set(sys.modules)
import json, os
sys.argv = ["sales", *json.loads(sys.argv[1])]
import salestrail
end = os._exit
def ended(status):
    print(json.dumps({"status": status, "modules": sorted(set(sys.modules) - before)}), file=sys.stderr, flush=True)
    end(status)
os._exit = ended
salestrail.main()
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a SQLite store whose tables are in step."""
    url = f"sqlite:///{tmp_path_factory.mktemp('budget')}/a.db"
    create_store(url, first_actor=BOSS)[0].close()
    lines = [lead("l1", "甲公司", by=BOSS), line("follow-up.log", "l1", channel="call", at="2024-01-09")]
    given = "".join(json.dumps(said) + "\n" for said in lines).encode()
    assert sales("apply", "-", store=url, given=given).status == 0
    assert sales("work", "--once", store=url).status == 0
    return url


def imported(store: str, *words: str, **more: str) -> set[str]:
    """Return the modules that a process has run by its end, but for those that Python itself begins with."""
    done = subprocess.run(
        [sys.executable, "-c", MODULES, json.dumps(words)],
        cwd=ROOT,
        env={**environment(store, more), "PYTHONPATH": str(LAUNCHER.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = json.loads(done.stderr.splitlines()[-1])
    assert said["status"] == 0, done.stderr
    return set(said["modules"])


def folds(modules: set[str]) -> set[str]:
    """Return the modules that only deciding or folding needs."""
    return {
        name
        for name in modules
        if (name.startswith("projections.read_models.") and name.endswith(".projection"))
        or (name.startswith("domain.") and (name.endswith(".events") or name == "domain.sales.opportunity"))
        or name in ("infra.commands.handler", "infra.read_models.projector", "infra.event_store.event_store")
    }


def ours(modules: set[str]) -> set[str]:
    """Return the modules of this program; a room's own `__init__`, which holds one sentence, is not counted."""
    return {name for name in modules if name.partition(".")[0] in OURS and not (ROOT / name.replace(".", "/")).is_dir()}


READS = [
    "tracking",
    "progress",
    "pipeline",
    "waterfall --period 2024Q1",
    "targets --period 2024Q1",
    "plans --period 2024Q1",
    "capacity --period 2024Q1",
    "resources --week 2024-W07",
    "funnel --period 2024Q1 --by channel",
    "objections",
    "agenda",
    "stages --period 2024Q1",
    "follow-ups --period 2024Q1",
    "cadence --period 2024Q1",
    "signals",
    "proposals",
    "quotes",
    "movers --period 2024Q1",
    "late-entries --period 2024Q1",
    "corrections --period 2024Q1",
    "audit l1",
    "tracking --json",
    "progress --period 2024Q1 --as-of 2024-02-18",
    "tracking --owner lin.zong",
    "log",
    "status",
]


@pytest.mark.parametrize("words", READS)
def test_a_view_of_tables_in_step_imports_no_database_library_no_fold_and_no_event(store: str, words: str) -> None:
    modules = imported(store, *words.split())
    assert not modules & HEAVY
    assert folds(modules) == set()
    assert len(ours(modules)) <= MOST


@pytest.mark.parametrize("words", ["contracts", "receivables --as-of 2024-02-18"])
def test_what_is_folded_at_the_asking_imports_the_events_of_contracts_alone(store: str, words: str) -> None:
    modules = imported(store, *words.split())
    assert not modules & HEAVY
    assert folds(modules) <= {"domain.contract.events", "domain.kernel.field"}


def test_an_action_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/own.db"
    create_store(url, first_actor=BOSS)[0].close()
    modules = imported(url, "lead", "capture", "乙公司", "--channel", "online")
    assert not modules & HEAVY
    assert not {
        name for name in modules if name.startswith("projections.read_models.") and name.endswith(".projection")
    }
    assert len(ours(modules)) <= MOST


@pytest.mark.parametrize("words", ["--version"])
def test_the_version_is_told_without_the_command_line_library(store: str, words: str) -> None:
    modules = imported(store, words)
    assert not {name for name in modules if name.partition(".")[0] in (*HEAVY, "typer", "click", "sqlite3")}


@pytest.mark.parametrize("words", ["--help", "lead --help", "lead capture --help"])
def test_help_imports_no_store(store: str, words: str) -> None:
    modules = imported(store, *words.split())
    assert not modules & (HEAVY | {"sqlite3"})


@pytest.mark.parametrize("line", ["sales show 甲", "sales lead assign l1 --owner l", "sales next-action complete l1 "])
def test_a_completion_imports_no_fold_and_nothing_heavy(store: str, line: str) -> None:
    asked = {
        "_SALES_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_ARGS": line,
    }
    modules = imported(store, **asked)
    assert not modules & HEAVY
    declared = {"domain.kernel.field", "domain.customer.events"}  # what an action's own words are read from
    assert folds(modules) <= declared
