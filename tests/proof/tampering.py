"""What somebody with all rights does to a stored log, each act at one place: by SQL with the triggers off."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

Run = Callable[..., Any]
"""A statement with `?` for parameters, run with all rights; returns its rows, if it has any."""

Act = Callable[[Run, int, int, Random], int]
"""Does its work at a position of a log that ends at another; returns the first position that is wrong then."""


def change(run: Run, position: int, last: int, chance: Random) -> int:
    run("UPDATE log SET data = ? WHERE position = ?", b'{"n":0}', position)
    return position


def delete(run: Run, position: int, last: int, chance: Random) -> int:
    run("DELETE FROM log WHERE position = ?", position)
    return position


def delete_and_close_the_gap(run: Run, position: int, last: int, chance: Random) -> int:
    run("DELETE FROM log WHERE position = ?", position)
    shift(run, position, -1)
    run("UPDATE head SET position = ?", last - 1)
    return position


def insert(run: Run, position: int, last: int, chance: Random) -> int:
    shift(run, position, 1)
    run(
        "INSERT INTO log SELECT ?, 'cus_inserted', 1, name, schema, occurred, recorded, actor, recorder, source, key,"
        " 'inserted', correlation, causation, reason, migrated, data FROM log WHERE position = ?",
        position,
        position + 1,
    )
    run("UPDATE head SET position = ?", last + 1)
    return position


def swap(run: Run, position: int, last: int, chance: Random) -> int:
    other = position % last + 1
    for at, to in ((position, -1), (other, position), (-1, other)):
        run("UPDATE log SET position = ? WHERE position = ?", to, at)
    return min(position, other)


def truncate(run: Run, position: int, last: int, chance: Random) -> int:
    run("DELETE FROM log WHERE position >= ?", position)
    run("UPDATE head SET position = ?", position - 1)
    return position


def redate(run: Run, position: int, last: int, chance: Random) -> int:
    run("UPDATE log SET occurred = '2023-12-31' WHERE position = ?", position)
    return position


def record_earlier(run: Run, position: int, last: int, chance: Random) -> int:
    run("UPDATE log SET recorded = '2020-01-01T00:00:00.000000Z' WHERE position = ?", position)
    return position


def record_later(run: Run, position: int, last: int, chance: Random) -> int:
    run("UPDATE log SET recorded = '2030-01-01T00:00:00.000000Z' WHERE position = ?", position)
    return position


def reactor(run: Run, position: int, last: int, chance: Random) -> int:
    run("UPDATE log SET actor = 'ma.qiao' WHERE position = ?", position)
    return position


def forget_the_reason(run: Run, position: int, last: int, chance: Random) -> int:
    run("UPDATE log SET reason = CASE WHEN reason IS NULL THEN '' END WHERE position = ?", position)
    return position


def rename(run: Run, position: int, last: int, chance: Random) -> int:
    run("UPDATE log SET stream = 'cus_renamed', version = 1 WHERE position = ?", position)
    return position


def shift(run: Run, position: int, by: int) -> None:
    """Renumber the events from `position` on; by way of negative numbers, which nobody has."""
    run("UPDATE log SET position = -position WHERE position >= ?", position)
    run("UPDATE log SET position = -position + ? WHERE position < 0", by)


ACTS: Final[tuple[Act, ...]] = (
    change, delete, delete_and_close_the_gap, insert, swap, truncate, redate, record_earlier, record_later, reactor,
    forget_the_reason, rename,
)  # fmt: skip
TRIGGERS: Final = ("log_appends", "log_keeps", "log_holds")


@contextmanager
def with_all_rights(url: str) -> Iterator[Run]:
    """Give a way to run anything on the store at `url`, with its triggers off."""
    if url.startswith("sqlite:"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for trigger in TRIGGERS:
            connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        yield lambda sql, *params: connection.execute(sql, params).fetchall()
        connection.close()
        return
    from infra.db.postgres import PostgresDatabase

    db = PostgresDatabase(url)
    db.run("ALTER TABLE log DISABLE TRIGGER ALL")
    yield lambda sql, *params: db.all(sql, params) if sql.startswith("SELECT") else db.run(sql, params)
    db.close()


TABLES: Final = ("log", "head", "tiles", "checkpoints")


class Copy:
    """The store as it is, to be put back: what an old backup is."""

    def __init__(self, url: str) -> None:
        self.url = url
        if url.startswith("sqlite:"):
            self.path = Path(url.removeprefix("sqlite:///"))
            self.bytes = self.path.read_bytes()
        else:
            with with_all_rights(url) as run:
                for table in TABLES:
                    run(f"DROP TABLE IF EXISTS old_{table}")
                    run(f"CREATE TABLE old_{table} AS SELECT * FROM {table}")

    def restore(self) -> None:
        if self.url.startswith("sqlite:"):
            for suffix in ("-wal", "-shm"):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)
            self.path.write_bytes(self.bytes)
            return
        with with_all_rights(self.url) as run:
            for table in TABLES:
                run(f"DELETE FROM {table}")
                run(f"INSERT INTO {table} SELECT * FROM old_{table}")
