"""What a rep asks in the morning and a manager on Monday, with the floor of each as plain SQL on the same tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import projections.agenda.ask as agenda
import projections.cadence.ask as cadence
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
OF_CONTRACTS = """
FROM {contracted} k CROSS JOIN {contracts} c
LEFT JOIN {facts} g ON c.owner IS NULL AND g.measure = 'signed' AND g.day = c.signed_day AND g.customer = c.customer
 AND g.source = c.signing AND g.since <= :micros AND g.known_from <= :known AND g.known_to > :known
LEFT JOIN {tracked} n ON n.customer = c.customer
LEFT JOIN {tracking} t ON t.number = n.number AND t.stage <> '' AND t.known_from <= :known AND t.known_to > :known
 AND t.since = (SELECT r.since FROM {tracking} r WHERE r.number = n.number AND r.since <= :micros
                AND r.known_from <= :known AND r.known_to > :known ORDER BY r.since DESC LIMIT 1)
LEFT JOIN {tracking_once} f ON f.number = t.number AND f.once = t.once%s
WHERE k.begun <= :known AND c.begun = k.begun AND c.known_from <= :known AND c.known_to > :known
 AND c.since = (SELECT r.since FROM {contracts} r WHERE r.begun = k.begun AND r.since <= :micros
                AND r.known_from <= :known AND r.known_to > :known ORDER BY r.since DESC LIMIT 1)
"""
WHOSE = "COALESCE(c.owner, CASE WHEN c.signing IS NULL THEN t.owner ELSE NULLIF(g.owner, '') END)"
MEMBERS = """
SELECT m.login, m.groups FROM {memberships} m WHERE :day BETWEEN m.first AND m.last AND m.known_from <= :known AND m.known_to > :known
"""
LEDGER = f"""
SELECT k.contract, c.number, c.customer, f.company, c.kind, c.state, c.signed_on, {WHOSE},
 c.amount, c.value, c.currency, c.approved_by, c.reviews, c.place, c.collected, c.collected_share, c.outstanding,
 c.invoiced, c.delivered, c.accepted, c.deliveries, c.not_accepted
{OF_CONTRACTS % ""}"""
PLACED = """
SELECT o.begun, o.item, o.number, o.amount, o.date FROM {contract_orders} o
WHERE o.since <= :micros AND o.known_from <= :known AND o.known_to > :known ORDER BY o.begun, o.placed
"""
SIGNED = """ AND c.signed_day BETWEEN :first AND :last AND k.begun IN (
 SELECT b.begun FROM {facts} s CROSS JOIN {contract_names} b
 WHERE s.measure = 'signed' AND s.day BETWEEN :first AND :last AND b.subject = s.customer)"""
OUTSTANDING = f"""
SELECT k.contract, c.number, c.customer, f.company, {WHOSE}, p.part, p.instalment, p.due, p.amount,
 p.invoiced, p.received, p.outstanding, c.currency,
 CASE WHEN p.owed > 0 AND p.due IS NOT NULL THEN MAX(julianday(:today) - julianday(p.due), 0) END, p.kept, p.promised, p.promise_due
{OF_CONTRACTS % " CROSS JOIN {contract_parts} p"}
 AND p.begun = c.begun AND p.since = c.parts AND p.known_from <= :known AND p.known_to > :known
 AND c.owed <> 0 AND p.owed <> 0"""
OF_ONE = f""" AND {WHOSE} = :owner AND k.begun IN (
 SELECT b.begun FROM {{contract_names}} b WHERE b.subject = 'per_' || :owner
 UNION SELECT b.begun FROM {{facts}} s CROSS JOIN {{contract_names}} b
  WHERE s.measure = 'signed' AND s.owner = :owner AND b.subject = s.customer
 UNION SELECT b.begun FROM (SELECT DISTINCT t.number FROM {{tracking}} t WHERE t.owner = :owner) o
  CROSS JOIN {{tracked}} w CROSS JOIN {{contract_names}} b WHERE w.number = o.number AND b.subject = w.customer)"""
BY_NUMBER = " ORDER BY k.begun"
BY_DUE = " ORDER BY COALESCE(p.due, '9999'), c.currency <> 'CNY', c.currency, c.number, p.turn, k.begun"
MERGES = "SELECT m.customer, m.survivor FROM {merges} m WHERE m.since <= :micros AND m.known_from <= :known AND m.known_to > :known"


def _agenda(_: Store, ask: Tables, at: Moments, them: Organisation, asked: Question) -> object:
    return agenda.rows(ask, at, them, owner=asked.owner)


def _agendas(_: Store, ask: Tables, at: Moments, them: Organisation, asked: Question) -> object:
    return agenda.rows(ask, at, them)


def _cadence(_: Store, ask: Tables, at: Moments, them: Organisation, asked: Question) -> object:
    return cadence.rows(ask, at, them, asked.period, owner=asked.owner)


def _cadences(_: Store, ask: Tables, at: Moments, them: Organisation, asked: Question) -> object:
    return cadence.rows(ask, at, them, asked.period)


def _week(_: Store, ask: Tables, at: Moments, them: Organisation, asked: Question) -> object:
    return follow_ups.rows(ask, at, them, Period.week_of(at.day))


def _ledger(store: Store, ask: Tables, at: Moments, them: Organisation, _: Question) -> object:
    return contracts.rows(ask, at, them, currency=store.currency)


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
    ("cadence of a quarter, one owner", _cadence, OWN),
    ("cadence of a quarter, everybody", _cadences, EVERY),
    ("follow-ups of a week", _week, (WEEK,)),
    ("contracts of a quarter", _contracts, (LEDGER + SIGNED + BY_NUMBER, PLACED, MEMBERS, MERGES)),
    ("contracts, the whole ledger", _ledger, (LEDGER + BY_NUMBER, PLACED, MEMBERS, MERGES)),
    ("receivables, one owner", _owed, (OUTSTANDING + OF_ONE + BY_DUE, MEMBERS, MERGES)),
    ("receivables, everybody", _receivables, (OUTSTANDING + BY_DUE, MEMBERS, MERGES)),
)
"""For the agenda the follow-ups are those since the quarter began: the windows of its customers may be that old."""
