"""Roles, privileges and row level security of a store on Postgres, as `sales init` makes them; done again, it changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from domain.kernel.rights import ASSIGNING, LEADERS, MAKING_DIRECTORS, SYSTEM, roles
from infra.access.postgres_append_checks import ALLOWED
from infra.access.postgres_event_rules import ACTS, FIELDS, Act, Form, acts, forms
from infra.access.postgres_logins import LOGINS, signed
from infra.access.postgres_names import LONGEST, Roles, may_make_roles, named, of_store
from infra.access.postgres_row_security import SIGHT, derived, policies
from infra.crypto.postgres_key_grants import share
from infra.event_store.postgres_decision_reads import DECIDING
from infra.event_store.postgres_schema import APPEND, VERSION_CONFLICT

if TYPE_CHECKING:
    from infra.db.database import Database

LOG: Final = ("log", "head", "claims", "keys", "mentions", "store", "logins", "acts", "fields")
REGISTER: Final = ("projections", "tiles", "checkpoints")
READ_BY_ROW: Final = ("log", "claims", "keys", "mentions")
"""The tables of LOG in which each group sees its own rows; so it does in all that are folded."""
INNER: Final = frozenset(("refuse", "signed", "allowed", "told", "standing_of", "owners_of", "unseen"))
"""The functions that only others of the store call."""
FOR_DECISIONS: Final = frozenset(("append_events", "recorded_of", "holders_of", "keyed_of", "naming_of", "placed_at"))


STATE: Final = """
SELECT 'table ' || relname, concat(relowner::regrole, relacl, relrowsecurity) FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v')
UNION ALL SELECT 'function ' || proname, concat(proowner::regrole, proacl, prosecdef, proconfig, prosrc) FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace
UNION ALL SELECT 'policy ' || polname || ' of ' || relname, concat(polroles, pg_get_expr(polqual, polrelid)) FROM pg_policy
    JOIN pg_class c ON c.oid = polrelid WHERE relnamespace = current_schema()::regnamespace
"""


def protect(db: Database, schema: str, changed: list[str] | None = None) -> Roles | None:
    """Give the store in `schema` its roles, in one transaction; None, and nothing is changed, where that is not ours to do.

    What was changed about tables, functions, policies and known events is added to `changed`, in the order of the names.
    """
    if not may_make_roles(db):
        return of_store(db)
    with db.transaction():
        db.one("SELECT pg_advisory_xact_lock(hashtext('salestrail.roles'))")
        before = _state(db)
        found = of_store(db) or _made(db, schema)
        db.script(statements(db, schema, found))
        _know(db)
        after = _state(db)
        if changed is not None:
            changed += sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    share(db, found)
    return found


def _state(db: Database) -> dict[str, str]:
    """Return how each table, function and policy of the store is protected, and each event is known."""
    state: dict[str, str] = dict(db.all(STATE))
    if db.one("SELECT to_regclass('acts') IS NOT NULL AND to_regclass('fields') IS NOT NULL") == (True,):
        fields = "(SELECT string_agg(f::text, ' ' ORDER BY field) FROM fields f WHERE f.event = a.name)"
        state.update(db.all(f"SELECT 'event ' || name, concat(a::text, {fields}) FROM acts a"))
    return state


def _know(db: Database) -> None:
    """Write what the domain says of its events into the tables that the append function asks."""
    for table, columns, rows in (("acts", Act._fields, acts()), ("fields", Form._fields, forms())):
        db.run(f"DELETE FROM {table}")
        db.insert(table, columns, list(rows))
        db.run(f"ANALYZE {table}")


def _made(db: Database, schema: str) -> Roles:
    """Make the four roles; where another database has taken their names, this one's name stands before them."""
    row = db.one("SELECT current_database(), rolsuper FROM pg_roles WHERE rolname = current_user")
    assert row is not None
    database, superuser = row
    ours = f"salestrail: {schema} of {database}"
    there: dict[str, str | None] = {}
    for prefix in (schema, re.sub(r"\W", "_", f"{database}_{schema}".lower())):
        found = named(prefix if len(prefix) <= LONGEST else f"{prefix[: LONGEST - 9]}_{_digest(db, prefix)}")
        sql = "SELECT rolname, shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = ANY(?)"
        there = dict(db.all(sql, ([*found],)))
        if all(said == ours for said in there.values()):
            break
    for role in found:
        if role not in there:
            db.run(f"CREATE ROLE {role} NOLOGIN")
            db.run(f"COMMENT ON ROLE {role} IS '{ours.replace(chr(39), chr(39) * 2)}'")
    if not superuser:
        db.run(f"GRANT {found.owner}, {found.projector} TO CURRENT_USER")
    return found


