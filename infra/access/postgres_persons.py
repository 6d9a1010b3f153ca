"""Who a login's person is, as the log tells it: their role, and whether they have left."""

from __future__ import annotations

from typing import Final

# A fixed search path without the schema itself: nothing that somebody makes there can stand in for what is called here.
SAFE: Final = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
# Planned for the lengths of the arrays that are asked with: a plan for any length joins row by row.
PLANNED: Final = "SET plan_cache_mode = force_custom_plan"

# An event that can't be read tells nothing; it does not stop the others.
TOLD: Final = """
CREATE OR REPLACE FUNCTION {schema}.told(_data bytea) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN convert_from(_data, 'UTF8')::jsonb;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$$
"""

# As domain.correction.effective reads a history: corrected values laid over, withdrawn events left out.
STANDING: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.standing_of(_persons text[])
RETURNS TABLE (person text, role text, departed date) {SAFE} AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH told AS MATERIALIZED (
        SELECT l.stream, l.position, l.name, {{schema}}.told(l.data) AS said FROM {{schema}}.log l
        WHERE l.stream = ANY(ARRAY(SELECT 'per_' || p FROM unnest(_persons) AS p)) AND l.name IN
            ('person.registered', 'person.role_changed', 'person.departed', 'event.corrected', 'event.voided')
    ), changes AS (
        SELECT stream, position, name, said->'values' AS given,
            CASE WHEN jsonb_typeof(said->'at') = 'number' THEN said->>'at' END AS at
        FROM told WHERE name IN ('event.corrected', 'event.voided')
    ), standing AS (
        SELECT t.stream, t.position, t.name, coalesce((
            SELECT c.given FROM changes c WHERE c.stream = t.stream AND c.at = t.position::text AND c.name = 'event.corrected'
            AND c.given ?| ARRAY['role', 'date'] ORDER BY c.position DESC LIMIT 1), t.said) AS said
        FROM told t WHERE t.name NOT IN ('event.corrected', 'event.voided') AND NOT EXISTS (
            SELECT FROM changes c WHERE c.stream = t.stream AND c.at = t.position::text AND c.name = 'event.voided')
    )
    SELECT substr(s.stream, 5),
        (array_agg(s.said->>'role' ORDER BY s.position DESC) FILTER (WHERE s.said ? 'role'))[1],
        (array_agg(CASE WHEN pg_input_is_valid(s.said->>'date', 'date') THEN (s.said->>'date')::date END
            ORDER BY s.position DESC) FILTER (WHERE s.name = 'person.departed'))[1]
    FROM standing s GROUP BY s.stream;
END
$$
"""

# No row for a login that was not let in; `gone` is the last day of who has left before today, a day in the store's zone.
ME: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.me()
RETURNS TABLE (person text, service boolean, role text, gone date, today date) {SAFE} AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT l.person, l.service, s.role, CASE WHEN s.departed < d.today THEN s.departed END, d.today
    FROM {{schema}}.logins l
    CROSS JOIN (
        SELECT (clock_timestamp() AT TIME ZONE value)::date AS today FROM {{schema}}.store WHERE name = 'zone'
    ) AS d
    LEFT JOIN LATERAL {{schema}}.standing_of(ARRAY[l.person]) s ON true
    WHERE l.login = session_user;
END
$$
"""

# all: every row, own: those of the group, none: who was never let in, was turned away, or has left. Asked by every question,
# so what was neither corrected nor withdrawn, and nobody has left by, is read at once.
SIGHT: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.sight() RETURNS text {SAFE} AS $$
DECLARE
    _person text;
    _role text;
    _gone date;
BEGIN
    IF pg_has_role(session_user, '{{projector}}', 'USAGE') THEN
        RETURN 'all';
    END IF;
    SELECT person INTO _person FROM {{schema}}.logins WHERE login = session_user;
    IF NOT FOUND THEN
        RETURN CASE WHEN pg_has_role(session_user, '{{owner}}', 'USAGE') THEN 'all' ELSE 'none' END;
    END IF;
    IF EXISTS (
        SELECT FROM {{schema}}.log WHERE stream = 'per_' || _person
        AND name IN ('person.departed', 'event.corrected', 'event.voided')
    ) THEN
        SELECT role, gone INTO _role, _gone FROM {{schema}}.me();
    ELSE
        SELECT {{schema}}.told(data)->>'role' INTO _role FROM {{schema}}.log
        WHERE stream = 'per_' || _person AND name IN ('person.registered', 'person.role_changed') ORDER BY version DESC LIMIT 1;
    END IF;
    RETURN CASE WHEN _gone IS NOT NULL THEN 'none' WHEN _role IN ({{whole}}) THEN 'all' ELSE 'own' END;
END
$$
"""

SEES_ALL: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.sees_all() RETURNS boolean {SAFE} AS $$
BEGIN
    RETURN {{schema}}.sight() = 'all';
END
$$
"""

PERSONS: Final = (TOLD, STANDING, ME, SIGHT, SEES_ALL)
