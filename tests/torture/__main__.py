"""The whole catalogue at its full counts: ./torture, or ./torture 1 7 for some; --write puts the figures into the docs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import NamedTuple, TypeVar
from uuid import uuid4

from tests.faults.running import ROOT
from tests.torture import alarms, clocks, full, killing, losing, model, moving, powercut, racing, rotting
from tests.torture.server import server

PAGE = ROOT / "docs/reliability.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


T = TypeVar("T")


class Trial(NamedTuple):
    """A fault's number in the catalogue, what is done, and who does it: the figures come back as words."""

    fault: int
    what: str
    run: Callable[[Path], str]


@contextmanager
def schema() -> Iterator[str]:
    """Give the address of a new schema on a server of one's own."""
    with server() as pg:
        yield f"{pg.url}&schema=s{uuid4().hex}"


def both(trial: Callable[[str], T], folder: Path) -> tuple[T, T]:
    """Do the same on both stores."""
    ours = trial(f"sqlite:///{folder}/{uuid4().hex}.db")
    with schema() as url:
        return ours, trial(url)


def pytests(*words: str, long: bool = False, places: int = 0) -> Callable[[Path], str]:
    """Return a trial that runs tests of the suite, at full length where they know one."""

    def run(_folder: Path) -> str:
        more = {"SALES_TORTURE": "1"} if long else {}
        more |= {"SALES_PLACES": str(places)} if places else {}
        line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
        # However often a test of it tries and whatever else this machine does: it is load that ends by itself.
        line += ["--timeout=0", "-o", "faulthandler_timeout=0"] if more else []
        done = subprocess.run(line, cwd=ROOT, env={**os.environ, **more}, capture_output=True, text=True, check=False)
        last = done.stdout.strip().splitlines()[-1:] or [done.stderr[-500:]]
        assert done.returncode == 0, done.stdout[-3_000:]
        return last[0].strip("= ").partition(" in ")[0]

    return run


def power(folder: Path) -> str:
    assert (lost := powercut.cuts(folder, 200)) == 0, lost
    bitten = powercut.cuts(folder, 200, "NORMAL")
    assert bitten > 0
    return f"200 cuts at FULL: 0 lost; at NORMAL: {bitten} of 200 cuts lost acknowledged events"


def ingest(folder: Path) -> str:
    done = killing.ingest(folder, 100)
    assert done.lost == 0
    assert done.killed > 80
    return f"{done.killed} of 100 killed at work, {done.answered:,} answered events, 0 lost, 0 partial"


def crash(folder: Path) -> str:
    done = killing.crashes(20)
    assert done.lost == 0
    bad = killing.crashes(5, {"synchronous_commit": "off", "wal_writer_delay": "10000"})
    assert bad.lost > 0
    return (
        f"20 kills, {done.acknowledged:,} acknowledged events, 0 lost; with synchronous_commit=off"
        f" {bad.lost:,} of {bad.acknowledged:,} lost in 5 kills"
    )


def no_room(folder: Path) -> str:
    told = []
    for name, trial in (("SQLite", full.sqlite), ("Postgres", full.postgres)):
        done = trial(folder)
        if done is None:
            told.append(f"{name}: not tried, no disk can be mounted here")
            continue
        assert done.lost == 0
        told.append(f"{name}: {done.code} after {done.answered:,} answered lines, 0 lost, the rest recorded later")
    return "; ".join(told)


def races(folder: Path) -> str:
    ours, theirs = both(lambda url: racing.processes(url, folder, 500), folder)
    return f"4 processes, 2,000 follow-ups of 5 customers: {ours} and {theirs} events, none missing, no error"


def tails(folder: Path) -> str:
    (ours, missed), (theirs, gone) = both(lambda url: racing.tailing(url, 20), folder)
    assert missed == gone == 0
    with schema() as url:
        bitten = racing.tailing_a_sequence(url, 400)
    assert bitten > 0
    return f"8 writers for 20 s, {ours:,} and {theirs:,} events, 0 missed; of a sequence's 2,400 rows {bitten} missed"


def lost_replies(folder: Path) -> str:
    with schema() as url:
        done = losing.replies(url, 1_000)
    assert done.missing == done.doubled == 0
    with schema() as url:
        _uncertain, doubled = losing.without_keys(url, 28)
    assert doubled > 0
    return (
        f"1,000 actions, {done.replies} replies and {done.requests} requests lost: each event once;"
        f" without keys {doubled} of 28 doubled"
    )


def projectors(folder: Path) -> str:
    assert killing.projector(folder, 50) == 0
    return "50 kills, the tables equal the fold"


def daemon(folder: Path) -> str:
    done = killing.restarts(folder, 12, 5.0)
    assert done.slowest < 2, done.slowest
    return (
        f"{done.restarts} restarts or broken connections, 5 s apart, {done.events:,} events; the daemon lives,"
        f" in step after {done.slowest:.2f} s at most"
    )


def clock_jumps(folder: Path) -> str:
    ours, theirs = both(lambda url: clocks.jumps(url, 600), folder)
    return f"{ours} and {theirs} jumps of an hour on two clocks: recorded times never go back"


