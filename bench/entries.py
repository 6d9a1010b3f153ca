"""What is asked of the log and of one subject, with the floor of each as plain SQL on the same tables."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import projections.views.audit as audit
import projections.views.corrections as corrections
import projections.views.guide.view as guide
import projections.views.late_entries as late
import projections.views.subject.customer as customer
import projections.views.tracking as tracking
from bench.asking import CALENDARS, HELD, HERE, MERGES, POLICIES, STOOD, asked_of, entry_days
from bench.lists import SIGNALLED, listed
from domain.calendar.period import Period
from projections.engine.lifecycles import BY_KIND
from projections.views.movers import movers

if TYPE_CHECKING:
    from bench.model import Ours, Question
    from infra.read_models.connection import ReadConnection
    from infra.store.store import Store
    from projections.engine.as_of import AsOf
    from projections.queries.organisation import Organisation

OF_PERIOD = f"f.day BETWEEN :first AND :last AND {HELD.format(r='f')}"
FILE = f"""
SELECT w.*, p.name, m.groups FROM (SELECT c.customer, f.*, t.* FROM {{tracked}} c {STOOD} AND c.customer = :subject) w
LEFT JOIN {{persons}} p ON p.login = w.owner AND p.known_from <= :known AND p.known_to > :known
LEFT JOIN {{memberships}} m ON m.login = w.owner AND :day BETWEEN m.first AND m.last AND m.known_from <= :known AND m.known_to > :known
"""
NOW = HELD.format(r="r")
RECORDS = f"""
SELECT r.kind, r.item, r.state, r.opened, r.closed, r.said, r.steps FROM {{records}} r
WHERE r.kind IN (%s) AND r.subject = :subject AND +r.closed IS NULL AND {NOW} ORDER BY r.opened, r.position
""" % ", ".join(f"'{kind}'" for kind in BY_KIND)
"""What is open of a customer: its next actions, plans, needs, proposals, quotes, visits and all the rest."""
SIGNALS = listed("signal", SIGNALLED, only=" AND r.subject = :subject")
NAMING = "SELECT l.stream FROM {audit_named} n CROSS JOIN log l WHERE n.subject = :subject AND l.position = n.position"
OPPORTUNITIES = f"""
SELECT o.* FROM {{opportunities}} o WHERE o.opportunity IN ({NAMING} AND l.stream LIKE 'opp%')
 AND {HELD.format(r="o")} ORDER BY o.opened
"""
CONTRACTS = """
SELECT k.contract, c.* FROM {contract_names} b CROSS JOIN {contracted} k CROSS JOIN {contracts} c
WHERE b.subject = :subject AND k.begun = b.begun AND c.begun = k.begun AND k.begun <= :known
 AND c.since = (SELECT r.since FROM {contracts} r WHERE r.begun = k.begun AND r.since <= :micros
                AND r.known_from <= :known AND r.known_to > :known ORDER BY r.since DESC LIMIT 1)
 AND c.known_from <= :known AND c.known_to > :known
"""
PRACTICES = f"""
SELECT r.subject, json_extract(r.said, '$.kind'), json_extract(r.said, '$.text') FROM {{records}} r
CROSS JOIN (SELECT c.customer, t.stage, t.grade, t.objections FROM {{tracked}} c {STOOD} AND c.customer = :subject) w
WHERE r.kind = 'practice' AND r.closed IS NULL AND {NOW}
 AND COALESCE(json_extract(r.said, '$.stage'), w.stage) = w.stage
 AND COALESCE(json_extract(r.said, '$.grade'), w.grade, '') = COALESCE(w.grade, '')
 AND (json_extract(r.said, '$.objection') IS NULL
  OR instr(COALESCE(w.objections, ''), json_extract(r.said, '$.objection'))) ORDER BY +r.opened, r.position
"""
AROUND = (MERGES, CALENDARS, POLICIES)
HOME = """
LEFT JOIN log b ON b.stream = l.stream AND b.version = 1 AND l.stream NOT LIKE 'cus%'
LEFT JOIN {audit_entries} h ON h.position = b.position
LEFT JOIN {tracked} c ON c.customer = COALESCE((SELECT json_extract(j.value, '$[2]') FROM json_each(h.changes) j
  WHERE json_extract(j.value, '$[0]') = 'customer'), l.stream)
LEFT JOIN {tracking} t ON t.number = c.number AND t.known_from <= :known
 AND t.known_to > :known AND t.since = (SELECT r.since FROM {tracking} r WHERE r.number = c.number AND r.since <= :micros
  AND r.known_from <= :known AND r.known_to > :known ORDER BY r.since DESC LIMIT 1)
