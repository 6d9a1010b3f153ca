"""What a rep asks in the morning and a manager on Monday, with the floor of each as plain SQL on the same tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import projections.agenda.ask as agenda
import projections.contracts.ask as contracts
import projections.contracts.receivables as receivables
import projections.follow_ups.ask as follow_ups
from domain.period import Period

if TYPE_CHECKING:
    from bench.views import Ours, Question
    from infra.asking import Tables
    from infra.store import Store
    from projections.moments import Moments
    from projections.organisation.ask import Organisation

STOOD = """
SELECT c.customer, f.company, t.owner, t.grade FROM {tracked} c CROSS JOIN {tracking} t CROSS JOIN {tracking_once} f
WHERE t.number = c.number AND f.number = c.number AND f.once = t.once
 AND t.since = (SELECT r.since FROM {tracking} r WHERE r.number = c.number AND r.since <= :micros
                AND r.known_from <= :known AND r.known_to > :known ORDER BY r.since DESC LIMIT 1)
 AND c.number <= :known AND t.known_from <= :known AND t.known_to > :known AND t.stage <> ''
"""
OF_OWNER = " AND t.owner = :owner AND c.number IN (SELECT o.number FROM {tracking} o WHERE o.owner = :owner)"
HELD = "r.since <= :micros AND r.ends > :micros AND r.known_from <= :known AND r.known_to > :known"
TOLD = "l.position = json_extract(r.sources, '$[0]') AND a.position = l.position"
WAITING = f"""
WITH mine AS MATERIALIZED ({STOOD}%(of)s)
SELECT r.*, l.event_id, a.changes, m.company, m.owner FROM {{records}} r CROSS JOIN log l CROSS JOIN {{audit_entries}} a
JOIN mine m ON m.customer = r.customer
WHERE r.kind IN ('next-action', 'planned-follow-up', 'signal') AND %(by)s.closed IS NULL AND {HELD} AND {TOLD}%(mine)s
"""
MINE = " AND r.subject IN (SELECT customer FROM mine)"
GRADES = """
SELECT w.* FROM (
 SELECT t.number, t.since, t.grade, t.owner, t.stage, LAG(t.grade) OVER w AS grade_before, LAG(t.owner) OVER w AS owner_before
 FROM {tracking} t WHERE t.number <= :known AND t.since <= :micros AND t.known_from <= :known AND t.known_to > :known%s
 WINDOW w AS (PARTITION BY t.number ORDER BY t.since)) w
WHERE w.grade IS NOT w.grade_before OR w.owner IS NOT w.owner_before
"""
GRADED = " AND t.number IN (SELECT o.number FROM {tracking} o WHERE o.owner = :owner)"
MET = f"""
SELECT r.* FROM {{records}} r WHERE r.kind = 'follow-up' AND r.opened BETWEEN :begun AND :until AND {HELD}
"""
OF_MINE = " AND r.subject IN (SELECT c.customer FROM {tracked} c, {tracking} o WHERE o.owner = :owner AND c.number = o.number)"
WEEK = f"""
SELECT r.*, l.*, a.changes, t.owner, f.company FROM {{records}} r CROSS JOIN log l CROSS JOIN {{audit_entries}} a
CROSS JOIN {{tracked}} c CROSS JOIN {{tracking}} t CROSS JOIN {{tracking_once}} f
WHERE r.kind = 'follow-up' AND r.opened BETWEEN :monday AND :until AND {HELD} AND {TOLD}
 AND c.customer = r.customer AND t.number = c.number AND f.number = c.number AND f.once = t.once
 AND t.since = (SELECT s.since FROM {{tracking}} s WHERE s.number = c.number AND s.since <= :micros
                AND s.known_from <= :known AND s.known_to > :known ORDER BY s.since DESC LIMIT 1)
 AND t.known_from <= :known AND t.known_to > :known AND t.stage <> ''
"""
SIGNED = """
SELECT e.* FROM {facts} f CROSS JOIN log l CROSS JOIN log e
WHERE f.measure = 'signed' AND f.day BETWEEN :first AND :last AND f.since <= :micros AND f.known_from <= :known
 AND f.known_to > :known AND l.position = f.source AND l.name = 'contract.signed'
 AND e.stream = l.stream AND e.position <= :known
"""
OUTSTANDING = """
SELECT e.* FROM (
 SELECT l.stream FROM {facts} f CROSS JOIN log l
 WHERE f.measure IN ('signed', 'collected') AND f.since <= :micros AND f.known_from <= :known AND f.known_to > :known
  AND l.position = f.source GROUP BY l.stream HAVING SUM(CASE f.measure WHEN 'signed' THEN f.amount ELSE -f.amount END) <> 0
) o CROSS JOIN log e WHERE e.stream = o.stream AND e.position <= :known
"""


def _agenda(_: Store, ask: Tables, at: Moments, them: Organisation, asked: Question) -> object:
    return agenda.rows(ask, at, them, owner=asked.owner)


def _agendas(_: Store, ask: Tables, at: Moments, them: Organisation, asked: Question) -> object:
    return agenda.rows(ask, at, them)


def _week(_: Store, ask: Tables, at: Moments, them: Organisation, asked: Question) -> object:
    return follow_ups.rows(ask, at, them, Period.week_of(at.day))


def _contracts(store: Store, ask: Tables, at: Moments, them: Organisation, asked: Question) -> object:
    return contracts.rows(ask, at, them, currency=store.currency, period=asked.period)


def _receivables(store: Store, ask: Tables, at: Moments, them: Organisation, asked: Question) -> object:
    return receivables.rows(ask, at, them, currency=store.currency)


def _owed(store: Store, ask: Tables, at: Moments, them: Organisation, asked: Question) -> object:
    return receivables.rows(ask, at, them, currency=store.currency, owner=asked.owner)


WAITING_OWN = WAITING % {"of": OF_OWNER, "by": "+r", "mine": MINE}
WAITING_ALL = WAITING % {"of": "", "by": "r", "mine": ""}
OWN = (GRADES % GRADED, MET + OF_MINE)
EVERY = (GRADES % "", MET)
VIEWS: tuple[tuple[str, Ours, tuple[str, ...]], ...] = (
    ("agenda, one owner", _agenda, (WAITING_OWN, *OWN)),
    ("agenda, everybody", _agendas, (WAITING_ALL, *EVERY)),
    ("follow-ups of a week", _week, (WEEK,)),
    ("contracts of a quarter", _contracts, (SIGNED,)),
    ("receivables, one owner", _owed, (OUTSTANDING,)),
    ("receivables, everybody", _receivables, (OUTSTANDING,)),
)
"""For the agenda the follow-ups are those since the quarter began: the windows of its customers may be that old."""