def rot(folder: Path) -> str:
    ours = rotting.rot(f"sqlite:///{folder}/rot.db", 120)
    with schema() as url:
        theirs = rotting.rot(url, 48)
    named, on = ours["named"] + theirs["named"], ours["read on"] + theirs["read on"]
    return f"168 places: {named} named by the rebuild, {on} changed bytes still read (found by sales verify); nothing else lost"


def false_alarms(folder: Path) -> str:
    runs = 1_000
    ours = alarms.many((f"sqlite:///{folder}/{n}.db" for n in count()), runs // 2)
    with server() as pg:
        theirs = alarms.many((f"{pg.url}&schema=a{n}" for n in count()), runs // 2)
    assert ours.alarms == theirs.alarms == [], (ours.alarms, theirs.alarms)
    rebuilds, erasures = ours.rebuilds + theirs.rebuilds, ours.erasures + theirs.erasures
    return f"{runs:,} thorough looks beside writers, a projector, {rebuilds:,} rebuilds and {erasures:,} erasures: no false alarm"


def models(folder: Path) -> str:
    with server() as pg:
        signed = model.agree(folder, pg.url, 100, 40)
    assert signed > 20
    return f"100 histories of up to 40 actions, {signed} contracts signed in them: model, SQLite and Postgres agree"


def moves(folder: Path) -> str:
    url = f"sqlite:///{folder}/m.db"
    want = moving.filled(url, folder, 1_000)
    for way in moving.WAYS:
        assert moving.rows(moving.moved(url, folder, way)) == want, way
    with server() as pg:
        for move in (moving.backed_up, moving.exported):
            there = move(url, f"{pg.url}&schema={move.__name__}", folder)
            assert moving.rows(there) == want
            assert moving.rows(move(there, f"sqlite:///{folder}/{move.__name__}.db", folder)) == want
        assert moving.rows(moving.dumped(pg, there, "exported")) == want
    return f"{', '.join(moving.WAYS)}, pg_dump, SQLite to Postgres and back: rows and tables equal"


TRIALS = (
    Trial(1, "kill -9 during ingest, SQLite", ingest),
    Trial(1, "power cut, SQLite", power),
    Trial(2, "kill -9 of all Postgres processes under four writers", crash),
    Trial(3, "disk full", no_room),
    Trial(4, "four processes race", races),
    Trial(5, "a reader follows eight writers", tails),
    Trial(6, "the reply to COMMIT is lost", lost_replies),
    Trial(7, "the projector is killed", projectors),
    Trial(7, "Postgres restarts under load", daemon),
    Trial(8, "a poison event", pytests("tests/infra/test_projector.py")),
    Trial(9, "clocks jump", clock_jumps),
    Trial(10, "derived state is forged", pytests("tests/proof/test_derived.py", places=20)),
    Trial(10, "nobody has forged anything", false_alarms),
    Trial(13, "stored events rot", rot),
    Trial(14, "model against both stores", models),
    Trial(
        15,
        "input from strangers",
        pytests(
            "tests/faults/test_strangers.py", "tests/faults/test_odd_files.py", "tests/faults/test_fuzz.py", long=True
        ),
    ),
    Trial(16, "every event version", pytests("tests/test_golden.py", "tests/test_upcasting.py")),
    Trial(17, "backup, restore, moving a log", moves),
    Trial(18, "what doctor names", pytests("tests/faults/test_doctor.py", "tests/faults/test_backup.py")),
)


def main(words: list[str]) -> int:
    """Run the trials that are named by number, or all; return 1 if one failed."""
    wanted = {int(word) for word in words if word.isdecimal()}
    lines, failed = [], 0
    begun = time.monotonic()
    for trial in TRIALS:
        if wanted and trial.fault not in wanted:
            continue
        started = time.monotonic()
        try:
            with tempfile.TemporaryDirectory(prefix="salestrail-torture-") as folder:
                figures = trial.run(Path(folder))
        except Exception:  # noqa: BLE001 - the others go on
            traceback.print_exc()
            failed += 1
            figures = "FAILED"
        took = time.monotonic() - started
        print(f"{trial.fault:>3}  {trial.what}: {figures}  ({took:.0f} s)", flush=True)
        lines.append(f"| {trial.fault} | {trial.what} | {figures} | {took:.0f} s |")
    print(f"{'all held' if not failed else f'{failed} FAILED'}, {time.monotonic() - begun:.0f} s")
    if "--write" in words and not wanted:
        write(lines)
    return 1 if failed else 0


def write(lines: list[str]) -> None:
    """Put the figures into the page, with their date."""
    text = PAGE.read_text("utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    day = datetime.now(UTC).date().isoformat()
    table = [
        f"Last run in full: {day}, {os.cpu_count()} cores.",
        "",
        "| fault | what | figures | took |",
        "| --- | --- | --- | --- |",
    ]
    PAGE.write_text("\n".join([f"{head}{BEGIN}", "", *table, *lines, "", f"{END}{tail}"]), "utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