LEFT JOIN {tracking_once} f ON f.number = t.number AND f.once = t.once
"""
"""The customer behind an event: its stream's own, or the one that a contract or an opportunity was begun for."""
LATE = f"""
WITH RECURSIVE days (day) AS (SELECT :first UNION ALL SELECT d.day + 1 FROM days d WHERE d.day < :last),
ends AS MATERIALIZED (SELECT d.day, (SELECT l.position FROM log l
  WHERE l.recorded < strftime('%Y-%m-%dT16:00:00', (d.day - 719163) * 86400, 'unixepoch')
  ORDER BY l.recorded DESC LIMIT 1) AS over FROM days d)
SELECT l.*, a.day, c.customer, f.company FROM ends d CROSS JOIN {{audit_entries}} a CROSS JOIN log l {HOME}
WHERE a.day = d.day AND a.position > d.over AND a.position <= :known AND a.moment <= :micros AND l.position = a.position
ORDER BY a.position
"""
CORRECTIONS = f"""
WITH near (position, corrected) AS (
 SELECT k.position, k.corrected FROM {{audit_entries}} e CROSS JOIN {{audit_corrections}} k
 WHERE e.day BETWEEN :first AND :end AND k.position = e.position UNION
 SELECT k.position, k.corrected FROM {{audit_entries}} e CROSS JOIN {{audit_corrections}} k
 WHERE e.day BETWEEN :first AND :last AND k.corrected = e.position)
SELECT l.*, a.changes, w.*, o.day, c.customer, f.company
FROM near n CROSS JOIN {{audit_entries}} a CROSS JOIN {{audit_entries}} o CROSS JOIN log l CROSS JOIN log w {HOME}
WHERE a.position = n.position AND o.position = n.corrected AND l.position = n.position AND w.position = n.corrected
 AND n.position <= :known AND o.moment <= :micros ORDER BY n.position
"""
MOVED = """
SELECT f.measure, f.owner, f.currency, f.known_from, f.known_to, f.amount FROM {facts} f
WHERE f.measure IN ('signed', 'collected', 'invoiced', 'delivered', 'leads', 'valid-leads', 'follow-ups', 'new-customers')
 AND f.day BETWEEN :first AND :last AND f.since <= :micros AND f.ends > :micros
 AND (f.known_from IN (SELECT k.position FROM {audit_corrections} k)
   OR f.known_to IN (SELECT k.position FROM {audit_corrections} k))
"""
MOVERS = f"""
SELECT s.*, l.*, {HERE}, m.groups, o.company, (SELECT MAX(k.position) FROM {{audit_corrections}} k
  WHERE k.corrected = s.source AND k.position <= :known),
 (SELECT MAX(k.position) FROM log d CROSS JOIN {{audit_corrections}} k
  WHERE d.stream = l.stream AND d.name = 'contract.drafted' AND k.corrected = d.position AND k.position <= :known)
FROM (SELECT f.*, SUM(f.amount) OVER (PARTITION BY f.measure, f.currency) AS total,
  ROW_NUMBER() OVER (PARTITION BY f.measure, f.currency ORDER BY ABS(f.amount) DESC, f.day, f.source) AS place
 FROM {{facts}} f WHERE f.measure IN ('signed', 'collected') AND {OF_PERIOD}) s JOIN log l ON l.position = s.source
LEFT JOIN {{memberships}} m ON m.login = s.owner AND s.day BETWEEN m.first AND m.last AND m.known_from <= :known AND m.known_to > :known
LEFT JOIN {{tracked}} c ON c.customer = s.customer
LEFT JOIN {{tracking}} t ON t.number = c.number AND t.stage <> '' AND t.known_from <= :known AND t.known_to > :known
 AND t.since = (SELECT r.since FROM {{tracking}} r WHERE r.number = c.number AND r.since <= :micros
  AND r.known_from <= :known AND r.known_to > :known ORDER BY r.since DESC LIMIT 1)
LEFT JOIN {{tracking_once}} o ON o.number = t.number AND o.once = t.once
WHERE s.place <= 10 ORDER BY s.measure, s.currency, s.place
"""
AUDIT = f"""
SELECT l.position, l.event_id, l.name, l.stream, l.occurred, {HERE}, l.actor, l.recorder, l.source, l.key, l.reason,
 a.changes, a.day, CASE WHEN l.name IN ('event.corrected', 'event.voided')
  THEN (SELECT MAX(k.corrected) FROM {{audit_corrections}} k WHERE k.position = l.position) END,
 (SELECT MAX(k.position) FROM {{audit_corrections}} k WHERE k.corrected = l.position AND k.position <= :known)
FROM {{audit_entries}} a CROSS JOIN log l WHERE l.position = a.position AND +a.position <= :known AND a.moment <= :micros
"""
GRADED = """
SELECT l.position, a.day, LEAD(a.day) OVER (PARTITION BY l.stream ORDER BY a.day, l.position)
FROM log l CROSS JOIN {audit_entries} a
WHERE l.stream IN (SELECT g.stream FROM {audit_entries} a CROSS JOIN log g
  WHERE g.position = a.position AND g.name = 'customer.graded' AND +a.position <= :known AND a.moment <= :micros%s)
 AND l.name = 'customer.graded' AND a.position = l.position AND l.position <= :known AND a.moment <= :micros
 AND NOT EXISTS (SELECT 1 FROM {audit_corrections} k CROSS JOIN log v WHERE k.corrected = l.position AND k.position <= :known
                 AND v.position = k.position AND v.name = 'event.voided')
"""
"""From when to when each of the gradings shown was the customer's last one."""
OF_WEEK = " AND a.day BETWEEN :monday AND :until"
OF_ACTOR = " AND a.actor = :owner"
OF_PERSON = """
 AND a.position IN (SELECT s.position FROM log s WHERE s.stream = 'per_' || :owner
  UNION SELECT n.position FROM {audit_named} n WHERE n.subject = 'per_' || :owner
  UNION SELECT d.position FROM {audit_entries} d WHERE d.actor = :owner
  UNION SELECT e.position FROM {audit_entered} e WHERE e.recorder = :owner)"""