def _digest(db: Database, text: str) -> str:
    row = db.one("SELECT left(md5(?), 8)", (text,))
    return str(row[0]) if row else ""


def statements(db: Database, schema: str, to: Roles) -> Iterator[str]:
    """Yield what gives the store in `schema` its roles, functions, privileges and row level security."""
    everybody = f"{to.writer}, {to.reader}, {to.projector}"
    yield LOGINS
    yield signed(schema)
    yield APPEND.format(schema=schema)
    names = {
        "schema": schema,
        "owner": to.owner,
        "projector": to.projector,
        "whole": _listed(roles("read everything")),
        "leaders": _listed(LEADERS),
        "directing": _listed(roles(MAKING_DIRECTORS)),
        "assigning": _listed(roles(ASSIGNING)),
        "system": SYSTEM,
        "conflict": VERSION_CONFLICT,
    }
    yield from (ACTS, FIELDS, *(made.format_map(names) for made in (*SIGHT, *DECIDING, ALLOWED)))
    yield f"ALTER SCHEMA {schema} OWNER TO {to.owner}"
    for table in (*LOG, *REGISTER):
        yield f"ALTER TABLE {table} OWNER TO {to.owner}"
        yield f"REVOKE ALL ON {table} FROM PUBLIC, {everybody}"
        yield f"GRANT SELECT ON {table} TO {everybody}"
    yield f"ALTER VIEW stored_events OWNER TO {to.owner}"
    yield f"REVOKE ALL ON stored_events FROM PUBLIC, {everybody}"
    yield "ALTER VIEW stored_events SET (security_invoker = true)"
    yield f"GRANT SELECT ON stored_events TO {everybody}"
    yield f"GRANT INSERT, UPDATE, DELETE ON projections TO {to.projector}"
    yield f"GRANT INSERT, UPDATE ON tiles TO {to.projector}"
    yield f"GRANT INSERT ON checkpoints TO {to.projector}"
    yield f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC, {everybody}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {everybody}"
    yield f"GRANT CREATE ON SCHEMA {schema} TO {to.projector}"
    yield from _functions(db, schema, to)
    yield f"ALTER DEFAULT PRIVILEGES FOR ROLE {to.owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"
    yield f"ALTER DEFAULT PRIVILEGES FOR ROLE {to.projector} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"
    yield (
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {to.projector} IN SCHEMA {schema}"
        f" GRANT SELECT ON TABLES TO {to.owner}, {to.writer}, {to.reader}"
    )
    for policy, table in db.all("SELECT policyname, tablename FROM pg_policies WHERE schemaname = ?", (schema,)):
        yield f'DROP POLICY "{policy}" ON {table}'
    for table in READ_BY_ROW:
        yield from policies(table, table, to)
        yield f"CREATE POLICY decides ON {table} FOR SELECT TO {to.projector} USING (true)"
    for name, real in derived(db):
        yield f"ALTER TABLE {real} OWNER TO {to.projector}"
        yield f"GRANT SELECT ON {real} TO {to.owner}, {to.writer}, {to.reader}"
        yield from policies(name, real, to)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _functions(db: Database, schema: str, to: Roles) -> Iterator[str]:
    listed = db.all(
        "SELECT p.oid::regprocedure::text, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = ?",
        (schema,),
    )
    names = {name: signature for signature, name in listed}
    for name, signature in names.items():
        yield f"ALTER FUNCTION {signature} OWNER TO {to.owner}"
        yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC, {to.writer}, {to.reader}, {to.projector}"
        if name in FOR_DECISIONS:
            yield f"ALTER FUNCTION {signature} SECURITY DEFINER"
            yield f"GRANT EXECUTE ON FUNCTION {signature} TO {to.writer}"
        elif name not in INNER:
            yield f"GRANT EXECUTE ON FUNCTION {signature} TO {to.writer}, {to.reader}, {to.projector}"
