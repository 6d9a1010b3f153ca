"""The tables of the projections in a store: how they are made, found, filled and swapped.

Each projection's tables carry a generation in their names; a rebuild fills the next generation beside the one in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from infra.access.session_role import guards
from infra.errors.problem import Problem
from projections.engine import json
from projections.engine.projection import OPEN, ChangeSet, Projection, Table

if TYPE_CHECKING:
    from hashlib import blake2b

    from infra.db.database import Database

REGISTER: Final = {
    "sqlite": """CREATE TABLE IF NOT EXISTS projections (name TEXT PRIMARY KEY, version INTEGER NOT NULL,
        generation INTEGER NOT NULL, position INTEGER NOT NULL, stopped INTEGER, event TEXT, why TEXT) STRICT""",
    "postgres": """CREATE TABLE IF NOT EXISTS projections (name text PRIMARY KEY, version bigint NOT NULL,
        generation bigint NOT NULL, position bigint NOT NULL, stopped bigint, event text, why text)""",
}
TYPES: Final = {
    "sqlite": {"text": "TEXT", "integer": "INTEGER"},
    "postgres": {"text": 'text COLLATE "C"', "integer": "bigint"},
}


class ReadModelCheckpoint(NamedTuple):
    """Where a projection is: the last position folded, and the event that stopped it, if one did."""

    name: str
    version: int
    generation: int
    position: int
    stopped: int | None
    event: str | None
    why: str | None


def unfolded(name: str) -> Projection:
    """Return a projection that folds no log: for the tables that it declares."""
    from projections.read_models.registry import HOMES

    projection: Projection = import_module(HOMES[name]).make(lambda subject, upto: [], None)
    return projection


def hold_register(db: Database) -> None:
    """Let nobody else enter a projection until the transaction that is open ends."""
    if db.dialect == "postgres":  # a transaction of SQLite keeps all others out anyway
        db.run("LOCK TABLE projections IN SHARE ROW EXCLUSIVE MODE")


def standings(db: Database) -> dict[str, ReadModelCheckpoint]:
    """Return where each projection is."""
    columns = ", ".join(ReadModelCheckpoint._fields)
    return {
        row[0]: ReadModelCheckpoint._make(row) for row in db.all(f"SELECT {columns} FROM projections ORDER BY name")
    }


def position(db: Database, name: str) -> int:
    """Return how far a projection is folded, 0 if it is not entered."""
    row = db.one("SELECT position FROM projections WHERE name = ?", (name,))
    return row[0] if row else 0


def enter(db: Database, name: str, version: int) -> None:
    """Enter a projection into the register: its first generation, with nothing folded."""
    first = (name, version, 1, 0)
    db.run("INSERT INTO projections (name, version, generation, position) VALUES (?, ?, ?, ?)", first)


def locked(db: Database, name: str) -> int:
    """Return the generation in use, which stays so until the transaction ends."""
    row = db.one(f"SELECT generation FROM projections WHERE name = ?{_lock(db)}", (name,))
    return row[0] if row else 0


def holds(db: Database, standing: ReadModelCheckpoint) -> bool:
    """Say whether a projection is where it was, and keep it there until the transaction ends."""
    sql = f"SELECT generation, position FROM projections WHERE name = ? AND stopped IS NULL{_lock(db)}"
    return db.one(sql, (standing.name,)) == (standing.generation, standing.position)


def _lock(db: Database) -> str:
    return " FOR UPDATE" if db.dialect == "postgres" else ""


def note(db: Database, standing: ReadModelCheckpoint) -> None:
    """Note how far a projection is, and what stopped it."""
    db.run(
        "UPDATE projections SET position = ?, stopped = ?, event = ?, why = ? WHERE name = ?",
        (standing.position, standing.stopped, standing.event, standing.why, standing.name),
    )


def swap_in(db: Database, standing: ReadModelCheckpoint) -> None:
    """Note the version and the generation of a projection too, which is the one in use from now on."""
    note(db, standing)
    db.run(
        "UPDATE projections SET version = ?, generation = ? WHERE name = ?",
        (standing.version, standing.generation, standing.name),
    )


def real_name(table: str, generation: int) -> str:
    """Return the name of a table's generation in the store."""
    return f"{table}_{generation}"


def create(db: Database, projection: Projection, generation: int) -> None:
    """Make the tables of a generation, anew if a rebuild that was broken off has left some."""
    tail = "STRICT, WITHOUT ROWID" if db.dialect == "sqlite" else ""
    types, statements, made = TYPES[db.dialect], list[str](), dict[str, str]()
    for table in kept(projection.tables):
        name = made[table.name] = real_name(table.name, generation)
        columns = ", ".join(f"{column} {types[kind]}" for column, kind in table.columns)
        statements += (
            f"DROP TABLE IF EXISTS {name}",
            f"CREATE TABLE {name} ({columns}, PRIMARY KEY ({', '.join(table.key)})) {tail}",
            *(f"CREATE INDEX {name}_{n} ON {name} ({', '.join(index)})" for n, index in enumerate(table.indexes)),
        )
    db.script((*statements, *guards(db, made)))


