"""A power cut under SQLite: a file system that keeps only what was synced, and of the rest what chance leaves.

One run of appends is recorded write by write; each seed has its run and a cut somewhere in it. What was acknowledged
before the cut must be in the file that is left.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import apsw

from infra.db import sqlite
from infra.db.connect import open_database
from infra.db.database import Database
from infra.event_store.factory import open_log
from infra.event_store.migrations import init_store
from infra.event_store.sqlite_store import write
from tests.torture.writing import batch, lost, whole

SECTOR = 512
APPENDS = 60


class Op(NamedTuple):
    """What a file was told: write, truncate, sync, delete; or `ack`, that an append was answered."""

    what: str
    file: str
    offset: int = 0
    data: Any = b""


class Disk(apsw.VFS):
    """Passes everything on to the real disk and writes down what it was told."""

    def __init__(self) -> None:
        self.told: list[Op] = []
        super().__init__("cut", "unix")

    def xOpen(self, name: Any, flags: Any) -> apsw.VFSFile:  # noqa: N802
        return File(self, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        super().xDelete(name, sync)
        self.told.append(Op("delete", Path(name).name))


class File(apsw.VFSFile):
    """One file of such a disk."""

    def __init__(self, disk: Disk, name: Any, flags: Any) -> None:
        super().__init__("unix", name, flags)
        self.disk = disk
        self.name = Path(name if isinstance(name, str) else name.filename()).name if name else ""

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self.disk.told.append(Op("write", self.name, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        self.disk.told.append(Op("truncate", self.name, size))

    def xSync(self, flags: int) -> None:  # noqa: N802
        # Not on the real disk: nothing of this run is to survive but what is written down here.
        self.disk.told.append(Op("sync", self.name))


class Cursor:
    """An apsw cursor with what our append asks of sqlite3's."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.cursor = connection.cursor()

    def execute(self, sql: str, params: Any = ()) -> Any:
        return self.cursor.execute(sql, params)

    def executemany(self, sql: str, rows: Iterable[Any]) -> Any:
        return self.cursor.executemany(sql, rows)

    def fetchone(self) -> Any:
        return self.cursor.fetchone()


def run(folder: Path, chance: random.Random, pragmas: Sequence[str]) -> list[Op]:
    """Append under the settings of `pragmas`, and return what the disk was told; acknowledgements in their place."""
    path = folder / "a.db"
    db: Database = open_database(f"sqlite:///{path}", create=True)
    init_store(db)
    db.close()
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    shutil.copy(path, folder / "before.db")
    disk = Disk()
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE, vfs="cut")
    try:
        for pragma in (
            *pragmas,
            "PRAGMA journal_mode = WAL",
            f"PRAGMA wal_autocheckpoint = {chance.choice((10, 40, 200))}",
        ):
            connection.execute(pragma).fetchall()
        version = 0
        for _ in range(APPENDS):
            made = batch("s", version, chance.randint(1, 6), chance.choice((20, 200, 5_000)))
            connection.execute("BEGIN IMMEDIATE")
            done = write(Cursor(connection), made)
            connection.execute("COMMIT")
            version += len(made.records)
            disk.told.append(Op("ack", "", done.first, [record.event_id for record in made.records]))
    finally:
        told = list(disk.told)
        connection.close()
        disk.unregister()
    return told


def left(told: Sequence[Op], chance: random.Random, before: bytes) -> dict[str, bytes]:
    """Return the files after a power cut at the end of what was told."""
    keeps = chance.choice((0.0, 0.0, 0.3, 0.7, 1.0))
    synced = {op.file: at for at, op in enumerate(told) if op.what == "sync"}
    files: dict[str, bytearray] = {"a.db": bytearray(before)}
    for at, op in enumerate(told):
        if op.what == "ack" or not op.file or op.file.endswith("-shm"):
            continue
        safe = at < synced.get(op.file, -1)
        if not safe and chance.random() >= keeps:
            continue
        file = files.setdefault(op.file, bytearray())
        if op.what == "truncate":
            del file[op.offset :]
        elif op.what == "delete":
            files.pop(op.file, None)
        elif op.what == "write":
            data = op.data
            if not safe and chance.random() < 0.2:
                data = data[: SECTOR * chance.randint(0, max(1, len(data) // SECTOR))]
            if len(file) < op.offset:
                file.extend(bytes(op.offset - len(file)))
            file[op.offset : op.offset + len(data)] = data
    return {name: bytes(content) for name, content in files.items()}


def cut(folder: Path, seed: int, pragmas: Sequence[str]) -> int:
    """Cut the power once and return how many acknowledged events are lost; the file must be whole in any case."""
    chance = random.Random(seed)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    told = run(folder, chance, pragmas)
    told = told[: chance.randint(len(told) // 10, len(told))]
    before = (folder / "before.db").read_bytes()
    for end in ("", "-wal", "-shm"):
        (folder / f"a.db{end}").unlink(missing_ok=True)
    for name, content in left(told, chance, before).items():
        (folder / name).write_bytes(content)
    log = open_log(f"sqlite:///{folder}/a.db")
    try:
        assert log.db.one("PRAGMA integrity_check") == ("ok",)
        whole(log)
        return lost(log, {op.offset: op.data for op in told if op.what == "ack"})
    finally:
        log.close()


def cuts(folder: Path, seeds: int, synchronous: str | None = None) -> int:
    """Cut the power once a seed and return at how many cuts acknowledged events were lost.

    The settings are the program's own, unless `synchronous` is weakened.
    """
    pragmas = [each for each in sqlite.PRAGMAS if not (synchronous and "synchronous" in each)]
    if synchronous:
        pragmas.append(f"PRAGMA synchronous = {synchronous}")
    return sum(cut(folder / "disk", seed, pragmas) > 0 for seed in range(seeds))
