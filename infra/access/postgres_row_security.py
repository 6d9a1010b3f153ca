"""Who sees which rows on Postgres: the functions that say it for the login of the session, and the policies that ask them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from infra.access.postgres_hidden_histories import COMMON_PREFIXES, HIDDEN
from infra.access.postgres_persons import PERSONS, SAFE
from projections.read_models.registry import TABLES

if TYPE_CHECKING:
    from infra.access.postgres_names import Roles
    from infra.db.database import Database

# The own group and those below it, by the day's memberships; who has left keeps the group that was theirs last.
SEEN_OWNERS: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.seen_owners() RETURNS SETOF text {SAFE} AS $$
DECLARE
    _person text;
    _n bigint;
    _day bigint;
BEGIN
    SELECT person INTO _person FROM {{schema}}.logins WHERE login = session_user;
    SELECT generation INTO _n FROM {{schema}}.projections WHERE name = 'organisation';
    SELECT (now() AT TIME ZONE value)::date - date '0001-01-01' + 1 INTO _day FROM {{schema}}.store WHERE name = 'zone';
    RETURN QUERY VALUES (''), ('company');
    RETURN QUERY EXECUTE format($sql$
        WITH RECURSIVE latest AS (
            SELECT DISTINCT ON (login) login, groups AS code, last
            FROM {{schema}}.memberships_%1$s WHERE known_to = 4611686018427387904 AND first <= $2
            ORDER BY login, first DESC
        ), below(code) AS (
            SELECT code FROM latest WHERE login = $1 AND last >= $2
            UNION
            SELECT g.code FROM below JOIN {{schema}}.groups_known_%1$s g ON g.parent = below.code
            WHERE g.known_to = 4611686018427387904
        )
        SELECT $1 WHERE $1 IS NOT NULL
        UNION SELECT code FROM below
        UNION SELECT l.login FROM latest l JOIN below USING (code)
    $sql$, _n) USING _person, _day;
END
$$
"""

# A customer is its owner's of today, with its whole history; what belongs to nobody is for everybody. A merged lead (its
# last row is empty) stays whose it was.
SEEN_CUSTOMERS: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.seen_customers() RETURNS SETOF bigint {SAFE} AS $$
DECLARE
    _n bigint;
BEGIN
    SELECT generation INTO _n FROM {{schema}}.projections WHERE name = 'tracking';
    RETURN QUERY EXECUTE format($sql$
        SELECT c.number FROM (
            SELECT DISTINCT number FROM {{schema}}.tracking_%1$s WHERE owner = ANY($1) OR owner IS NULL
        ) c WHERE coalesce((
            SELECT t.owner FROM {{schema}}.tracking_%1$s t WHERE t.number = c.number
            AND t.known_to = 4611686018427387904 ORDER BY t.stage = '', t.since DESC LIMIT 1
        ), '') = ANY($1)
    $sql$, _n) USING ARRAY(SELECT {{schema}}.seen_owners());
END
$$
"""

SEEN_SUBJECTS: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.seen_subjects() RETURNS SETOF text {SAFE} AS $$
DECLARE
    _n bigint;
    _customers text[];
BEGIN
    SELECT generation INTO _n FROM {{schema}}.projections WHERE name = 'tracking';
    EXECUTE format('SELECT array_agg(customer) FROM {{schema}}.tracked_%s WHERE number IN (SELECT {{schema}}.seen_customers())', _n)
        INTO _customers;
    RETURN QUERY SELECT unnest(_customers);
    RETURN QUERY SELECT DISTINCT l.stream COLLATE "default" FROM {{schema}}.mentions m JOIN {{schema}}.log l USING (position)
        WHERE m.subject = ANY(_customers);
    SELECT generation INTO _n FROM {{schema}}.projections WHERE name = 'progress';
    RETURN QUERY EXECUTE format('SELECT DISTINCT target COLLATE "default" FROM {{schema}}.targets_%s WHERE owner = ANY($1)', _n)
        USING ARRAY(SELECT {{schema}}.seen_owners());
    SELECT generation INTO _n FROM {{schema}}.projections WHERE name = 'records';
    RETURN QUERY EXECUTE format($sql$
        SELECT DISTINCT subject COLLATE "default" FROM {{schema}}.records_%s WHERE kind = 'review' AND actor = ANY($1)
    $sql$, _n) USING ARRAY(SELECT {{schema}}.seen_owners());
    RETURN QUERY EXECUTE format($sql$
        SELECT DISTINCT r.subject COLLATE "default" FROM {{schema}}.records_%1$s r
        JOIN {{schema}}.log l ON l.stream = r.subject AND l.version = 1
        WHERE r.kind = 'plan' AND convert_from(l.data, 'UTF8')::jsonb->>'owner' = ANY($1)
    $sql$, _n) USING ARRAY(SELECT {{schema}}.seen_owners());
END
$$
"""

