"""What a database can check of a batch: asked by the append function of everybody who comes with a login of the store.

It knows names, forms, places and rights. Whether the business allows an act, only its decision knows (domain/); who goes
around the program bends that within their own rights, and `sales verify --thorough` decides it again.
"""

from __future__ import annotations

from typing import Final

from infra.access.postgres_persons import SAFE
from projections.engine.sealed import MARK

LARGEST: Final = 2 << 20
"""How many bytes the data of an event may have, and all the rest of it."""
DEEPEST: Final = 32

COLUMNS: Final = "s, v, n, sc, o, ac, so, k, e, co, ca, w, m, said"
ROWS: Final = (
    "unnest(_streams, _versions, _names, _schemas, _occurred, _actors, _sources, _keys, _event_ids, _correlations,"
    f" _causations, _reasons, _migrated, _said) WITH ORDINALITY AS t({COLUMNS}, i)"
)
# The whole batch is held against small tables, so both are hashed, and the plan is made once; what looks into the log is
# planned for its own lengths, and goes by the index.
WHOLE: Final = "SET plan_cache_mode = force_generic_plan SET enable_nestloop = off"
# Only as many columns as a question needs: each is copied for each row.
SAID: Final = "unnest(_names, _said) WITH ORDINALITY AS t(n, said, i)"
ACTED: Final = "unnest(_streams, _names, _occurred, _actors, _said) WITH ORDINALITY AS t(s, n, o, ac, said, i)"
MOMENT: Final = (
    r"^\d\d\d\d-\d\d-\d\d(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?([+-]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?)?$"
)
# The usual forms without an expression, which takes longer than all the rest.
USUAL: Final = """(
    translate(o, '123456789', '000000000') IN ('0000-00-00', '0000-00-00T00:00:00+00:00')
    AND pg_input_is_valid(o, 'timestamptz') AND o NOT LIKE '%T24%' AND o NOT LIKE '%:60+%')"""
REFUSE: Final = "RAISE EXCEPTION '%', _bad USING ERRCODE = '42501'; END IF;"

SIGNATURE: Final = """
    _first bigint, _streams text[], _versions bigint[], _names text[], _schemas integer[], _occurred text[],
    _actors text[], _sources text[], _keys text[], _event_ids text[], _correlations text[], _causations text[],
    _reasons text[], _migrated integer[], _data bytea[],
    _unclaim_kinds text[], _unclaim_values text[], _unclaim_ns integer[],
    _claim_kinds text[], _claim_values text[], _claim_ns integer[], _claim_streams text[],
    _key_names text[], _key_digests bytea[], _key_indexes integer[], _key_counts integer[],
    _mention_subjects text[], _mention_indexes integer[]
"""

# Arrays of unlike lengths would number more events, or other ones, than are counted.
LENGTHS: Final = f"""
    IF EXISTS (
        SELECT FROM (VALUES
            (_count, cardinality(_versions)), (_count, cardinality(_names)), (_count, cardinality(_schemas)),
            (_count, cardinality(_occurred)), (_count, cardinality(_actors)), (_count, cardinality(_sources)),
            (_count, cardinality(_keys)), (_count, cardinality(_event_ids)), (_count, cardinality(_correlations)),
            (_count, cardinality(_causations)), (_count, cardinality(_reasons)), (_count, cardinality(_migrated)),
            (_count, cardinality(_data)), (1, coalesce(array_lower(_streams, 1), 1)), (1, coalesce(array_ndims(_streams), 1)),
            (cardinality(_unclaim_kinds), cardinality(_unclaim_values)), (cardinality(_unclaim_kinds), cardinality(_unclaim_ns)),
            (cardinality(_claim_kinds), cardinality(_claim_values)), (cardinality(_claim_kinds), cardinality(_claim_ns)),
            (cardinality(_claim_kinds), cardinality(_claim_streams)),
            (cardinality(_key_names), cardinality(_key_digests)), (cardinality(_key_names), cardinality(_key_indexes)),
            (cardinality(_key_names), cardinality(_key_counts)),
            (cardinality(_mention_subjects), cardinality(_mention_indexes))
        ) AS l(a, b) WHERE a IS DISTINCT FROM b
    ) THEN
        RAISE EXCEPTION 'the columns of a batch are of one length' USING ERRCODE = '42501';
    END IF;
    IF (SELECT max(octet_length(d)) FROM unnest(_data) AS d) > {LARGEST} THEN
        RAISE EXCEPTION 'an event holds at most {LARGEST} bytes' USING ERRCODE = '42501';
    END IF;
    BEGIN
        _said := ARRAY(SELECT convert_from(d, 'UTF8')::jsonb FROM unnest(_data) WITH ORDINALITY AS t(d, i) ORDER BY i);
    EXCEPTION WHEN OTHERS THEN
        RAISE EXCEPTION 'the data of an event is a JSON object in UTF-8: %', SQLERRM USING ERRCODE = '42501';
    END;
"""