OF_CUSTOMER = """
 AND a.position IN (SELECT s.position FROM log s WHERE s.stream = :subject
  UNION SELECT n.position FROM {audit_named} n WHERE n.subject = :subject)"""
HISTORY = """
SELECT l.*, a.changes FROM log l JOIN {audit_entries} a ON a.position = l.position
WHERE (l.stream = :subject OR l.position IN (SELECT n.position FROM {audit_named} n WHERE n.subject = :subject))
 AND l.position <= :known AND a.moment <= :micros ORDER BY l.position
"""


def _movers(store: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return movers(ask, asked.period, at, them, currency=store.currency)


def _week(_: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return audit.rows(ask, at, them, period=Period.week_of(date.fromisoformat(asked.as_of)))


def _acted(_: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return audit.rows(ask, at, them, actor=asked.owner)


def _person(_: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return audit.rows(ask, at, them, subject=f"per_{asked.owner}")


def _of_customer(_: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return audit.rows(ask, at, them, subject=asked.subject)


def _guide(store: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    stood = tracking.rows(ask, at, them, currency=store.currency, customer=asked.subject)
    return [guide.of_customer(ask, at, them, row) for row in stood]


def _show(store: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    now = customer.standing(store.history, asked.subject, at)
    return now.events and (customer.sheet(now, at, them), customer.records(ask, now, at, them))


VIEWS: tuple[tuple[Any, ...], ...] = (
    ("late entries of a quarter", asked_of(late.rows, period=True), (LATE,)),
    ("corrections of a quarter", asked_of(corrections.rows, period=True), (CORRECTIONS, MOVED)),
    ("movers of a quarter", _movers, (MOVERS, MERGES, CALENDARS), (entry_days(1, -5),)),
    ("guide, a customer", _guide, (FILE, HISTORY, PRACTICES, *AROUND)),
)
AUDITS: tuple[tuple[str, Ours, tuple[str, ...]], ...] = (
    *(
        (name, ours, (f"{AUDIT}{of} ORDER BY a.position", GRADED % of, CALENDARS))
        for name, ours, of in (
            ("audit of a customer", _of_customer, OF_CUSTOMER),
            ("audit of a week", _week, OF_WEEK),
            ("audit of an actor", _acted, OF_ACTOR),
            ("audit of a person", _person, OF_PERSON),
        )
    ),
    ("show, a customer", _show,
     (f"{AUDIT}{OF_CUSTOMER} ORDER BY a.position", FILE, RECORDS, SIGNALS, OPPORTUNITIES, CONTRACTS, *AROUND)),
)  # fmt: skip
"""What shows sealed values opened, those of the events that the first statement reads: bench/sealed.py has their floors."""
