"""`sales apply` of many lines, validated, decided and durable, against the same rows written with no program around."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from bench.measure import SALES, Row, environment, percent, ran, rate, took
from bench.stores import Bench, Thousand, head, plain, postgres, thousands
from infra.db.connect import open_database

GOAL = ">= 35 % (20 % now)"
KINDS = (
    ("log", "bigint text bigint text integer text text text text text text text text text text integer bytea".split()),
    ("keys", "text bytea bigint text integer".split()),
    ("claims", "text text integer text".split()),
    ("mentions", "text bigint".split()),
)


def on_sqlite(bench: Bench) -> Iterator[Row]:
    """Measure `sales apply` on SQLite."""
    lines = bench.events // 10
    url, small = f"sqlite:///{bench.place}/apply.db", f"sqlite:///{bench.place}/apply-small.db"
    less = ran((*SALES, "apply", str(bench.lines(lines // 5)), "-q"), environment(small))
    ours = ran((*SALES, "apply", str(bench.lines(lines)), "-q"), environment(url))
    events = head(url)
    source = open_database(url, create=False)
    rows = thousands(source)
    source.close()
    connection = plain(bench.place / "apply-floor.db", url)
    floor = took(lambda: _written(connection, rows))
    connection.close()
    bare = took(lambda: _bare(str(bench.place / "apply-bare.db"), rows))
    note = (
        f"{rate(lines, ours.seconds)} lines; peak {ours.peak:.0f} MB, {less.peak:.0f} MB for a fifth; "
        f"one bare table without an index: {rate(events, bare)}"
    )
    shown = rate(events, ours.seconds), rate(events, floor), percent(floor, ours.seconds)
    yield Row(f"`sales apply`, SQLite, {lines:,} lines, {events:,} events", *shown, GOAL, note)


def _written(connection: sqlite3.Connection, thousands: Sequence[Thousand]) -> None:
    for some in thousands:
        connection.execute("BEGIN IMMEDIATE")
        for table, rows in zip(Thousand._fields, some, strict=True):
            if rows:
                connection.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)
        connection.execute("COMMIT")


def _bare(path: str, rows: Sequence[Thousand]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    width = len(rows[0].log[0])
    connection.execute(
        f"CREATE TABLE log (position INTEGER PRIMARY KEY, {', '.join(f'c{n}' for n in range(1, width))})"
    )
    for some in rows:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO log VALUES ({','.join('?' * width)})", some.log)
        connection.execute("COMMIT")
    connection.close()


def on_postgres(bench: Bench) -> Iterator[Row]:
    """Measure `sales apply` on Postgres."""
    lines = bench.events // 10
    with postgres() as server:
        url, floor_url = f"{server}&schema=applied", f"{server}&schema=floor"
        for store in (url, floor_url):
            ran((*SALES, "init", "-q"), environment(store))
        ours = ran((*SALES, "apply", str(bench.lines(lines)), "-q"), environment(url))
        events = head(url)
        source = open_database(url, create=False)
        rows = thousands(source)
        (version,) = source.one("SHOW server_version") or ("",)
        source.close()
        floor = _unnested(floor_url, rows)
    note = f"Postgres {str(version).split()[0]}; {rate(lines, ours.seconds)} lines; peak {ours.peak:.0f} MB"
    shown = rate(events, ours.seconds), rate(events, floor), percent(floor, ours.seconds)
    yield Row(f"`sales apply`, Postgres, {lines:,} lines, {events:,} events", *shown, GOAL, note)


def _unnested(url: str, rows: Sequence[Thousand]) -> float:
    """Return the seconds of one INSERT from arrays for each thousand; the arrays' texts are made before."""
    from infra.db.postgres import PostgresDatabase

    inserts = [
        f"INSERT INTO {table} SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in kinds)})"
        for table, kinds in KINDS
    ]
    named = ", ".join(f"t{n} AS ({insert})" for n, insert in enumerate(inserts[1:]))
    sql = f"WITH {named} {inserts[0]}"
    order = (1, 2, 3, 0)
    params = [[array(column) for n in order for column in _columns(some[n], len(KINDS[n][1]))] for some in rows]
    db = PostgresDatabase(url)
    db.connection.execute("ALTER TABLE log DISABLE TRIGGER ALL")
    for table, _ in KINDS:
        db.connection.execute(f"TRUNCATE {table}")
    db.connection.execute("ALTER TABLE log ENABLE ALWAYS TRIGGER log_keeps")
    seconds = took(lambda: [db.connection.execute(sql, some) for some in params])
    db.close()
    return seconds


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> Sequence[Sequence[Any]]:
    return list(zip(*rows, strict=True)) or [()] * width


def array(values: Sequence[Any]) -> str:
    """Write values as the text of a Postgres array."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
