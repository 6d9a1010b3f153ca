"""What a decision reads of a protected store: whole histories that its person sees, and of others what it must know.

Of what is another group's it is told whose it is, what it is one with and which number it takes (domain.kernel.rights.TOLD), and
where its history ends, so that a decision holds when it is recorded; not what was done with it. Claims, keys and who names
whom are told to whoever knows what they ask for.
"""

from __future__ import annotations

from typing import Final

from infra.access.postgres_persons import SAFE
from infra.event_store.stored_event import Record

ENVELOPE: Final = ", ".join(
    {"key": "NULL::text", "reason": "NULL::text", "correlation": "NULL::text", "causation": "NULL::text"}.get(
        name, f"l.{name}"
    )
    for name in Record._fields
    if name != "data"
)

# A row without a name stands for what is not told of a history, and bears the version in which it ends.
RECORDED_OF: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.recorded_of(_streams text[]) RETURNS SETOF {{schema}}.log {SAFE} AS $$
DECLARE
    _service boolean;
    _sight text := {{schema}}.sight();
    _hidden text[];
    _shown text[] := _streams;
BEGIN
    SELECT m.service INTO _service FROM {{schema}}.me() AS m;
    IF _sight = 'none' THEN
        RETURN;
    END IF;
    IF _sight = 'own' AND NOT _service THEN
        _hidden := ARRAY(SELECT {{schema}}.unseen(_streams));
        IF cardinality(_hidden) > 0 THEN
            _shown := ARRAY(SELECT unnest(_streams) EXCEPT SELECT unnest(_hidden));
        END IF;
    END IF;
    RETURN QUERY SELECT l.* FROM {{schema}}.log l WHERE l.stream = ANY(_shown);
    IF cardinality(_hidden) > 0 THEN
        RETURN QUERY
        SELECT {ENVELOPE}, convert_to((coalesce(a.blank, '{{{{}}}}') || (
            SELECT coalesce(jsonb_object_agg(f.key, CASE
                WHEN l.name = 'event.corrected' AND f.key = 'values' THEN (
                    SELECT coalesce(jsonb_object_agg(v.key, v.value), '{{{{}}}}') FROM jsonb_each(f.value) AS v WHERE v.key = ANY(c.kept))
                ELSE f.value END), '{{{{}}}}')
            FROM jsonb_each({{schema}}.told(l.data)) AS f WHERE f.key = ANY(a.kept)
        ))::text, 'UTF8')
        FROM {{schema}}.log l JOIN {{schema}}.acts a ON a.name = l.name AND a.kept IS NOT NULL
        LEFT JOIN {{schema}}.acts c ON l.name = 'event.corrected' AND c.name = {{schema}}.told(l.data)->>'name' AND c.blank IS NOT NULL
        WHERE l.stream = ANY(_hidden) AND (l.name <> 'event.corrected' OR c.name IS NOT NULL);
        RETURN QUERY
        SELECT DISTINCT ON (l.stream) l.position, l.stream, l.version, '', 1, l.occurred, l.recorded, '', '', '', NULL::text, '',
            NULL::text, NULL::text, NULL::text, 0, '\\x'::bytea
        FROM {{schema}}.log l WHERE l.stream = ANY(_hidden) ORDER BY l.stream, l.version DESC;
    END IF;
END
$$
"""

HOLDERS_OF: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.holders_of(_kind text, _values text[]) RETURNS SETOF {{schema}}.claims {SAFE} AS $$
BEGIN
    IF {{schema}}.sight() <> 'none' THEN
        RETURN QUERY SELECT c.* FROM {{schema}}.claims c WHERE c.kind = _kind AND c.value = ANY(_values) ORDER BY c.n;
    END IF;
END
$$
"""

KEYED_OF: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.keyed_of(_keys text[]) RETURNS SETOF {{schema}}.keys {SAFE} AS $$
BEGIN
    IF {{schema}}.sight() <> 'none' THEN
        RETURN QUERY SELECT k.* FROM {{schema}}.keys k WHERE k.key = ANY(_keys);
    END IF;
END
$$
"""

NAMING_OF: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.naming_of(_subject text) RETURNS TABLE (stream text, since bigint) {SAFE} AS $$
#variable_conflict use_column
BEGIN
    IF {{schema}}.sight() <> 'none' THEN
        RETURN QUERY SELECT l.stream::text, min(l.position) FROM {{schema}}.mentions m JOIN {{schema}}.log l USING (position)
        WHERE m.subject = _subject GROUP BY l.stream;
    END IF;
END
$$
"""

PLACED_AT: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.placed_at(_position bigint, _event_id text) RETURNS TABLE (stream text, at bigint) {SAFE} AS $$
#variable_conflict use_column
BEGIN
    IF {{schema}}.sight() <> 'none' THEN
        RETURN QUERY SELECT l.stream::text, l.position FROM {{schema}}.log l WHERE l.position = _position OR l.event_id = _event_id;
    END IF;
END
$$
"""

DECIDING: Final = (RECORDED_OF, HOLDERS_OF, KEYED_OF, NAMING_OF, PLACED_AT)
