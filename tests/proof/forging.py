"""What somebody with all rights does to a store's derived state, each act at a place of chance; the log stays as it is.

An act returns the words by which a check must name what it did: the table, object or setting, and where there is one
the row's key.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, Final

from infra.read_models import tables
from infra.store.open import open_store
from infra.store.shadow_rebuild import Beside
from projections.read_models.registry import TABLES, VERSIONS

Words = tuple[str, ...]
FOLDED: Final = {table: name for name, held in TABLES.items() for table in held}


class Forger:
    """A connection with all rights to one store, and the dice."""

    def __init__(self, url: str, chance: Random) -> None:
        self.url, self.chance = url, chance
        self.sqlite = url.startswith("sqlite:")
        if self.sqlite:
            self.connection: Any = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        else:
            from infra.db.postgres import PostgresDatabase

            self.connection = PostgresDatabase(url)
        self.columns = keys()
        self.whole: set[str] = set()
        """The projections that are named as a whole, so that no row of theirs is looked at."""

    def run(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        if self.sqlite:
            rows: list[tuple[Any, ...]] = self.connection.execute(sql, params).fetchall()
            return rows
        if sql.startswith("SELECT"):
            return list(self.connection.all(sql, params))
        self.connection.run(sql, params)
        return []

    def real(self, table: str) -> str:
        """Return the name of a table in use."""
        if table not in FOLDED:
            return table
        ((generation,),) = self.run("SELECT generation FROM projections WHERE name = ?", FOLDED[table])
        return tables.real_name(table, generation)

    def key(self, table: str) -> tuple[str, ...]:
        return self.columns[table][0]

    def pick(self, table: str, where: str = "1 = 1") -> tuple[tuple[Any, ...], str, Words]:
        """Return a row's key, the condition that finds it, and how a check names it."""
        key = self.key(table)
        order = ", ".join(key)
        ((count,),) = self.run(f"SELECT count(*) FROM {self.real(table)} WHERE {where}")
        assert count, f"no row of {table} where {where}"
        sql = f"SELECT {order} FROM {self.real(table)} WHERE {where} ORDER BY {order} LIMIT 1 OFFSET ?"
        (row,) = self.run(sql, self.chance.randrange(count))
        place = " AND ".join(f"{column} = ?" for column in key)
        return row, place, (table, ", ".join(f"{c} {v}" for c, v in zip(key, row, strict=True))[:40])

    def change(self, table: str, column: str, to: str, where: str = "1 = 1") -> Words:
        row, place, words = self.pick(table, where)
        self.run(f"UPDATE {self.real(table)} SET {column} = {to} WHERE {place}", *row)
        return (*words, column)

    def delete(self, table: str, where: str = "1 = 1") -> Words:
        row, place, words = self.pick(table, where)
        self.run(f"DELETE FROM {self.real(table)} WHERE {place}", *row)
        return words

    def filled(self) -> list[str]:
        """Return the folded tables that hold rows."""
        return [t for t in FOLDED if self.run(f"SELECT count(*) FROM {self.real(t)}")[0][0]]

    def close(self) -> None:
        self.connection.close()


def keys() -> dict[str, tuple[tuple[str, ...], dict[str, str]]]:
    """Return the key and the other columns, with their types, of every table that is derived."""
    from importlib import import_module

    from projections.read_models.registry import HOMES

    found: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
        "claims": (("kind", "value", "n"), {"stream": "text"}),
        "keys": (("key",), {"position": "integer", "stream": "text", "count": "integer"}),
        "mentions": (("subject", "position"), {}),
    }
    for home in HOMES.values():
        for table in tables.kept(import_module(home).make(lambda subject, upto: [], None).tables):
            rest = {column: kind for column, kind in table.columns if column not in table.key}
            found[table.name] = (table.key, rest)
    return found


def amounts(f: Forger) -> Words:
    return f.change("facts", "amount", "amount * 10", "amount <> 0")


def targets(f: Forger) -> Words:
    column = f.chance.choice([c for c in f.columns["targets"][1] if c != "known_to"])
    return f.change("targets", column, f"coalesce({column}, '') || '0'")


