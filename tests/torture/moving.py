"""A log that moves: by each way of backup there is, and from store to store and back; the same rows and tables."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

from infra.store.backup import COPIED, every
from infra.store.open import open_store
from projections.read_models import registry
from tests.faults.running import jsonl, sales
from tests.torture.killing import everything, history
from tests.torture.server import Server

WAYS = ("sales backup", "file copy", "VACUUM INTO", ".dump", "export")


def rows(url: str) -> dict[str, list[Any]]:
    """Return every row that is not folded from the log; of the store's own settings those that move."""
    opened = open_store(url)
    opened.catch_up(asked=registry.ON_DEMAND)
    found = {table: list(every(opened.db, table, columns)) for table, columns in COPIED.items()}
    found["store"] = [row for row in found["store"] if row[0] in ("zone", "currency", "fiscal_month", "calendar")]
    tables = everything(opened)
    opened.close()
    return {**found, **tables}


def filled(url: str, folder: Path, count: int = 60) -> dict[str, list[Any]]:
    """Make a store with a history and return its rows."""
    assert sales("apply", jsonl(folder / "h.jsonl", *history(count)), store=url).status == 0
    return rows(url)


def moved(url: str, folder: Path, way: str) -> str:
    """Move a SQLite store by one way and return the address of the copy."""
    source, target = Path(url.removeprefix("sqlite:///")), folder / f"{uuid4().hex}.db"
    other = f"sqlite:///{target}"
    if way == "sales backup":
        return backed_up(url, other, folder)
    if way == "export":
        return exported(url, other, folder)
    with sqlite3.connect(source) as connection:
        if way == "file copy":
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy(source, target)
        elif way == "VACUUM INTO":
            connection.execute("VACUUM INTO ?", (str(target),))
        else:
            with sqlite3.connect(target) as copy:
                copy.executescript("\n".join(connection.iterdump()))
            copy.close()
    connection.close()
    return other


def backed_up(url: str, other: str, folder: Path) -> str:
    """Move a store with sales backup and sales restore."""
    file = folder / f"{uuid4().hex}.backup"
    for words, store in ((("backup", str(file)), url), (("restore", str(file)), other)):
        done = sales(*words, store=store, XDG_DATA_HOME=str(folder / "data"))
        assert done.status == 0, done.err
    return other


def exported(url: str, other: str, folder: Path) -> str:
    """Move a store as an exported log."""
    file = folder / f"{uuid4().hex}.jsonl"
    assert sales("export", "--out", str(file), store=url).status == 0
    assert sales("import", "log", str(file), store=other).status == 0
    return other


def dumped(pg: Server, url: str, schema: str) -> str:
    """Move a schema with pg_dump and psql into another database, and return the address of the copy."""
    import psycopg

    name = f"d{uuid4().hex}"
    with psycopg.connect(pg.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    other = pg.url.replace("/postgres?", f"/{name}?")
    dump = subprocess.run([pg.programs / "pg_dump", "-n", schema, pg.url], capture_output=True, check=True).stdout
    subprocess.run(
        [pg.programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", other], input=dump, check=True, capture_output=True
    )
    return f"{other}&schema={schema}"
