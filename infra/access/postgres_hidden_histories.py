"""Which histories the person of a login can't see, as the log tells it: what was recorded a moment ago counts at once."""

from __future__ import annotations

from typing import Final

from domain.kernel.types import OWNING
from infra.access.postgres_persons import PLANNED, SAFE

COMMON_PREFIXES: Final = ("per_", "grp_", "pol_", "cal_", "prd_", "rsc_", "pra_")
"""What is shown to everybody of the team."""

# The last by its day, as projections.read_models.tracking reckons it; of one whose capture was withdrawn, whoever it was captured for.
OWNERS_OF: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.owners_of(_customers text[]) RETURNS TABLE (customer text, owner text) {SAFE} {PLANNED} AS $$
#variable_conflict use_column
DECLARE
    _zone text;
BEGIN
    SELECT value INTO _zone FROM {{schema}}.store WHERE name = 'zone';
    RETURN QUERY
    WITH told AS MATERIALIZED (
        SELECT l.stream, l.position, l.name, l.occurred, {{schema}}.told(l.data) AS said FROM {{schema}}.log l
        WHERE l.stream = ANY(_customers) AND l.name IN ({", ".join(f"'{name}'" for name in OWNING)}, 'event.corrected', 'event.voided')
    ), changes AS MATERIALIZED (
        SELECT stream, position, name, said->'values' AS given,
            CASE WHEN jsonb_typeof(said->'at') = 'number' THEN said->>'at' END AS at
        FROM told WHERE name IN ('event.corrected', 'event.voided')
    ), owning AS (
        SELECT t.stream, t.position, CASE
            WHEN length(t.occurred) > 10 AND pg_input_is_valid(t.occurred, 'timestamptz')
            THEN to_char(t.occurred::timestamptz AT TIME ZONE _zone, 'YYYY-MM-DD') ELSE left(t.occurred, 10)
        END AS day, coalesce((
            SELECT c.given FROM changes c WHERE c.stream = t.stream AND c.at = t.position::text AND c.name = 'event.corrected'
            AND c.given ? 'owner' ORDER BY c.position DESC LIMIT 1), t.said)->>'owner' AS owner,
            EXISTS (SELECT FROM changes c WHERE c.stream = t.stream AND c.at = t.position::text AND c.name = 'event.voided') AS gone
        FROM told t WHERE t.name NOT IN ('event.corrected', 'event.voided')
    )
    SELECT DISTINCT ON (o.stream) o.stream, o.owner FROM owning o
    ORDER BY o.stream, o.gone, o.day DESC, o.position DESC;
END
$$
"""

# What belongs to a customer is seen with it, and a contract also by whose it is; a target or a plan by whose it is, a
# review by who held it. A history that has not begun is nobody's.
UNSEEN: Final = f"""
CREATE OR REPLACE FUNCTION {{schema}}.unseen(_streams text[]) RETURNS SETOF text {SAFE} {PLANNED} AS $$
DECLARE
    _mine text[];
BEGIN
    _mine := ARRAY(SELECT {{schema}}.seen_owners());
    RETURN QUERY
    WITH asked AS MATERIALIZED (SELECT DISTINCT s FROM unnest(_streams) AS s), begun AS MATERIALIZED (
        SELECT a.s, l.actor, {{schema}}.told(l.data) AS said FROM asked a
        JOIN {{schema}}.log l ON l.stream = a.s AND l.version = 1
        WHERE left(a.s, 4) IN ('con_', 'opp_', 'tgt_', 'pln_', 'rev_')
    ), held AS MATERIALIZED (
        SELECT s, CASE WHEN left(s, 4) IN ('con_', 'opp_') THEN said->>'customer' END AS customer,
            CASE left(s, 4) WHEN 'rev_' THEN actor WHEN 'tgt_' THEN said->>'owner' WHEN 'pln_' THEN said->>'owner' END AS owner
        FROM begun
        UNION ALL SELECT s, s, NULL FROM asked WHERE left(s, 4) = 'cus_'
    ), owned AS MATERIALIZED (
        SELECT * FROM {{schema}}.owners_of(ARRAY(SELECT DISTINCT h.customer FROM held h WHERE h.customer IS NOT NULL))
    ), hidden AS MATERIALIZED (
        SELECT h.s FROM held h LEFT JOIN owned o ON o.customer = h.customer
        WHERE coalesce(CASE WHEN h.customer IS NULL THEN h.owner ELSE o.owner END, '') <> ALL(_mine)
    )
    SELECT h.s FROM hidden h LEFT JOIN LATERAL (
        SELECT {{schema}}.told(l.data)->>'owner' AS owner FROM {{schema}}.log l
        WHERE left(h.s, 4) = 'con_' AND l.stream = h.s AND l.name IN ('contract.drafted', 'contract.handed_over')
        AND {{schema}}.told(l.data)->>'owner' IS NOT NULL ORDER BY l.version DESC LIMIT 1
    ) AS own ON true WHERE own.owner IS NULL OR own.owner <> ALL(_mine);
END
$$
"""

HIDDEN: Final = (OWNERS_OF, UNSEEN)