def audit_rows(f: Forger) -> Words:
    return f.delete("audit_entries")


def owners(f: Forger) -> Words:
    return f.change("tracking", "owner", "'ma.qiao'")


def fact_owners(f: Forger) -> Words:
    return f.change("facts", "owner", "'ma.qiao'", "owner <> 'ma.qiao'")


def positions_ahead(f: Forger) -> Words:
    name = f.chance.choice([*VERSIONS])
    f.run("UPDATE projections SET position = 100000 WHERE name = ?", name)
    f.whole.add(name)
    return (name, "100000")


def a_position_behind(f: Forger) -> Words:
    f.run("UPDATE projections SET position = position / 2 WHERE name = 'audit'")
    return ("audit",)


def a_table_swapped(f: Forger) -> Words:
    real = f.real("facts")
    generation = 900 + f.chance.randrange(90)
    f.run(f"CREATE TABLE facts_{generation} AS SELECT * FROM {real} WHERE measure <> (SELECT min(measure) FROM {real})")
    f.run(f"CREATE TABLE targets_{generation} AS SELECT * FROM {f.real('targets')}")
    f.run("UPDATE projections SET generation = ? WHERE name = 'progress'", generation)
    return ("facts",)


def two_tables_renamed(f: Forger) -> Words:
    ours, other = f.real("groups_known"), f.real("persons")
    for old, new in ((ours, "a_while"), (other, ours), ("a_while", other)):
        f.run(f"ALTER TABLE {old} RENAME TO {new}")
    return ("persons",)


def keys_deleted(f: Forger) -> Words:
    return f.delete("keys")


def digests_zeroed(f: Forger) -> Words:
    return f.change("keys", "digest", "X'00'" if f.sqlite else "'\\x00'::bytea")


def a_keys_count(f: Forger) -> Words:
    return f.change("keys", "count", "count + 1")


def keys_added(f: Forger) -> Words:
    row, place, _ = f.pick("keys")
    f.run(f"INSERT INTO keys SELECT 'forged', digest, position, stream, count FROM keys WHERE {place}", *row)
    return ("keys", "key forged")


def claims_deleted(f: Forger) -> Words:
    return f.delete("claims")


def claims_of_another(f: Forger) -> Words:
    return f.change("claims", "stream", "'cus_another'")


def claims_added(f: Forger) -> Words:
    f.run("INSERT INTO claims VALUES ('contract-number', ?, 0, 'con_forged')", f"HT-{f.chance.randrange(10**6)}")
    return ("claims", "contract-number")


def mentions_deleted(f: Forger) -> Words:
    return f.delete("mentions")


def mentions_added(f: Forger) -> Words:
    f.run("INSERT INTO mentions VALUES ('cus_forged', ?)", f.chance.randrange(1, 200))
    return ("mentions", "cus_forged")


def a_policy(f: Forger) -> Words:
    return f.change("policies", "content", "'{}'")


def a_persons_role(f: Forger) -> Words:
    return f.change("persons", "role", "'director'", "role <> 'director'")


def any_column(f: Forger) -> Words:
    table = f.chance.choice([t for t in f.filled() if f.columns[t][1]])
    column, kind = f.chance.choice([*f.columns[table][1].items()])
    return f.change(
        table, column, f"coalesce({column}, 0) + 1" if kind == "integer" else f"coalesce({column}, '') || 'x'"
    )


def any_row_gone(f: Forger) -> Words:
    return f.delete(f.chance.choice(f.filled()))


def any_table_emptied(f: Forger) -> Words:
    table = f.chance.choice(f.filled())
    f.run(f"DELETE FROM {f.real(table)}")
    return (table,)


def any_row_added(f: Forger) -> Words:
    table = f.chance.choice(f.filled())
    key, rest = f.columns[table]
    row, place, _ = f.pick(table)
    moved = key[-1]
    as_text = isinstance(row[-1], str)
    new = f"{moved} || 'x'" if as_text else f"{moved} + 100000000"
    columns = [*key, *rest]
    given = [new if column == moved else column for column in columns]
    real = f.real(table)
    f.run(f"INSERT INTO {real} ({', '.join(columns)}) SELECT {', '.join(given)} FROM {real} WHERE {place}", *row)
    return (table,)


