"""A rebuild of all tables from the log, against the raw rows, orjson and the same final rows written in batches."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.measure import SALES, Row, environment, percent, ran, rate, took
from bench.stores import Bench, Standard
from projections.read_models.registry import TABLES

BATCH = 5_000


def on_sqlite(bench: Bench) -> Iterator[Row]:
    """Measure `sales rebuild` of all tables, and its peak memory on a tenth of the events and on all."""
    tenth, whole = (bench.standard(events) for events in (bench.events // 10, bench.events))
    less, ours = (ran((*SALES, "rebuild", "-q"), environment(each.url)) for each in (tenth, whole))
    read, written = floor(whole, bench.place / "rebuild-floor.db")
    note = (
        f"peak {ours.peak:.0f} MB, {less.peak:.0f} MB on {tenth.events:,} events "
        f"({rate(tenth.events, less.seconds)}); of the floor {percent(read, read + written)} is reading"
    )
    shown = rate(whole.events, ours.seconds), rate(whole.events, read + written)
    goal = ">= 50 %, memory flat (20 % now)"
    yield Row(f"rebuild, {whole.events:,} events", *shown, percent(read + written, ours.seconds), goal, note)


def floor(store: Standard, path: Path) -> tuple[float, float]:
    """Return the seconds of reading and parsing the log's rows, and of writing the tables' rows in batches."""
    import orjson

    source = sqlite3.connect(store.url.removeprefix("sqlite:///"))

    def read() -> None:
        cursor = source.execute("SELECT * FROM log ORDER BY position")
        while rows := cursor.fetchmany(BATCH):
            for row in rows:
                orjson.loads(row[-1])

    reading = took(read)
    from infra.db.sqlite import connect

    target = connect(str(path), create=True)
    return reading, sum(_copied(source, target, table) for table in real_tables(source))


def real_tables(source: sqlite3.Connection) -> list[str]:
    """Return the names of the tables in use."""
    used = dict(source.execute("SELECT name, generation FROM projections"))
    return [f"{table}_{used[name]}" for name, tables in TABLES.items() for table in tables]


def _copied(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> float:
    """Return the seconds of writing a table's rows in the order in which the log brought them."""
    for (sql,) in source.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC", (table,)
    ).fetchall():
        target.execute(sql)
    columns = [row[1] for row in source.execute(f"PRAGMA table_info({table})")]
    order = next(
        column for column in ("known_from", "position", "number", "begun", "form", "other") if column in columns
    )
    cursor = source.execute(f"SELECT * FROM {table} ORDER BY {order}")
    insert = f"INSERT INTO {table} VALUES ({','.join('?' * len(columns))})"
    seconds = 0.0
    while rows := cursor.fetchmany(BATCH):
        seconds += took(partial(_batch, target, insert, rows))
    return seconds


def _batch(target: sqlite3.Connection, insert: str, rows: list[tuple[object, ...]]) -> None:
    target.execute("BEGIN IMMEDIATE")
    target.executemany(insert, rows)
    target.execute("COMMIT")
