"""The indexes, triggers, functions, the view and the row security of a store on Postgres, as the server's catalogue has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from infra.access.postgres_event_rules import Act, Form, acts, forms
from infra.access.postgres_names import of_store
from infra.event_store.postgres_schema import VIEW, tables
from infra.store.postgres_roles import READ_BY_ROW, statements
from infra.store.schema_fault import Wrong
from projections.engine import json

if TYPE_CHECKING:
    from infra.db.database import Database
Index = tuple[bool, tuple[str, ...]]
"""Whether it keeps values apart, and its columns."""

BASE: Final[Mapping[str, Mapping[str, Index]]] = {
    "log": {
        "log_pkey": (True, ("position",)),
        "log_version": (True, ("stream", "version")),
        "log_event_id": (True, ("event_id",)),
        "log_recorded": (False, ("recorded", "position")),
    },
    "store": {"store_pkey": (True, ("name",))},
    "head": {"head_pkey": (True, ("one",))},
    "claims": {"claims_taken": (True, ("kind", "value", "n"))},
    "keys": {"keys_taken": (True, ("key",))},
    "mentions": {"mentions_pkey": (True, ("subject", "position"))},
    "logins": {"logins_pkey": (True, ("login",))},
    "acts": {"acts_pkey": (True, ("name",))},
    "fields": {"fields_pkey": (True, ("event", "field"))},
    "projections": {"projections_pkey": (True, ("name",))},
    "tiles": {"tiles_pkey": (True, ("level", "number"))},
    "checkpoints": {"checkpoints_pkey": (True, ("size", "made"))},
}
"""The indexes of the tables that are not folded; all but log_recorded stand for a constraint."""
LATER: Final = ("projections", "tiles", "checkpoints", "logins", "acts", "fields")
CONSTRAINED: Final = ("log_version", "log_event_id")
GUARD: Final = "log_keeps"

INDEXES: Final = """
SELECT t.relname::text, c.relname::text, i.indisunique, i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL,
    (SELECT string_agg(a.attname::text, ',' ORDER BY k.n) FROM unnest(i.indkey::int[]) WITH ORDINALITY AS k(att, n)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.att)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relnamespace = current_schema()::regnamespace ORDER BY 1, 2
"""
TRIGGERS: Final = """
SELECT c.relname::text, g.tgname::text, g.tgenabled::text, g.tgtype::int, p.proname::text, g.tgqual IS NULL
FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_proc p ON p.oid = g.tgfoid
WHERE c.relnamespace = current_schema()::regnamespace AND NOT g.tgisinternal
UNION ALL
SELECT c.relname::text, r.rulename::text, 'rule', 0, '', true FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = current_schema()::regnamespace AND r.rulename <> '_RETURN'
ORDER BY 1, 2
"""
REFUSING: Final = ("A", 2 + 8 + 16 + 32, "refuse", True)
"""Of the log's trigger: always on, before each statement of UPDATE, DELETE or TRUNCATE, and what it calls."""
FUNCTIONS: Final = """
SELECT proname::text, prosrc, prosecdef FROM pg_proc WHERE pronamespace = current_schema()::regnamespace ORDER BY 1
"""
TABLES: Final = """
SELECT relname::text, relrowsecurity FROM pg_class WHERE relnamespace = current_schema()::regnamespace
AND relkind IN ('r', 'p') ORDER BY 1
"""
POLICIES: Final = """
SELECT c.relname::text, p.polname::text, p.polcmd::text, p.polpermissive,
    (SELECT string_agg(r::regrole::text, ',' ORDER BY r::regrole::text) FROM unnest(p.polroles) AS r)
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = current_schema()::regnamespace ORDER BY 1, 2
"""


def wrong(db: Database, used: Mapping[str, tuple[str, int]]) -> Iterator[Wrong]:
    """Yield what is missing, changed or foreign among the store's own objects and the tables in `used`."""
    there: dict[str, bool] = dict(db.all(TABLES))
    yield from _tables(there, used)
    yield from _indexes(db, there, used)
    yield from _triggers(db, {*BASE, *used, "stored_events"})
    yield from _functions(db)
    yield from _view(db)
    yield from _rows(db, there, used)
    yield from _events_known(db, there)