EACH: Final = f"""
    SELECT i || ': ' || why INTO _bad FROM (
        SELECT i, CASE
            WHEN a.name IS NULL THEN format('no event is called %s; a newer program asks for sales init', left(n, 80))
            WHEN sc IS NULL OR sc NOT BETWEEN 1 AND a.schema THEN format('%s has no schema %s', n, sc)
            WHEN left(s, 4) <> ALL(a.prefixes) OR length(s) > 255 THEN format('%s does not lie in %s', n, left(s, 80))
            WHEN jsonb_typeof(said) <> 'object' THEN n || ' is a JSON object'
            WHEN v = 1 AND NOT a.begins THEN format('a history does not begin with %s', n)
            WHEN a.identity IS NOT NULL AND said->>a.identity IS DISTINCT FROM substr(s, 5) THEN
                format('%s names %s', s, said->>a.identity)
            WHEN o IS NULL OR NOT ({USUAL} OR (o ~ '{MOMENT}' AND pg_input_is_valid(left(o, 10), 'date'))) THEN
                format('%s is no time', left(o, 40))
            WHEN m IS DISTINCT FROM 0 THEN 'migrated is 0'
            WHEN e IS NULL OR length(e) NOT BETWEEN 1 AND 100 THEN 'an event has an id'
            WHEN octet_length(concat(so, k, co, ca, w)) > {LARGEST} THEN 'an event holds at most {LARGEST} bytes'
            WHEN sc = a.schema AND NOT said ?& a.needed THEN format('%s lacks one of %s', n, a.needed)
        END AS why FROM {ROWS} LEFT JOIN {{schema}}.acts a ON a.name = n
    ) AS looked WHERE why IS NOT NULL ORDER BY i LIMIT 1;
    IF FOUND THEN {REFUSE}
"""

# What stands in a field is of its kind, also where it corrects another event's.
FIELDS: Final = f"""
    SELECT format('%s: %s.%s is not like %s', i, n, left(key, 80), left(value::text, 80)) INTO _bad FROM (
        SELECT i, n, key, value FROM {SAID}, jsonb_each(said)
        UNION ALL
        SELECT i, said->>'name', key, value FROM {SAID},
            jsonb_each(CASE WHEN jsonb_typeof(said->'values') = 'object' THEN said->'values' ELSE '{{{{}}}}' END)
        WHERE n = 'event.corrected'
    ) AS given LEFT JOIN {{schema}}.fields f ON f.event = n AND f.field = key
    WHERE f.event IS NULL OR CASE jsonb_typeof(value)
        WHEN 'string' THEN 'string' <> ALL(f.types)
            OR (f.choices IS NOT NULL AND value#>>'{{{{}}}}' <> ALL(f.choices))
            OR (f.pattern IS NOT NULL AND value#>>'{{{{}}}}' !~ f.pattern)
            OR (f.dates AND NOT pg_input_is_valid(value#>>'{{{{}}}}', 'date'))
        WHEN 'number' THEN 'number' <> ALL(f.types) OR value#>>'{{{{}}}}' !~ f.pattern
        WHEN 'object' THEN 'object' <> ALL(f.types)
            OR CASE WHEN f.deep THEN jsonb_path_exists(value, '$.**{{{{{DEEPEST}}}}}')
                ELSE jsonb_typeof(value->'{MARK}') IS DISTINCT FROM 'string' OR value - '{MARK}' <> '{{{{}}}}' END
        WHEN 'array' THEN 'array' <> ALL(f.types) OR jsonb_path_exists(value, '$.**{{{{{DEEPEST}}}}}')
            OR (f.items IS NOT NULL AND EXISTS (
                SELECT FROM jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE '[]' END) AS item
                WHERE jsonb_typeof(item) <> f.items))
        ELSE jsonb_typeof(value) <> ALL(f.types) END
    ORDER BY i LIMIT 1;
    IF FOUND THEN {REFUSE}
"""

# After the head is locked, so that who came later is told to read again.
VERSIONS: Final = """
    SELECT s INTO _bad FROM (
        SELECT s, min(v - r) AS before, max(v - r) AS after FROM (
            SELECT s, v, row_number() OVER (PARTITION BY s ORDER BY i) AS r
            FROM unnest(_streams, _versions) WITH ORDINALITY AS t(s, v, i)
        ) AS counted GROUP BY s
    ) AS written
    WHERE before IS NULL OR before <> after OR before < 0
        OR (before > 0 AND NOT EXISTS (SELECT FROM {schema}.log l WHERE l.stream = s AND l.version = before))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'version conflict' USING ERRCODE = '{conflict}', DETAIL = _bad;
    END IF;
"""