# For the few rows of a look-up by name, where the whole set would cost more than the look.
SEES_SUBJECT: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.sees_subject(_subject text) RETURNS boolean {SAFE} AS $$
DECLARE
    _n bigint;
    _owner text;
BEGIN
    IF left(_subject, 4) IN ('con_', 'opp_') THEN
        SELECT convert_from(data, 'UTF8')::jsonb->>'customer' INTO _subject
        FROM {{schema}}.log WHERE stream = _subject AND version = 1;
    END IF;
    IF left(_subject, 4) = 'cus_' THEN
        SELECT generation INTO _n FROM {{schema}}.projections WHERE name = 'tracking';
        EXECUTE format($sql$
            SELECT t.owner FROM {{schema}}.tracked_%1$s c JOIN {{schema}}.tracking_%1$s t USING (number)
            WHERE c.customer = $1 AND t.known_to = 4611686018427387904 ORDER BY t.stage = '', t.since DESC LIMIT 1
        $sql$, _n) INTO _owner USING _subject;
    ELSIF left(_subject, 4) = 'tgt_' THEN
        SELECT generation INTO _n FROM {{schema}}.projections WHERE name = 'progress';
        EXECUTE format('SELECT owner FROM {{schema}}.targets_%s WHERE target = $1 LIMIT 1', _n) INTO _owner USING _subject;
    ELSIF left(_subject, 4) = 'pln_' THEN
        SELECT convert_from(data, 'UTF8')::jsonb->>'owner' INTO _owner
        FROM {{schema}}.log WHERE stream = _subject AND version = 1;
    END IF;
    RETURN coalesce(_owner, '') IN (SELECT {{schema}}.seen_owners());
END
$$
"""

SIGHT: Final = (*PERSONS, SEEN_OWNERS, SEEN_CUSTOMERS, SEEN_SUBJECTS, SEES_SUBJECT, *HIDDEN)

# Each set is found once a question, and only when a row asks for it; an EXISTS for each row would cost thirteen times.
# Who has left or was turned away sees nothing, whatever role the session still has.
OWN: Final = "ANY(ARRAY(SELECT seen_owners()))"
COMMON: Final = f"left({{column}}, 4) IN ({', '.join(repr(prefix) for prefix in COMMON_PREFIXES)})"
SUBJECT: Final = f"{COMMON} OR {{column}} IN (SELECT seen_subjects())"


def _of(own: str) -> str:
    """Return the condition under which rows are seen of which one's own are those for which `own` holds."""
    return f"CASE (SELECT sight()) WHEN 'all' THEN true WHEN 'own' THEN ({own}) ELSE false END"


POLICIES: Final = {
    "owner": _of(f"owner IS NULL OR owner = {OWN}"),
    "number": _of("number IN (SELECT seen_customers())"),
    "all": _of("false"),
    "anybody": _of("true"),
    "actor": _of(f"actor = {OWN} OR {SUBJECT.format(column='stream')}"),
    "stream": _of(f"{COMMON.format(column='stream')} OR sees_subject(stream)"),
    "subject": _of(SUBJECT.format(column="subject")),
    "customer": _of(SUBJECT.format(column="customer")),
    "contract": _of(SUBJECT.format(column="contract")),
}
SEEN: Final = {
    "log": "actor",
    "claims": "stream",
    "keys": "stream",
    "mentions": "anybody",
    "tracking": "number",
    "tracking_once": "number",
    "graded": "number",
    "files": "number",
    "facts": "owner",
    "targets": "owner",
    "opportunities": "owner",
    "objections": "customer",
    "records": "subject",
    "audit_entries": "subject",
    "holdings": "number",
    "gradings": "number",
    "name_forms": "all",
    "names_told": "number",
    "identities": "number",
    "contracts": "customer",
    "contract_parts": "contract",
    "contract_orders": "contract",
}
"""What decides who sees a row of a table; the tables that are not named are for everybody whom the store knows."""
GUARDED: Final = frozenset(SEEN)


def policies(name: str, real: str, to: Roles) -> Iterator[str]:
    """Yield the statements by which a table shows to each group what is its own, and to nobody else anything."""
    yield f"ALTER TABLE {real} ENABLE ROW LEVEL SECURITY"
    for policy in ("sees", "decides", "serves"):
        yield f"DROP POLICY IF EXISTS {policy} ON {real}"
    yield f"CREATE POLICY sees ON {real} FOR SELECT TO {to.reader}, {to.writer} USING ({POLICIES[SEEN.get(name, 'anybody')]})"
    yield f"CREATE POLICY serves ON {real} FOR SELECT TO {to.owner} USING (true)"


def derived(db: Database) -> Iterator[tuple[str, str]]:
    """Yield the tables of the projections there are, of all generations: what each is of, and its name."""
    known = {table for tables in TABLES.values() for table in tables}
    for (real,) in db.all("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"):
        name, _, number = real.rpartition("_")
        if name in known and number.isdecimal():
            yield name, real
