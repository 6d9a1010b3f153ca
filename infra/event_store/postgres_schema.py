"""The log's tables on Postgres, and the one function that appends to it."""

from __future__ import annotations

from typing import Final

from infra.access.postgres_logins import LOGINS, signed

# Bytewise, as on SQLite: the order of texts must not depend on the server's language.
TEXT: Final = 'text COLLATE "C"'

VERSION_CONFLICT: Final = "ST001"
WITHOUT_DETAIL: Final = "22004"
"""What a store's older append_events says of such a conflict that no stream is to blame for."""
RECORDED_TOO_EARLY: Final = "ST002"

LOG: Final = f"""
CREATE TABLE log (
    position bigint PRIMARY KEY,
    stream {TEXT} NOT NULL,
    version bigint NOT NULL,
    name {TEXT} NOT NULL,
    schema integer NOT NULL,
    occurred {TEXT} NOT NULL,
    recorded {TEXT} NOT NULL,
    actor {TEXT} NOT NULL,
    recorder {TEXT} NOT NULL,
    source {TEXT} NOT NULL,
    key {TEXT},
    event_id {TEXT} NOT NULL,
    correlation {TEXT},
    causation {TEXT},
    reason {TEXT},
    migrated integer NOT NULL,
    data bytea NOT NULL,
    CONSTRAINT log_version UNIQUE (stream, version),
    CONSTRAINT log_event_id UNIQUE (event_id)
)
"""

REFUSE: Final = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is never changed or deleted from';
END
$$
"""

# Locking the head row numbers the events in the order of their commits, without gaps, so that a reader who tails the
# log misses none. The version check comes after the lock and each statement sees what was committed before it. What comes
# with a login of the store is looked at after the lock too (infra.access.postgres_append_checks).
# Once the store has roles it runs with its owner's rights (infra.store.postgres_roles), so it calls nothing by a name that
# somebody else could give to something of theirs.
APPEND: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.append_events(
    _streams text[], _versions bigint[], _names text[], _schemas integer[], _occurred text[], _recorded text[],
    _actors text[], _recorders text[], _sources text[], _keys text[], _event_ids text[], _correlations text[],
    _causations text[], _reasons text[], _migrated integer[], _data bytea[],
    _seen_streams text[], _seen_versions bigint[],
    _unclaim_kinds text[], _unclaim_values text[], _unclaim_ns integer[],
    _claim_kinds text[], _claim_values text[], _claim_ns integer[], _claim_streams text[],
    _key_names text[], _key_digests bytea[], _key_indexes integer[], _key_counts integer[],
    _mention_subjects text[], _mention_indexes integer[],
    _now text, _at bigint
) RETURNS TABLE (first bigint, last_recorded text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    _count integer := cardinality(_streams);
    _first bigint;
    _last text;
    _moved text;
    _signed text := {{schema}}.signed(_actors, _recorders, _recorded, _migrated);
BEGIN
    _now := coalesce(_signed, _now);
    IF _recorded IS NOT NULL THEN
        SELECT recorded INTO _last FROM {{schema}}.head FOR UPDATE;
        SELECT r, before INTO _moved, _last FROM (
            SELECT r, lag(r, 1, _last) OVER (ORDER BY i) AS before FROM unnest(_recorded) WITH ORDINALITY AS t(r, i)
        ) AS given WHERE r < before COLLATE "C" LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'recorded too early' USING ERRCODE = '{RECORDED_TOO_EARLY}', DETAIL = _moved, HINT = _last;
        END IF;
        _now := _recorded[_count];
    END IF;

    UPDATE {{schema}}.head SET position = position + _count, recorded = greatest(recorded, _now)
    RETURNING position - _count + 1, recorded INTO _first, _last;

    SELECT s INTO _moved FROM unnest(_seen_streams, _seen_versions) AS seen(s, v)
    WHERE v <> coalesce((SELECT max(version) FROM {{schema}}.log WHERE stream = s), 0) LIMIT 1;
    IF FOUND OR _first <> _at THEN
        RAISE EXCEPTION 'version conflict' USING ERRCODE = '{VERSION_CONFLICT}', DETAIL = coalesce(_moved, '');
    END IF;

    IF _signed IS NOT NULL THEN
        PERFORM {{schema}}.allowed(
            _first, _streams, _versions, _names, _schemas, _occurred, _actors, _sources, _keys, _event_ids, _correlations,
            _causations, _reasons, _migrated, _data, _unclaim_kinds, _unclaim_values, _unclaim_ns,
            _claim_kinds, _claim_values, _claim_ns, _claim_streams, _key_names, _key_digests, _key_indexes, _key_counts,
            _mention_subjects, _mention_indexes);
    END IF;

    INSERT INTO {{schema}}.log
    SELECT _first + i - 1, s, v, n, sc, o, coalesce(r, _last), a, re, so, k, e, co, ca, w, m, d
    FROM unnest(
        _streams, _versions, _names, _schemas, _occurred, _recorded, _actors, _recorders, _sources, _keys,
        _event_ids, _correlations, _causations, _reasons, _migrated, _data
    ) WITH ORDINALITY AS t(s, v, n, sc, o, r, a, re, so, k, e, co, ca, w, m, d, i);

    IF cardinality(_unclaim_kinds) > 0 THEN
        DELETE FROM {{schema}}.claims USING unnest(_unclaim_kinds, _unclaim_values, _unclaim_ns) AS t(ki, va, nu)
        WHERE kind = ki AND value = va AND n = nu;
    END IF;
    IF cardinality(_claim_kinds) > 0 THEN
        INSERT INTO {{schema}}.claims SELECT * FROM unnest(_claim_kinds, _claim_values, _claim_ns, _claim_streams);
    END IF;
    IF cardinality(_key_names) > 0 THEN
        INSERT INTO {{schema}}.keys SELECT k, d, _first + i, coalesce(_streams[i + 1], ''), c
        FROM unnest(_key_names, _key_digests, _key_indexes, _key_counts) AS t(k, d, i, c);
    END IF;
    IF cardinality(_mention_subjects) > 0 THEN
        INSERT INTO {{schema}}.mentions SELECT s, _first + i FROM unnest(_mention_subjects, _mention_indexes) AS t(s, i)
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN QUERY SELECT _first, _last;
END
$$
"""

