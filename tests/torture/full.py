"""A disk without room: a small one is filled up; what was answered stays, and work goes on when there is room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from infra.event_store.factory import open_log
from infra.store.open import create_store
from tests.faults.running import BOSS, jsonl, sales
from tests.given import lead
from tests.torture.server import Server, server, small_disk
from tests.torture.writing import eventually, whole

LINES = 6_000


class Filled(NamedTuple):
    """What happened on a full disk: answered lines, those lost, and how the end was told."""

    answered: int
    lost: int
    code: str


def sqlite(folder: Path, lines: int = LINES, room: int = 4) -> Filled | None:
    """Fill a disk that has `room` MiB left with a SQLite store; None where no small disk can be had."""
    with small_disk(64) as disk:
        if disk is None:
            return None
        ballast = disk / "ballast"
        ballast.write_bytes(bytes((64 - room) << 20))
        return _filled(f"sqlite:///{disk}/a.db", folder, ballast.unlink, lines)


def postgres(folder: Path) -> Filled | None:
    """Fill the disk of a Postgres server, which ends where its own log finds no room, and is then started again."""
    with small_disk(88) as disk:
        if disk is None:
            return None
        with server(disk) as pg:
            url = f"{pg.url}&schema=s{uuid4().hex}"
            create_store(url, first_actor=BOSS)[0].close()
            free = _free(disk)
            ballast = disk / "ballast"
            ballast.write_bytes(bytes(max(free - (4 << 20), 0)))

            def make_room() -> None:
                ballast.unlink()
                assert pg.process is not None
                if pg.process.poll() is not None:
                    pg.start()
                pg.ready()
                eventually(lambda: _writable(pg), 60)

            return _filled(url, folder, make_room, LINES)


def _free(disk: Path) -> int:
    import shutil

    return shutil.disk_usage(disk).free


def _writable(pg: Server) -> bool:
    import psycopg

    try:
        with psycopg.connect(pg.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS public.room (x int)")
    except psycopg.Error:
        return False
    return True


def _filled(url: str, folder: Path, make_room: Callable[[], None], lines: int) -> Filled:
    """Record until there is no room, make room, and record the rest: each line once."""
    create_store(url, first_actor=BOSS)[0].close()
    path = jsonl(folder / "full.jsonl", *(lead(f"l{n}", by=BOSS, need="很多需求" * 60) for n in range(lines)))
    done = sales("apply", path, store=url)
    assert done.status == 7, (done.status, done.err)
    assert done.code in ("store.full", "store.unreachable", "store.busy", "store.uncertain"), done.code
    assert set(done.codes) <= {"recorded"}
    make_room()
    log = open_log(url)
    have = {record.key: record.position for record in whole(log) if record.key}
    lost = sum(have.get(f"l{said['line'] - 1}") != said["position"] for said in done.lines)
    log.close()
    again = sales("apply", path, store=url)
    assert again.status == 0, (again.status, again.err)
    log = open_log(url)
    keys = [record.key for record in whole(log) if record.key]
    log.close()
    assert sorted(keys) == sorted(f"l{n}" for n in range(lines))
    assert sales("tracking", store=url).status == 0
    return Filled(len(done.lines), lost, done.code)
