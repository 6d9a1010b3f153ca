"""Kill -9: of a process that records into SQLite, of a projector, and of all processes of a Postgres server."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event
from typing import NamedTuple
from uuid import uuid4

import psycopg

from infra.event_store.factory import open_log
from infra.read_models import tables
from infra.store.open import create_store, open_store
from infra.store.store import Store
from projections.read_models import registry
from tests.conftest import make_store
from tests.faults.running import BOSS, ended, jsonl, sales, spawned
from tests.given import lead, line
from tests.torture.server import Server, server
from tests.torture.writing import Writer, eventually, lost, whole

LINES = 4_000


class Ingest(NamedTuple):
    """What a number of killed runs left: how many were killed at work, answered events, those lost."""

    killed: int
    answered: int
    lost: int


def ingest(folder: Path, kills: int) -> Ingest:
    """Kill `sales apply` at a moment of chance, `kills` times, ten of them into one store; then let a file be finished."""
    told = [_ingest(folder, turn, min(10, kills - turn)) for turn in range(0, kills, 10)]
    return Ingest(*map(sum, zip(*told, strict=True)))


def _ingest(folder: Path, first: int, kills: int) -> Ingest:
    store, chance, path = f"sqlite:///{folder}/{first}.db", random.Random(first), ""
    create_store(store, first_actor=BOSS)[0].close()
    killed = answered = gone = 0
    for turn in range(first, first + kills):
        path = jsonl(folder / "ingest.jsonl", *(lead(f"{turn}-{n}", f"公司{n}", by=BOSS) for n in range(LINES)))
        out = folder / "out"
        with out.open("wb") as answers:
            process = spawned("apply", path, store=store, stdout=answers)
            eventually(partial(_answering, out, process), 120)
            time.sleep(chance.uniform(0, 0.25))
            killed += process.poll() is None
            process.kill()
            process.wait(30)
        told = [json.loads(said) for said in out.read_text().splitlines(keepends=True) if said.endswith("\n")]
        log = open_log(store)
        have = {record.key: record.position for record in whole(log) if record.key}
        gone += sum(have.get(f"{turn}-{said['line'] - 1}") != said["position"] for said in told)
        answered += len(told)
        assert log.db.one("PRAGMA integrity_check") == ("ok",)
        log.close()
    assert sales("apply", path, store=store).status == 0
    assert sales("apply", path, store=store).codes == ["repeated"] * LINES
    return Ingest(killed, answered, gone)


def _answering(out: Path, process: subprocess.Popen[bytes]) -> bool:
    return out.stat().st_size > 0 or process.poll() is not None


def _further(who: Sequence[Writer], than: int) -> bool:
    return sum(len(each.acknowledged) for each in who) > than


def everything(store: Store) -> dict[str, list[tuple]]:
    """Return every row of every table in use."""
    standing = tables.standings(store.db)
    return {
        table: sorted(store.db.all(f"SELECT * FROM {tables.real_name(table, standing[name].generation)}"), key=repr)
        for name, held in registry.TABLES.items()
        for table in held
    }


def history(count: int) -> list[dict]:
    """Return lines whose fold takes a while."""
    leads = [lead(f"l{n}", f"公司{n}", by=BOSS, at=f"2024-01-{1 + n % 28:02}") for n in range(count)]
    return leads + [line("follow-up.log", f"l{n}", by=BOSS, at="2024-01-20", channel="call") for n in range(count)]


def projector(folder: Path, kills: int) -> int:
    """Kill a projector at a moment of chance, `kills` times; return how often its tables differ from the fold.

    Between two kills a part of the log is recorded, so that each finds something to fold.
    """
    chance = random.Random(kills)
    wrong = 0
    store = f"sqlite:///{folder}/p.db"
    for turn in range(kills):
        lines = [{**each, "key": f"{turn}/{n}"} for n, each in enumerate(history(400))]
        lines = [
            {**each, **({"subject": f"{turn}/{int(each['subject'][1:])}"} if "subject" in each else {})}
            for each in lines
        ]
        assert sales("apply", jsonl(folder / "p.jsonl", *lines), store=store).status == 0
        process = spawned("work", "--every", "0.01", store=store)
        time.sleep(chance.uniform(0.2, 0.9))
        assert process.poll() is None, process.communicate()
        process.kill()
        process.wait(30)
        if turn % 5 == 4 or turn == kills - 1:
            opened = open_store(store)
            opened.catch_up(asked=registry.ON_DEMAND)
            halting = everything(opened)
            opened.projector.rebuild(tuple(registry.VERSIONS))
            wrong += everything(opened) != halting
            opened.close()
    return wrong


class Crash(NamedTuple):
    """What killed servers left: acknowledged events, those lost, and the writers' faults."""

    acknowledged: int
    lost: int
    faults: int


