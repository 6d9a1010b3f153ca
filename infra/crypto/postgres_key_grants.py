"""Who may do what with the data keys of a store on Postgres: make them and read those of the own group; destroy them only as the projector.

A key lies wrapped twice: for the company, and for the one group that may see its customer. Row level security shows it to
that group alone, and its group's file alone opens it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Final

from infra.crypto.key_store import DIGEST_ID, open_keys, place_of
from infra.db.errors import StoreFault

if TYPE_CHECKING:
    from infra.access.postgres_names import Roles
    from infra.db.database import Database

TABLES: Final = (
    """ALTER TABLE data_keys ADD COLUMN IF NOT EXISTS team text COLLATE "C",
    ADD COLUMN IF NOT EXISTS share text NOT NULL DEFAULT '', ADD COLUMN IF NOT EXISTS shared bytea,
    ADD COLUMN IF NOT EXISTS settled boolean NOT NULL DEFAULT false""",
    """CREATE TABLE IF NOT EXISTS teams (team text COLLATE "C" PRIMARY KEY, fingerprint text NOT NULL,
    public text NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS team_keys (fingerprint text NOT NULL, holder text NOT NULL, sealed bytea NOT NULL,
    PRIMARY KEY (fingerprint, holder))""",
)
ALL: Final = ("meta", "data_keys", "teams", "team_keys")

# A desk gives a key neither its time nor its end, and wraps it for the company as the company is now: an erasure that
# exchanges the wrapping keys at this moment is waited for, and then the desk wraps it anew.
MADE: Final = """
CREATE OR REPLACE FUNCTION {keys}.made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    _wrapping text;
BEGIN
    IF pg_has_role(session_user, '{projector}', 'USAGE') OR pg_has_role(session_user, '{owner}', 'USAGE') THEN
        RETURN NEW;
    END IF;
    SELECT value INTO _wrapping FROM {keys}.meta WHERE name = 'wrapping' FOR SHARE;
    IF NEW.wrap IS DISTINCT FROM _wrapping THEN
        RAISE EXCEPTION 'the wrapping key was exchanged' USING ERRCODE = '40001';
    END IF;
    IF NEW.id = '{digest}' OR NEW.wrapped IS NULL OR NEW.destroyed IS NOT NULL THEN
        RAISE EXCEPTION 'a desk makes data keys of customers alone' USING ERRCODE = '42501';
    END IF;
    NEW.made := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
    NEW.settled := false;
    RETURN NEW;
END
$$
"""
OWN: Final = (
    "CASE (SELECT {schema}.sight()) WHEN 'all' THEN true WHEN 'own' THEN (team = ANY(ARRAY("
    "SELECT o FROM {schema}.seen_owners() AS t(o) UNION ALL SELECT '@' || o FROM {schema}.seen_owners() AS t(o))))"
    " ELSE false END"
)


def share(db: Database, to: Roles) -> None:
    """Make the key store beside the store, give the store's roles what they need of it, and the company its wrapping key.

    Where this machine's file lacks the wrapping key of a store that had one for all, the projector does the last.
    """
    from infra.crypto.key_sharing import begin
    from infra.crypto.keyrings import ring_of

    opened = open_keys(db, None, create=True)
    assert opened is not None
    with closing(opened) as keys, keys.transaction():
        keys.script(_statements(place_of(db), getattr(db, "schema"), to))  # noqa: B009
    ring = ring_of(db)
    ring.close()  # it may have been open before there were groups
    try:
        begin(ring)
    except StoreFault:
        return


def _statements(place: str, schema: str, to: Roles) -> Iterator[str]:
    everybody = f"{to.writer}, {to.reader}, {to.projector}"
    yield from TABLES
    yield MADE.format(keys=place, projector=to.projector, owner=to.owner, digest=DIGEST_ID)
    yield f"ALTER SCHEMA {place} OWNER TO {to.owner}"
    yield f"REVOKE ALL ON SCHEMA {place} FROM PUBLIC, {everybody}"
    yield f"GRANT USAGE ON SCHEMA {place} TO {everybody}"
    for table in ALL:
        yield f"ALTER TABLE {table} OWNER TO {to.owner}"
        yield f"REVOKE ALL ON {table} FROM PUBLIC, {everybody}"
        yield f"GRANT SELECT ON {table} TO {everybody}"
        yield f"GRANT INSERT, UPDATE ON {table} TO {to.projector}"
    yield f"GRANT DELETE ON team_keys TO {to.projector}"
    yield f"GRANT INSERT ON data_keys TO {to.writer}"
    yield "ALTER FUNCTION made() OWNER TO " + to.owner
    yield f"REVOKE ALL ON FUNCTION made() FROM PUBLIC, {everybody}"
    yield "DROP TRIGGER IF EXISTS made ON data_keys"
    yield f"CREATE TRIGGER made BEFORE INSERT ON data_keys FOR EACH ROW EXECUTE FUNCTION {place}.made()"
    yield "ALTER TABLE data_keys ENABLE ALWAYS TRIGGER made"
    yield "ALTER TABLE data_keys ENABLE ROW LEVEL SECURITY"
    own = OWN.format(schema=schema)
    for policy in ("sees", "makes", "keeps"):
        yield f"DROP POLICY IF EXISTS {policy} ON data_keys"
    yield f"CREATE POLICY sees ON data_keys FOR SELECT TO {to.reader}, {to.writer} USING ({own})"
    yield f"CREATE POLICY makes ON data_keys FOR INSERT TO {to.writer} WITH CHECK (team IS NULL OR {own})"
    yield f"CREATE POLICY keeps ON data_keys TO {to.projector} USING (true) WITH CHECK (true)"