def _tables(there: Mapping[str, bool], used: Mapping[str, tuple[str, int]]) -> Iterator[Wrong]:
    for table in (*BASE, *used):
        if table not in there and table not in LATER:
            yield Wrong("missing", "table", table, table)


def indexes(used: Mapping[str, tuple[str, int]]) -> dict[str, Mapping[str, Index]]:
    """Return the indexes of each table, as this program makes them."""
    from infra.read_models.tables import kept, unfolded

    found = dict(BASE)
    for name, generation in sorted(set(used.values())):
        for table in kept(unfolded(name).tables):
            real = f"{table.name}_{generation}"
            more = {f"{real}_{n}": (False, tuple(columns)) for n, columns in enumerate(table.indexes)}
            found[real] = {f"{real}_pkey": (True, table.key), **more}
    return found


def _indexes(db: Database, there: Mapping[str, bool], used: Mapping[str, tuple[str, int]]) -> Iterator[Wrong]:
    wanted = indexes(used)
    found: dict[str, dict[str, tuple[Index, bool]]] = {}
    for table, name, unique, plain, columns in db.all(INDEXES):
        found.setdefault(table, {})[name] = ((unique, tuple(str(columns or "").split(","))), plain)
    for table in wanted.keys() & there.keys():
        have = found.get(table, {})
        for name, index in wanted[table].items():
            if name not in have:
                yield Wrong("missing", "index", name, table)
            elif have[name] != (index, True):
                yield Wrong("changed", "index", name, table)
        for name in have.keys() - wanted[table].keys():
            if have[name][0][0]:  # what only makes questions quicker is whose it may be
                yield Wrong("foreign", "index", name, table)


def _triggers(db: Database, ours: set[str]) -> Iterator[Wrong]:
    guarded = False
    for table, name, *rest in db.all(TRIGGERS):
        if (table, name) == ("log", GUARD):
            guarded = True
            if tuple(rest) != REFUSING:
                yield Wrong("changed", "trigger", name, table)
        elif table in ours:
            yield Wrong("foreign", "rule" if rest[0] == "rule" else "trigger", name, table)
    if not guarded:
        yield Wrong("missing", "trigger", GUARD, "log")


def functions(db: Database) -> dict[str, str]:
    """Return the bodies of the store's functions, as the statements of this program have them."""
    schema, to = _schema(db), of_store(db)
    made = [*tables(schema), *(statements(db, schema, to) if to else ())]
    found = (re.search(r"FUNCTION\s+(?:\w+\.)?(\w+)\s*\(.*?AS \$\$(.*)\$\$", sql, re.DOTALL) for sql in made)
    return {each[1]: each[2] for each in found if each}


def _functions(db: Database) -> Iterator[Wrong]:
    there = {name: (body, definer) for name, body, definer in db.all(FUNCTIONS)}
    for name, body in functions(db).items():
        if name not in there:
            yield Wrong("missing", "function", name, "log")
        elif there[name][0] != body:
            yield Wrong("changed", "function", name, "log")


def _view(db: Database) -> Iterator[Wrong]:
    row = db.one("SELECT pg_get_viewdef(to_regclass(current_schema() || '.stored_events'))")
    if row is None or row[0] is None:
        yield Wrong("missing", "view", "stored_events", "log")
    elif _plain(row[0], _schema(db)) != _plain(VIEW.partition(" AS")[2], _schema(db)):
        yield Wrong("changed", "view", "stored_events", "log")


def _plain(sql: str, schema: str) -> str:
    """Return a question without what each version of the server writes in its own way."""
    return re.sub(rf'[\s";]|\b{schema}\.|\blog\.', "", sql).lower()


