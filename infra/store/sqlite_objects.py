"""The tables, indexes, triggers and views of a SQLite store, as its file's own list has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple

from infra.db.sqlite_authorizer import authorize
from infra.db.sqlite_temporary import TemporaryDatabase
from infra.event_store.sqlite_schema import TABLES
from infra.store.schema_fault import Wrong

if TYPE_CHECKING:
    from infra.db.database import Database
LISTED: Final = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'"
LATER: Final = ("projections", "tiles", "checkpoints")
"""Tables that are made when a store is first used, so that one that is only read may lack them."""


class Object(NamedTuple):
    """A row of the file's list; `sql` with its spaces made even."""

    kind: str
    name: str
    table: str
    sql: str


def wrong(db: Database, used: Mapping[str, tuple[str, int]]) -> Iterator[Wrong]:
    """Yield what is missing, changed or foreign among the store's own objects and the tables in `used`."""
    wanted, found = made(used), listed(db)
    for at, each in wanted.items():
        there = found.get(at)
        if there is None:
            if each.table not in LATER:
                yield Wrong("missing", each.kind, each.name, each.table)
        elif there != each:
            yield Wrong("changed", each.kind, each.name, each.table)
    tables = {each.table for each in wanted.values()} | {name for kind, name in wanted if kind == "view"}
    for at, each in found.items():
        if at not in wanted and each.table in tables and _acts(each):
            yield Wrong("foreign", each.kind, each.name, each.table)


def _acts(each: Object) -> bool:
    """Say whether an object changes what happens to rows: an index of somebody's own, for speed, does not."""
    return each.kind == "trigger" or (each.kind == "index" and each.sql.upper().startswith("CREATE UNIQUE"))


def listed(db: Database) -> dict[tuple[str, str], Object]:
    """Return the objects of a file, by kind and name."""
    rows = (Object(kind, name, table, " ".join((sql or "").split())) for kind, name, table, sql in db.all(LISTED))
    return {(each.kind, each.name): each for each in rows}


def made(used: Mapping[str, tuple[str, int]] | None = None) -> dict[tuple[str, str], Object]:
    """Return the objects that this program makes."""
    from infra.read_models import tables
    from infra.store import derived_tables

    with closing(TemporaryDatabase()) as db:
        db.script(TABLES)
        derived_tables.register(db)
        for name, generation in sorted(set((used or {}).values())):
            with db.transaction():
                tables.create(db, tables.unfolded(name), generation)
        return listed(db)


def mend(db: Database, found: Iterable[Wrong]) -> None:
    """Make objects of the store as they should be, in one transaction; rows of a table that is made anew stay."""
    from infra.db.sqlite import SQLiteDatabase

    assert isinstance(db, SQLiteDatabase)
    wanted = made()
    # What our own connections never do is done here, and here alone: guards are taken away to be put back.
    db.connection.set_authorizer(None)
    try:
        with db.transaction():
            for each in sorted(found, key=lambda each: each.kind != "table"):
                _mended(db, each, wanted[each.kind, each.name].sql if each.what != "foreign" else "")
    finally:
        db.connection.set_authorizer(authorize)


def _mended(db: Database, each: Wrong, sql: str) -> None:
    name = each.name.replace('"', '""')
    if each.kind == "table" and each.what == "changed":
        _anew(db, name, sql)
        return
    if each.what != "missing":
        db.run(f'DROP {each.kind.upper()} IF EXISTS "{name}"')
    if sql and (each.kind, each.name) not in listed(db):
        db.run(sql)


def _anew(db: Database, name: str, sql: str) -> None:
    """Make a table as it should be, with the rows of the one that stands there: of two with one key, the first."""
    db.run(f'ALTER TABLE "{name}" RENAME TO "{name}_before"')
    db.run(sql)
    columns = ", ".join(row[0] for row in db.all("SELECT name FROM pragma_table_info(?)", (name,)))
    db.run(f'INSERT OR IGNORE INTO "{name}" ({columns}) SELECT {columns} FROM "{name}_before"')
    db.run(f'DROP TABLE "{name}_before"')