VIEW: Final = """CREATE VIEW stored_events AS
SELECT position AS notification_id, stream AS originator_id, version AS originator_version,
    name AS topic, data AS state FROM log"""


def tables(schema: str) -> tuple[str, ...]:
    """Return the statements that make a store in `schema`, which is the search path."""
    return (
        f"CREATE TABLE store (name {TEXT} PRIMARY KEY, value {TEXT} NOT NULL)",
        LOG,
        "CREATE INDEX log_recorded ON log (recorded, position)",
        REFUSE,
        """CREATE TRIGGER log_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON log
        FOR EACH STATEMENT EXECUTE FUNCTION refuse()""",
        "ALTER TABLE log ENABLE ALWAYS TRIGGER log_keeps",
        # Room in the page for new versions of its one row, so that none needs a new index entry.
        f"""CREATE TABLE head (one integer PRIMARY KEY CHECK (one = 1), position bigint NOT NULL,
        recorded {TEXT} NOT NULL) WITH (fillfactor = 10)""",
        "INSERT INTO head VALUES (1, 0, '')",
        f"""CREATE TABLE claims (kind {TEXT}, value {TEXT}, n integer, stream {TEXT} NOT NULL,
        CONSTRAINT claims_taken PRIMARY KEY (kind, value, n))""",
        f"""CREATE TABLE keys (key {TEXT}, digest bytea NOT NULL, position bigint NOT NULL, stream {TEXT} NOT NULL,
        count integer NOT NULL, CONSTRAINT keys_taken PRIMARY KEY (key))""",
        f"CREATE TABLE mentions (subject {TEXT}, position bigint, PRIMARY KEY (subject, position))",
        # The log as the eventsourcing library's recorders read it.
        VIEW,
        LOGINS,
        signed(schema),
        APPEND.format(schema=schema),
    )