def _rows(db: Database, there: Mapping[str, bool], used: Mapping[str, tuple[str, int]]) -> Iterator[Wrong]:
    to = of_store(db)
    if to is None:
        return
    found: dict[str, set[tuple[str, str, bool, str]]] = {}
    for table, name, *rest in db.all(POLICIES):
        found.setdefault(table, set()).add((name, rest[0], rest[1], str(rest[2]).replace('"', "")))
    reading = ",".join(sorted((to.reader, to.writer)))
    for table, guarded in there.items():
        if table not in used and table not in READ_BY_ROW:
            continue
        wanted = {("sees", "r", True, reading), ("serves", "r", True, to.owner)}
        if table not in used:
            wanted.add(("decides", "r", True, to.projector))
        have = found.get(table, set())
        if not guarded or wanted - have:
            yield Wrong("changed" if guarded else "missing", "row security", table, table)
        for foreign, *_ in have - wanted:
            if foreign not in {each[0] for each in wanted}:
                yield Wrong("foreign", "row policy", foreign, table)


def _events_known(db: Database, there: Mapping[str, bool]) -> Iterator[Wrong]:
    """Yield the tables that tell the append function of other events, fields or roles than the program's."""
    if of_store(db) is None:
        return
    for table, columns, made in (("acts", Act._fields, acts()), ("fields", Form._fields, forms())):
        wanted = {tuple(map(_written, row)) for row in made}
        rows = db.all(f"SELECT {', '.join(columns)} FROM {table}") if table in there else []
        if {tuple(map(_written, row)) for row in rows} != wanted:
            yield Wrong("changed" if table in there else "missing", "table", table, table)


def _written(value: object) -> str:
    """Return a value of such a table as it can be compared: JSON without regard to how it is spelled."""
    if isinstance(value, str) and value.startswith("{"):
        value = json.loads(value)
    return json.dumps(dict(sorted(value.items()))).decode() if isinstance(value, dict) else repr(value)


def _schema(db: Database) -> str:
    row = db.one("SELECT current_schema()")
    return str(row[0]) if row else ""


def mend(db: Database, found: Iterable[Wrong]) -> None:
    """Make objects of the store as they should be, in one transaction, as a login that may own what it protects."""
    with db.transaction():
        for each in found:
            db.script(_mends(db, each))


def _mends(db: Database, each: Wrong) -> Iterator[str]:
    schema = _schema(db)
    made = tables(schema)
    table, name = (f'"{part}"' for part in (each.table, each.name))
    if each.kind in ("trigger", "rule", "row policy"):
        if each.what != "missing":
            yield f"DROP {each.kind.split()[-1].upper()} IF EXISTS {name} ON {table}"
        if each.kind == "trigger" and each.name == GUARD and each.table == "log":
            yield from (sql for sql in made if GUARD in sql)
    elif each.kind == "table":
        yield from (sql for sql in made if re.match(rf"\s*CREATE TABLE {each.name}\b", sql))
    elif each.kind == "index":
        yield from _index(each, made)
    elif each.kind == "function":
        pattern = re.compile(rf"\s*CREATE OR REPLACE FUNCTION\s+(?:\w+\.)?{each.name}\s*\(")
        yield from (sql for sql in _replacing(made) if pattern.match(sql))
    elif each.kind == "view":
        yield "DROP VIEW IF EXISTS stored_events"
        yield VIEW


def _replacing(made: Iterable[str]) -> Iterator[str]:
    return (re.sub(r"CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", sql) for sql in made)


def _index(each: Wrong, made: Iterable[str]) -> Iterator[str]:
    """Yield what makes an index anew; one that stands for a constraint is made by it."""
    if each.what != "missing":
        yield f'ALTER TABLE "{each.table}" DROP CONSTRAINT IF EXISTS "{each.name}"'
        yield f'DROP INDEX IF EXISTS "{each.name}"'
    if each.what == "foreign":
        return
    unique, columns = BASE[each.table][each.name]
    listed = ", ".join(columns)
    if unique:
        kind = "UNIQUE" if each.name in CONSTRAINED else "PRIMARY KEY"
        yield f"ALTER TABLE {each.table} ADD CONSTRAINT {each.name} {kind} ({listed})"
    else:
        yield f"CREATE INDEX {each.name} ON {each.table} ({listed})"