def once_of(table: Table) -> Table:
    """Return the table of the values that `table` keeps apart."""
    subject, *_ = table.columns
    values = tuple(column for column in table.columns if column[0] in table.once)
    return Table(f"{table.name}_once", (subject, ("once", "integer"), *values), (subject[0], "once"))


def kept(tables: Iterable[Table]) -> Iterator[Table]:
    """Yield the tables of which the store's are made: with values kept apart, `table` is two of them."""
    for table in tables:
        if table.once:
            left = tuple(column for column in table.columns if column[0] not in table.once)
            yield table._replace(columns=(*left, ("once", "integer")))
            yield once_of(table)
        else:
            yield table


def generations(db: Database, tables: Iterable[Table]) -> list[int]:
    """Return the generations of which there are tables, those of rebuilds that were broken off included."""
    listed = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
        "postgres": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
    }
    ours = {table.name for table in kept(tables)}
    parts = (row[0].rpartition("_") for row in db.all(listed[db.dialect]))
    return sorted({int(number) for name, _, number in parts if name in ours and number.isdecimal()})


def drop(db: Database, tables: Iterable[Table], generation: int) -> None:
    """Drop the tables of a generation."""
    for table in kept(tables):
        db.run(f"DROP TABLE IF EXISTS {real_name(table.name, generation)}")


def settle(db: Database) -> None:
    """Leave nothing of dropped tables in the journal of a SQLite file; their pages are overwritten already."""
    if db.dialect == "sqlite":
        db.all("PRAGMA wal_checkpoint(TRUNCATE)")


def in_use(db: Database, names: Iterable[str]) -> dict[str, str]:
    """Return the real name of each table of these projections. Raises Problem if one can't be asked."""
    from projections.read_models.registry import TABLES, VERSIONS

    standing = standings(db)
    real = {}
    for name in names:
        at = standing[name]
        if at.version > VERSIONS[name]:
            raise Problem("store.too_new", version=at.version, newest=VERSIONS[name])
        if at.stopped is not None:
            facts = {"position": at.stopped, "event": at.event, "why": at.why}
            raise Problem("projection.stopped", projection=name, **facts)
        real.update({table: real_name(table, at.generation) for table in TABLES[name]})
    return real


def hold(db: Database, names: Iterable[str]) -> None:
    """See to it that nobody drops these tables while the open snapshot lasts. Raises StoreSwapped if one is gone."""
    if db.dialect == "postgres":  # a snapshot of SQLite keeps them by itself
        db.run(f"LOCK TABLE {', '.join(names)} IN ACCESS SHARE MODE")


def write(db: Database, tables: Iterable[Table], generation: int, writes: ChangeSet) -> None:
    """Write what a batch changes, in the transaction that is open."""
    for table in tables:
        name = real_name(table.name, generation)
        columns = [column for column, _ in table.columns]
        rows: list[Sequence[Any]] = [*writes.added.get(table.name, {}).values(), *writes.plain.get(table.name, ())]
        if rows and table.once:
            columns, rows = _apart(db, table, generation, rows)
        if rows:
            db.insert(name, columns, rows)
        closed = writes.closed.get(table.name)
        if closed:
            place = " AND ".join(f"{column} = ?" for column in table.closes)
            sql = f"UPDATE {name} SET known_to = ? WHERE {place} AND known_to = {OPEN} AND known_from < ?"
            db.many(sql, [(*row, row[0]) for row in closed])


def _apart(
    db: Database, table: Table, generation: int, rows: Iterable[Sequence[Any]]
) -> tuple[list[str], list[Sequence[Any]]]:
    """Write what the rows keep apart; return the columns and values that are left of them."""
    from hashlib import blake2b  # who only reads makes no number

    names = [column for column, _ in table.columns]
    apart = itemgetter(*map(names.index, table.once))
    left = [name for name in names if name not in table.once]
    rest = itemgetter(*map(names.index, left))
    numbers: dict[tuple[Any, ...], int] = {}
    written: list[Sequence[Any]] = []
    for row in rows:
        values = (row[0], *apart(row))
        number = numbers.get(values)
        if number is None:
            number = numbers[values] = _number(values, blake2b)
        written.append((*rest(row), number))
    marks = ", ".join("?" * (len(table.once) + 2))
    sql = f"INSERT INTO {real_name(once_of(table).name, generation)} VALUES ({marks}) ON CONFLICT DO NOTHING"
    db.many(sql, [(values[0], number, *values[1:]) for values, number in numbers.items()])
    return [*left, "once"], written


def _number(values: Sequence[Any], digest: type[blake2b]) -> int:
    return int.from_bytes(digest(json.encode(values).encode(), digest_size=8).digest(), signed=True)
