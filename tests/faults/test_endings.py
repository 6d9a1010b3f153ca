"""Output that can't be written, Ctrl-C, and kill -9: what was answered is recorded, and a second run does the rest."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from infra.read_models import tables
from infra.store.open import create_store, open_store
from infra.store.store import Store
from projections.read_models import registry
from tests.faults.running import BOSS, ended, jsonl, sales, spawned
from tests.given import lead, line

LINES = 5_000
FULL = pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no device here that is always full")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store with some leads, whose tables are in step."""
    folder = tmp_path_factory.mktemp("filled")
    store = f"sqlite:///{folder}/a.db"
    sales("apply", jsonl(folder / "a.jsonl", *(lead(f"l{n}", by=BOSS) for n in range(300))), store=store)
    sales("tracking", store=store)
    return folder


@pytest.fixture
def filled(folder: Path, tmp_path: Path) -> str:
    """Return the address of a copy of that store."""
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return f"sqlite:///{tmp_path}/a.db"


@FULL
@pytest.mark.parametrize("words", ["log", "tracking --json", "export", "audit -o csv", "--help", "status"])
def test_an_output_that_is_full_is_said_and_not_taken_for_done(filled: str, words: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = ended(spawned(*words.split(), store=filled, stdout=full))
    assert (done.status, done.code) == (2, "file.unwritable")
    assert "No space left on device" in done.err


@FULL
def test_a_batch_whose_answers_cannot_be_written_ends_with_an_error_and_can_be_repeated(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/a.db"
    path = jsonl(tmp_path / "a.jsonl", *(lead(f"l{n}", by=BOSS) for n in range(200)))
    with Path("/dev/full").open("wb") as full:
        done = ended(spawned("apply", path, store=store, stdout=full))
    assert (done.status, done.code) == (2, "file.unwritable")
    assert sales("apply", path, store=store).status == 0
    assert len(events(store)) == 200


@pytest.mark.parametrize("words", ["log -n 300", "tracking", "export", "audit --json"])
def test_a_reader_who_has_seen_enough_is_no_error(filled: str, words: str) -> None:
    process = spawned(*words.split(), store=filled)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    process.stdout = None
    done = ended(process)
    assert (done.status, done.err) == (0, "")


def events(store: str) -> list[str]:
    opened = open_store(store)
    names = [record.name for record in opened.reader.read(0, 100_000) if record.name != "person.registered"]
    opened.close()
    return names


def slow(tmp_path: Path) -> tuple[str, str]:
    """Return a store and a file that takes a second or two to apply."""
    store = f"sqlite:///{tmp_path}/a.db"
    create_store(store, first_actor=BOSS)[0].close()
    lines = [lead(f"l{n}", f"公司{n}", by=BOSS) for n in range(LINES)]
    return store, jsonl(tmp_path / "a.jsonl", *random.Random(3).sample(lines, len(lines)))


def until_some_are_in(store: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a process has recorded a second thousand of its lines: those of the first are answered by then."""
    opened = open_store(store)
    until = time.monotonic() + 30
    while opened.reader.head()[0] < 1_500 and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    opened.close()


def test_ctrl_c_ends_a_batch_between_two_lines_and_the_next_run_does_the_rest(tmp_path: Path) -> None:
    store, path = slow(tmp_path)
    with (tmp_path / "out").open("wb") as out:
        process = spawned("apply", path, store=store, stdout=out)
        until_some_are_in(store, process)
        process.send_signal(signal.SIGINT)
        done = ended(process)
    assert (done.status, done.code) == (130, "interrupted")
    answers = [json.loads(said) for said in (tmp_path / "out").read_text().splitlines()]
    recorded = len(events(store))
    assert 0 < len(answers) <= recorded < LINES
    again = sales("apply", path, store=store)
    assert again.status == 0
    assert again.codes.count("repeated") == recorded
    assert len(events(store)) == LINES


def test_kill_9_loses_no_answered_line_and_leads_to_the_same_tables(tmp_path: Path) -> None:
    store, path = slow(tmp_path)
    with (tmp_path / "out").open("wb") as out:
        process = spawned("apply", path, store=store, stdout=out)
        until_some_are_in(store, process)
        process.kill()
        process.wait(30)
    told = (tmp_path / "out").read_text().splitlines()[:-1]  # the last line may be cut
    kept = open_store(store)
    assert [record.position for record in kept.reader.read(0, LINES)] == list(range(1, kept.reader.head()[0] + 1))
    assert all(kept.reader.record(json.loads(said)["position"]) for said in told)
    kept.close()
    assert sales("apply", path, store=store).status == 0

    straight = f"sqlite:///{tmp_path}/b.db"
    create_store(straight, first_actor=BOSS)[0].close()
    shuffled = Path(path).read_text().splitlines(keepends=True)
    random.Random(9).shuffle(shuffled)
    (tmp_path / "b.jsonl").write_text("".join(shuffled))
    assert sales("apply", str(tmp_path / "b.jsonl"), store=straight).status == 0
    assert tracked(store) == tracked(straight)


def tracked(store: str) -> list[str]:
    """Return the tracking table as it is shown, in the order of the ids."""
    said = json.loads(sales("tracking", "--json", store=store).out)
    return sorted(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in said["rows"])


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store whose tables are far behind its log."""
    folder = tmp_path_factory.mktemp("behind")
    lines = [lead(f"l{n}", f"公司{n}", by=BOSS, at=f"2024-01-{1 + n % 28:02}") for n in range(1_500)]
    lines += [line("follow-up.log", f"l{n}", by=BOSS, at="2024-01-20", channel="call") for n in range(1_500)]
    sales("apply", jsonl(folder / "a.jsonl", *lines), store=f"sqlite:///{folder}/a.db")
    return folder


@pytest.mark.parametrize("seed", range(4))
def test_a_projector_killed_at_random_has_folded_each_event_once(behind: Path, tmp_path: Path, seed: int) -> None:
    shutil.copytree(behind, tmp_path, dirs_exist_ok=True)
    store = f"sqlite:///{tmp_path}/a.db"
    process = spawned("work", "--once", store=store)
    time.sleep(random.Random(seed).uniform(0.15, 0.6))
    process.kill()
    process.wait(30)
    opened = open_store(store)
    opened.catch_up(asked=registry.ON_DEMAND)
    halting = everything(opened)
    opened.projector.rebuild(tuple(registry.VERSIONS))
    assert everything(opened) == halting
    opened.close()


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table in use."""
    standing = tables.standings(store.db)
    return {
        table: sorted(store.db.all(f"SELECT * FROM {tables.real_name(table, standing[name].generation)}"), key=repr)
        for name, held in registry.TABLES.items()
        for table in held
    }


@pytest.mark.parametrize("seconds", [0.03, 0.06, 0.09, 0.12])
def test_ctrl_c_while_the_program_loads_is_no_traceback(filled: str, seconds: float) -> None:
    process = spawned("tracking", store=filled)
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    # Earlier still, the interpreter itself is being started: the last it does is to begin with the launcher, at its line 0.
    assert b"salestrail.py" not in err.replace(b'salestrail.py", line 0, in <module>', b"")
    assert process.returncode in (0, 130, 1, -signal.SIGINT)