# The roles are those before the batch, but for what the batch itself has told of a person before.
RIGHTS: Final = f"""
    SELECT i || ': ' || why INTO _bad FROM (
        SELECT i, CASE
            WHEN r.departed IS NOT NULL AND r.departed < least(left(o, 10)::date, _today) THEN
                format('%s departed on %s', ac, r.departed)
            WHEN was.role IS NULL AND NOT (n = 'person.registered' AND s = 'per_' || ac) THEN format('nobody is called %s', ac)
            WHEN was.role <> ALL(a.roles) OR _role <> ALL(a.roles) THEN
                format('%s is for %s', n, array_to_string(a.roles, ', '))
            WHEN left(s, 4) = 'per_' AND 'director' IN (said->>'role', said->'values'->>'role')
                AND (was.role NOT IN ({{directing}}) OR _role NOT IN ({{directing}})) THEN 'only a director makes a director'
            WHEN n = 'contract.approved' AND was.role NOT IN ({{leaders}}) AND NOT EXISTS (
                SELECT FROM {{schema}}.log l WHERE l.stream = 'pol_approval-tiers'
                AND jsonb_path_exists({{schema}}.told(l.data), '$.**.roles[*] ? (@ == $role)', jsonb_build_object('role', was.role))
            ) THEN 'no tier is for ' || was.role
        END AS why FROM {ACTED} JOIN {{schema}}.acts a ON a.name = n
        LEFT JOIN {{schema}}.standing_of(ARRAY(SELECT DISTINCT p FROM unnest(_actors) AS p)) r ON r.person = ac
        CROSS JOIN LATERAL (SELECT CASE WHEN ac = '{{system}}' THEN ac ELSE coalesce(CASE WHEN cardinality(_told_at) > 0 THEN (
            SELECT g.role FROM unnest(_told_at, _told_of, _told_role) AS g(at, person, role)
            WHERE g.person = ac AND g.at < i ORDER BY g.at DESC LIMIT 1
        ) END, r.role) END AS role) AS was
    ) AS looked WHERE why IS NOT NULL ORDER BY i LIMIT 1;
    IF FOUND THEN {REFUSE}
"""

TOLD_IN_BATCH: Final = f"""
    SELECT coalesce(array_agg(i), '{{{{}}}}'), coalesce(array_agg(substr(s, 5)), '{{{{}}}}'),
        coalesce(array_agg(coalesce(said->>'role', said->'values'->>'role')), '{{{{}}}}')
    INTO _told_at, _told_of, _told_role FROM {ACTED}
    WHERE left(s, 4) = 'per_' AND (said ? 'role' OR (n = 'event.corrected' AND said->'values' ? 'role'));
"""

# A correction speaks of an event of its own history, by its place and its id.
CHANGES: Final = f"""
    IF ARRAY['event.corrected', 'event.voided'] && _names THEN
        SELECT i || ': ' || why INTO _bad FROM (
            SELECT c.i, CASE
                WHEN was.name IS NULL OR was.stream <> c.s OR was.event_id IS DISTINCT FROM c.said->>'event'
                    OR (c.n = 'event.corrected' AND c.said->>'name' IS DISTINCT FROM was.name) OR c.said->>'by' IS DISTINCT FROM c.ac
                    THEN format('%s speaks of no event of %s', c.n, c.s)
                WHEN _service THEN NULL
                WHEN _role <> ALL(CASE
                    WHEN was.name = 'customer.lead_captured' AND c.said->'values' ? 'owner' THEN ARRAY[{{assigning}}]
                    WHEN c.n = 'event.voided' AND was.actor = c.ac THEN a.withdrawing
                    ELSE a.changing END) THEN format('%s of %s is not for a %s', c.n, was.name, _role)
            END AS why FROM (SELECT * FROM {ROWS} WHERE n IN ('event.corrected', 'event.voided')) AS c
            CROSS JOIN LATERAL (SELECT (c.said->>'at')::bigint AS at) AS told
            LEFT JOIN {{schema}}.log l ON l.position = told.at AND l.position < _first
            CROSS JOIN LATERAL (
                SELECT CASE WHEN told.at BETWEEN _first AND _first + c.i - 2 THEN (told.at - _first + 1)::integer END AS i
            ) AS b
            CROSS JOIN LATERAL (
                SELECT coalesce(l.name, _names[b.i]) AS name, coalesce(l.stream, _streams[b.i]) AS stream,
                    coalesce(l.event_id, _event_ids[b.i]) AS event_id, coalesce(l.actor, _actors[b.i]) AS actor
            ) AS was
            LEFT JOIN {{schema}}.acts a ON a.name = was.name
        ) AS looked WHERE why IS NOT NULL ORDER BY i LIMIT 1;
        IF FOUND THEN {REFUSE}
    END IF;
"""

