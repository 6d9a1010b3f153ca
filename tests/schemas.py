"""Schemas of a Postgres server that tests use one after another: making a store's tables takes longer than most tests."""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest

import infra.event_store.migrations
from infra.db.database import Database
from infra.store.open import create_store
from projections.read_models.registry import VERSIONS

EMPTIED: Final = """
CREATE FUNCTION public.emptied(_schema text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    _table regclass;
BEGIN
    EXECUTE format('ALTER TABLE %I.log DISABLE TRIGGER log_keeps', _schema);
    FOR _table IN SELECT c.oid FROM pg_class c WHERE relnamespace = _schema::regnamespace AND relkind = 'r'
        AND relname NOT IN ('projections', 'head') AND pg_relation_size(c.oid) > 0
    LOOP
        EXECUTE CASE WHEN pg_relation_size(_table) > 65536 THEN 'TRUNCATE ' ELSE 'DELETE FROM ' END || _table;
    END LOOP;
    EXECUTE format('ALTER TABLE %I.log ENABLE ALWAYS TRIGGER log_keeps', _schema);
    EXECUTE format('UPDATE %I.head SET position = 0, recorded = ''''', _schema);
    EXECUTE format('UPDATE %I.projections SET position = 0', _schema);
    EXECUTE format('DROP TABLE %I.store', _schema);
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', _schema || '_keys');
END
$$
"""
# All that somebody may have changed about a schema but its rows; what belongs to none of the others is named by the first.
SHAPE: Final = """
WITH ours AS (SELECT * FROM pg_class WHERE relnamespace = (%(schema)s::text)::regnamespace)
SELECT md5(replace(string_agg(told, '|' ORDER BY told COLLATE "C"), %(schema)s::text, '')) FROM (
    SELECT concat_ws(' ', 'schema', nspacl, nspowner) FROM pg_namespace WHERE nspname = %(schema)s::text
    UNION ALL SELECT concat_ws(' ', relname, relkind, relowner, relacl, reloptions, relrowsecurity, relforcerowsecurity) FROM ours
    UNION ALL SELECT concat_ws(' ', relname, attname, atttypid, attnotnull, attacl, attcollation)
        FROM pg_attribute JOIN ours ON ours.oid = attrelid WHERE attnum > 0
    UNION ALL SELECT concat_ws(' ', relname, conname, pg_get_constraintdef(c.oid)) FROM pg_constraint c JOIN ours ON ours.oid = conrelid
    UNION ALL SELECT pg_get_indexdef(indexrelid) || indisvalid FROM pg_index JOIN ours ON ours.oid = indrelid
    UNION ALL SELECT concat_ws(' ', relname, tgname, tgenabled, tgtype) FROM pg_trigger JOIN ours ON ours.oid = tgrelid
    UNION ALL SELECT concat_ws(' ', relname, rulename, ev_type, ev_enabled, md5(replace(pg_get_ruledef(r.oid), %(schema)s::text, '')))
        FROM pg_rewrite r JOIN ours ON ours.oid = ev_class
    UNION ALL SELECT concat_ws(' ', relname, polname) FROM pg_policy JOIN ours ON ours.oid = polrelid
    UNION ALL SELECT concat_ws(' ', proname, proacl, proowner, prosecdef, proconfig, md5(replace(prosrc, %(schema)s::text, '')))
        FROM pg_proc
        WHERE pronamespace = (%(schema)s::text)::regnamespace
) AS shape(told)
"""
KEPT: Final = """SELECT to_regclass(%(schema)s::text || '.log') IS NOT NULL
    AND to_regclass(%(schema)s::text || '.store') IS NULL"""
WHOLE: Final = """SELECT bool_and(to_regclass(%(schema)s::text || name) IS NOT NULL)
    FROM unnest(ARRAY['.store', '.log', '.head', '.projections']) AS t(name)"""
STANDING: Final = "SELECT name, version, generation, stopped FROM {}.projections ORDER BY name"


class Schemas:
    """The schemas of one server: those that hold an empty store are given out again, without its settings."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._kept: psycopg.Connection | None = None
        self._run(EMPTIED)
        self._free: list[str] = []
        self._shape = self._made()

    def take(self) -> str:
        """Return the name of a schema that holds no store, as far as anybody sees."""
        return self._free.pop() if self._free else f"test_{uuid4().hex}"

    def give_back(self, schema: str) -> None:
        """Empty the store there and keep it for the next, unless somebody has changed more than its rows."""
        try:
            if self._is_as_made(schema):
                self._run("SELECT public.emptied(%(schema)s)", schema)
                self._free.append(schema)
        except psycopg.errors.LockNotAvailable:
            return  # somebody still uses it

    def is_kept(self, schema: str) -> bool:
        """Say whether a schema holds the tables of an emptied store."""
        ((kept,),) = self._run(KEPT, schema)
        return bool(kept)

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()

    def _made(self) -> str:
        schema = f"shape_{uuid4().hex}"
        store, _ = create_store(f"{self._server}&schema={schema}", first_actor=None)
        store.catch_up()
        store.close()
        return self._told(schema)

    def _is_as_made(self, schema: str) -> bool:
        ((whole,),) = self._run(WHOLE, schema)
        if not whole or self._told(schema) != self._shape:
            return False
        standing = self._run(STANDING.format(schema))
        return standing == [(name, version, 1, None) for name, version in sorted(VERSIONS.items())]

    def _told(self, schema: str) -> str:
        ((told,),) = self._run(SHAPE, schema)
        return str(told)

    def _run(self, sql: str, schema: str = "") -> list[Any]:
        """Run a statement; tests of a server that goes away end this connection too."""
        for again in (True, False):
            if self._kept is None or self._kept.closed:
                self._kept = psycopg.connect(self._server, autocommit=True, options="-c lock_timeout=1s")
            try:
                cursor = self._kept.execute(sql.encode(), {"schema": schema} if schema else None)
            except psycopg.OperationalError:
                if not (again and self._kept.closed):
                    raise
            else:
                return cursor.fetchall() if cursor.description else []
        raise AssertionError


def lend(schemas: Schemas, patch: pytest.MonkeyPatch) -> None:
    """Let a store be made in a schema that has its tables already: its settings are what is left to make, and nothing else differs."""
    made = infra.event_store.migrations._tables

    def tables(db: Database) -> tuple[str, ...]:
        every = tuple(made(db))
        kept = db.dialect == "postgres" and schemas.is_kept(getattr(db, "schema"))  # noqa: B009
        return every[:1] if kept else every

    patch.setattr(infra.event_store.migrations, "_tables", tables)