def stopped(f: Forger) -> Words:
    f.run("UPDATE projections SET stopped = position + 1, event = 'x', why = 'y' WHERE name = 'pipeline'")
    f.whole.add("pipeline")
    return ("pipeline",)


def unregistered(f: Forger) -> Words:
    f.run("DELETE FROM projections WHERE name = 'contracts'")
    return ("contracts",)


def a_table_dropped(f: Forger) -> Words:
    table = f.chance.choice(["facts", "persons", "records", "audit_named"])
    f.run(f"DROP TABLE {f.real(table)}")
    return (FOLDED[table],)


def a_tables_index(f: Forger) -> Words:
    index = f"{f.real('audit_entries')}_0"
    f.run(f"DROP INDEX {index}")
    return (index,)


def the_logs_index(f: Forger) -> Words:
    f.run("DROP INDEX log_recorded")
    return ("log_recorded",)


def an_index_that_keeps_nothing_apart(f: Forger) -> Words:
    if f.sqlite:
        f.run("DROP INDEX log_event_id")
    else:
        f.run("ALTER TABLE log DROP CONSTRAINT log_event_id")
    f.run("CREATE INDEX log_event_id ON log (event_id)")
    return ("log_event_id",)


def an_index_that_refuses(f: Forger) -> Words:
    f.run("CREATE UNIQUE INDEX mine ON mentions (position, subject)")
    return ("mine", "mentions")


def a_view(f: Forger) -> Words:
    f.run("DROP VIEW stored_events")
    if f.sqlite:
        f.run(
            "CREATE VIEW stored_events AS SELECT position AS rowid, stream AS originator_id, version AS originator_version,"
            " name AS topic, data AS state FROM log WHERE position > 1"
        )
    else:
        f.run(
            "CREATE VIEW stored_events AS SELECT position AS notification_id, stream AS originator_id,"
            " version AS originator_version, name AS topic, data AS state FROM log WHERE position > 1"
        )
    return ("stored_events",)