@contextmanager
def writing(url: str, writers: int) -> Iterator[list[Writer]]:
    """Let several writers write while the body runs."""
    stop = Event()
    who = [Writer(url, f"w{n}") for n in range(writers)]
    with ThreadPoolExecutor(writers) as pool:
        going = [pool.submit(each.run, stop) for each in who]
        try:
            yield who
        finally:
            stop.set()
        for each in going:
            each.result(60)


def crashes(kills: int, settings: Mapping[str, str] | None = None) -> Crash:
    """Kill -9 a server under four writers, `kills` times, start it again, and look for what was acknowledged."""
    chance = random.Random(kills)
    with server(settings=settings) as pg:
        url = f"{pg.url}&schema=s{uuid4().hex}"
        make_store(url)
        with psycopg.connect(pg.url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        with writing(url, 4) as who:
            for _ in range(kills):
                eventually(partial(_further, who, sum(len(each.acknowledged) for each in who) + 8))
                time.sleep(chance.uniform(0, 0.3))
                pg.kill()
                pg.start()
        log = open_log(url)
        whole(log)
        gone = sum(lost(log, each.acknowledged) for each in who)
        log.close()
        told = sum(len(ids) for each in who for ids in each.acknowledged.values())
        return Crash(told, gone, sum(len(each.faults) for each in who))


class Restarted(NamedTuple):
    """How a daemon bore a server that was restarted under load."""

    restarts: int
    events: int
    slowest: float


def restarts(folder: Path, count: int, every: float) -> Restarted:
    """Restart a server under load while `sales work` keeps its tables; return how long it took to catch up at most."""
    with server() as pg:
        url = f"{pg.url}&schema=s{uuid4().hex}"
        create_store(url, first_actor=BOSS)[0].close()
        daemon = spawned("work", "--every", "0.05", "-q", store=url)
        slowest = 0.0
        try:
            eventually(lambda: _in_step(url), 60)
            for turn in range(count):
                lines = [lead(f"r{turn}-{n}", by=BOSS) for n in range(600)]
                applying = spawned("apply", jsonl(folder / "r.jsonl", *lines), store=url)
                time.sleep(every)
                _broken(pg) if turn % 3 == 2 else pg.restart()
                ended(applying)
                assert sales("apply", str(folder / "r.jsonl"), store=url).status == 0
                assert daemon.poll() is None, daemon.communicate()
                slowest = max(slowest, eventually(lambda: _in_step(url), 60))
        finally:
            daemon.terminate()
            daemon.wait(30)
        opened = open_store(url)
        head, kept = opened.reader.head()[0], everything(opened)
        opened.projector.rebuild(tuple(registry.VERSIONS))
        assert everything(opened) == kept
        opened.close()
        return Restarted(count, head, slowest)


def _broken(pg: Server) -> None:
    """End every client's connection."""
    with psycopg.connect(pg.url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


def _in_step(url: str) -> bool:
    opened = open_store(url)
    try:
        head = opened.reader.head()[0]
        return all(at.position == head for at in tables.standings(opened.db).values())
    finally:
        opened.close()