# Of a customer that one can't see: what rules open to all, and taking back one's own act on whose it is.
SIGHT: Final = f"""
    IF _sight <> 'all' AND NOT _service THEN
        _hidden := ARRAY(SELECT {{schema}}.unseen(ARRAY(
            SELECT s FROM {ROWS} WHERE v > 1 UNION SELECT said->>'customer' FROM {ROWS} WHERE left(s, 4) IN ('con_', 'opp_') AND v = 1
        )));
        SELECT format('%s: there is no %s', i, s) INTO _bad FROM {ROWS} JOIN {{schema}}.acts a ON a.name = n
        WHERE cardinality(_hidden) > 0 AND NOT a.open
            AND (s = ANY(_hidden) OR (v = 1 AND left(s, 4) IN ('con_', 'opp_') AND said->>'customer' = ANY(_hidden)))
            AND NOT (n IN ('event.corrected', 'event.voided') AND EXISTS (
                SELECT FROM {{schema}}.log l JOIN {{schema}}.acts b ON b.name = l.name
                WHERE l.position = (said->>'at')::bigint AND l.stream = s AND l.actor = _person AND b.owning))
        ORDER BY i LIMIT 1;
        IF FOUND THEN {REFUSE}
    END IF;
"""

# Claims, keys and mentions are those of the batch's own events, and of none to come.
BESIDE: Final = f"""
    IF EXISTS (
            SELECT FROM unnest(_claim_ns, _claim_streams) AS c(n, s)
            WHERE n IS NULL OR n < 0 OR s IS NULL OR s NOT IN (SELECT unnest(_streams)))
        OR EXISTS (
            SELECT FROM unnest(_claim_kinds, _claim_values, _claim_ns) AS c(ki, va, nu) WHERE nu > 0
            AND NOT EXISTS (SELECT FROM {{schema}}.claims h WHERE h.kind = ki AND h.value = va AND h.n = nu - 1)
            AND NOT EXISTS (
                SELECT FROM unnest(_claim_kinds, _claim_values, _claim_ns) AS b(k2, v2, n2) WHERE k2 = ki AND v2 = va AND n2 = nu - 1))
        OR EXISTS (
            SELECT FROM unnest(_unclaim_kinds, _unclaim_values, _unclaim_ns) AS c(ki, va, nu) JOIN {{schema}}.claims h
            ON h.kind = ki AND h.value = va AND h.n = nu WHERE h.stream <> ALL(_streams)) THEN
        RAISE EXCEPTION 'a claim is of the subject of an event of its batch' USING ERRCODE = '42501';
    END IF;
    IF EXISTS (
        SELECT FROM unnest(_key_names, _key_indexes, _key_counts) AS k(name, i, c)
        FULL JOIN (
            SELECT k AS name, min(i) - 1 AS i, max(i) - min(i) + 1 AS c, count(*) AS c2
            FROM unnest(_keys) WITH ORDINALITY AS t(k, i) WHERE k IS NOT NULL GROUP BY k
        ) AS w USING (name)
        WHERE k.i IS NULL OR k.c IS NULL OR k.i NOT BETWEEN 0 AND _count OR k.c <> coalesce(w.c2, 0) OR k.c <> coalesce(w.c, 0)
            OR (k.c > 0 AND k.i <> w.i)
    ) THEN
        RAISE EXCEPTION 'a key is that of its events' USING ERRCODE = '42501';
    END IF;
    IF EXISTS (
        SELECT FROM unnest(_mention_subjects, _mention_indexes) AS x(subject, at) LEFT JOIN {ROWS} ON i = at + 1
        WHERE i IS NULL OR length(subject) < 4 OR strpos(said::text, subject) = 0
    ) THEN
        RAISE EXCEPTION 'an event names whom it mentions' USING ERRCODE = '42501';
    END IF;
"""

ALLOWED: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.allowed({SIGNATURE}) RETURNS void
{SAFE.replace(" STABLE", "")} {WHOLE} AS $$
#variable_conflict use_column
DECLARE
    _count integer := cardinality(_streams);
    _said jsonb[];
    _person text;
    _service boolean;
    _role text;
    _today date;
    _sight text;
    _hidden text[];
    _told_at bigint[];
    _told_of text[];
    _told_role text[];
    _bad text;
BEGIN
    SELECT person, service, role, today INTO _person, _service, _role, _today FROM {{schema}}.me();
    _sight := {{schema}}.sight();
{LENGTHS}
{EACH}
{FIELDS}
    IF NOT _service THEN
{TOLD_IN_BATCH}
{RIGHTS}
    END IF;
    SET LOCAL enable_nestloop = on;
    SET LOCAL plan_cache_mode = force_custom_plan;
{VERSIONS}
{CHANGES}
{SIGHT}
{BESIDE}
END
$$
"""