def a_foreign_trigger(f: Forger) -> Words:
    table = f.chance.choice(["log", "keys", "projections", "claims"])
    if f.sqlite:
        f.run(f"CREATE TRIGGER mine AFTER INSERT ON {table} BEGIN SELECT 1; END")
    else:
        f.run("CREATE OR REPLACE FUNCTION public.mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
        f.run(f"CREATE TRIGGER mine AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION public.mine()")
    return ("mine", table)


def the_guards_dropped(f: Forger) -> Words:
    guard = f.chance.choice(["log_appends", "log_keeps", "log_holds"]) if f.sqlite else "log_keeps"
    f.run(f"DROP TRIGGER {guard}" if f.sqlite else f"DROP TRIGGER {guard} ON log")
    return (guard,)


def a_guard_that_does_nothing(f: Forger) -> Words:
    if f.sqlite:
        f.run("DROP TRIGGER log_keeps")
        f.run("CREATE TRIGGER log_keeps BEFORE UPDATE ON log BEGIN SELECT 1; END")
        return ("log_keeps",)
    f.run("CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
    return ("refuse",)


def a_guard_that_sleeps(f: Forger) -> Words:
    if f.sqlite:
        return a_guard_that_does_nothing(f)
    f.run(f"ALTER TABLE log {f.chance.choice(['DISABLE', 'ENABLE', 'ENABLE REPLICA'])} TRIGGER log_keeps")
    return ("log_keeps",)


def a_loose_table(f: Forger) -> Words:
    if not f.sqlite:
        f.run("ALTER TABLE claims DROP CONSTRAINT claims_taken")
        return ("claims_taken",)
    f.run("CREATE TABLE loose AS SELECT * FROM claims")
    f.run("DROP TABLE claims")
    f.run("ALTER TABLE loose RENAME TO claims")
    return ("claims",)


def a_table_of_constraints(f: Forger) -> Words:
    table = f.chance.choice(["claims", "keys", "mentions"])
    f.run(f"DROP TABLE {table}" if f.sqlite else f"DROP TABLE {table} CASCADE")
    return ("table", table)


def a_function(f: Forger) -> Words:
    if f.sqlite:
        return the_guards_dropped(f)
    f.run(
        "DO $do$ BEGIN EXECUTE replace(pg_get_functiondef(to_regproc('append_events')),"
        " 'IF cardinality(_claim_kinds) > 0 THEN', 'IF false THEN'); END $do$"
    )
    return ("append_events",)


def an_events_roles(f: Forger) -> Words:
    if f.sqlite:
        return digests_zeroed(f)
    f.run("UPDATE acts SET roles = array_append(roles, 'rep') WHERE name = 'person.role_changed'")
    return ("acts",)


def a_rule(f: Forger) -> Words:
    if f.sqlite:
        return a_foreign_trigger(f)
    f.run("CREATE RULE mine AS ON INSERT TO keys DO INSTEAD NOTHING")
    return ("mine", "keys")


def the_heads_time(f: Forger) -> Words:
    f.run("UPDATE head SET recorded = '2099-01-01T00:00:00.000000Z'")
    return ("2099-01-01",)


MENDED: Final[tuple[Callable[[Forger], Words], ...]] = (
    amounts, targets, audit_rows, owners, fact_owners, positions_ahead, keys_deleted, digests_zeroed, a_keys_count,
    keys_added, claims_deleted, claims_of_another, claims_added, mentions_deleted, mentions_added, a_policy,
    a_persons_role, any_column, any_row_gone, any_row_added, the_logs_index, an_index_that_keeps_nothing_apart,
    an_index_that_refuses, a_view, a_foreign_trigger, the_guards_dropped, a_function, a_rule, the_heads_time,
    a_tables_index, stopped, an_events_roles,
)  # fmt: skip
"""Acts that `sales init` and `sales rebuild --constraints` put right, several of them done at once too."""

APART: Final[tuple[tuple[Callable[[Forger], Words], ...], ...]] = (
    (a_position_behind, a_table_swapped, a_guard_that_does_nothing),
    (two_tables_renamed, unregistered, a_guard_that_sleeps),
    (any_table_emptied, a_table_of_constraints),
    (a_table_dropped, a_loose_table),
)  # fmt: skip
"""Those that leave nothing of a table, or of a guard, for another to be done to; together are those at other things."""


def a_zone(f: Forger) -> Words:
    f.run("UPDATE store SET value = 'America/New_York' WHERE name = 'zone'")
    return ("zone", "America/New_York")


def a_currency(f: Forger) -> Words:
    f.run("UPDATE store SET value = 'USD' WHERE name = 'currency'")
    return ("currency", "USD")


def a_fiscal_month(f: Forger) -> Words:
    f.run("UPDATE store SET value = '4' WHERE name = 'fiscal_month'")
    return ("fiscal_month", "4")


SETTINGS: Final = (a_zone, a_currency, a_fiscal_month)


@contextmanager
def forging(url: str, seed: object) -> Iterator[Forger]:
    """Give a forger's connection to a store."""
    forger = Forger(url, Random(str(seed)))
    try:
        yield forger
    finally:
        forger.close()


def folded(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the log gives for every folded table, and what stands there, as sets of rows that differ."""
    store = open_store(url)
    beside = Beside(store.reader)
    beside.fold([*VERSIONS], store.reader.head()[0])
    apart = {}
    for name, at in tables.standings(store.db).items():
        for table in TABLES[name]:
            ours = store.db.all(f"SELECT * FROM {tables.real_name(table, at.generation)}")
            theirs = beside.db.all(f"SELECT * FROM {tables.real_name(table, 1)}")
            apart[table] = sorted(set(ours) ^ set(theirs), key=repr)
    beside.close()
    store.close()
    return {table: rows for table, rows in apart.items() if rows}
