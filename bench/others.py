"""What is asked of customers, of targets and plans, with the floor of each as plain SQL on the same tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import projections.views.disputes as disputes
import projections.views.duplicates as duplicates
import projections.views.funnel.view as funnel
import projections.views.grades as grades
import projections.views.objections as objections
import projections.views.plans.view as plans
import projections.views.playbook as playbook
import projections.views.pool as pool
import projections.views.resources as resources
import projections.views.stages as stages
import projections.views.targets.view as targets
from bench import entries
from bench.asking import BEHIND, CALENDARS, HELD, MEMBERS, MERGES, SIDE, STOOD, TOLD, asked_of

if TYPE_CHECKING:
    from bench.model import Question
    from infra.read_models.connection import ReadConnection
    from infra.store.store import Store
    from projections.engine.as_of import AsOf
    from projections.queries.organisation import Organisation

WHOSE = (MEMBERS, MERGES)
H, R, J, F = (HELD.format(r=letter) for letter in "hrof")

GRADES = f"""
SELECT w.*, w.position IS NULL FROM (
 SELECT c.customer, f.company, g.*, LAG(g.grade) OVER w AS before, LEAD(g.day) OVER w - 1 AS last
 FROM {{gradings}} g CROSS JOIN {{tracked}} c {STOOD} AND c.number = g.number AND g.moment <= :micros
  AND g.known_from <= :known AND g.known_to > :known WINDOW w AS (PARTITION BY g.number ORDER BY g.day, g.position)) w
WHERE w.grade IS NOT w.before ORDER BY w.number, w.day, w.position
"""
DUPLICATES = f"""
SELECT c.customer, f.company, t.owner, d.customer, g.company, u.owner, a.likeness
FROM {{alike}} a CROSS JOIN {{names_told}} m CROSS JOIN {{names_told}} n
CROSS JOIN {{tracked}} c CROSS JOIN {{tracking}} t CROSS JOIN {{tracking_once}} f
CROSS JOIN {{tracked}} d CROSS JOIN {{tracking}} u CROSS JOIN {{tracking_once}} g
WHERE a.other <= :known AND m.form = a.one AND n.form = a.other AND m.number <> n.number
 AND (a.one <> a.other OR m.number < n.number)
 AND {SIDE.format(c="c", t="t", f="f", number="m.number")} AND f.company = m.company
 AND {SIDE.format(c="d", t="u", f="g", number="n.number")} AND g.company = n.company
 AND t.stage <> 'invalid' AND u.stage <> 'invalid' ORDER BY a.likeness DESC, m.number, n.number
"""
POOL = f"""
SELECT c.customer, f.*, t.grade, t.last_contact, h.* FROM {{holdings}} h CROSS JOIN {{tracked}} c {STOOD} AND c.number = h.number
 AND {H} AND t.owner IS NULL AND t.stage <> 'invalid'
 AND h.number IN (SELECT o.number FROM {{tracking}} o WHERE o.owner IS NULL) ORDER BY h.held, c.customer
"""
DUE = f"""
SELECT c.customer, f.company, t.owner, t.grade, t.last_contact, t.next_actions, h.*
FROM {{holdings}} h CROSS JOIN {{tracked}} c {STOOD} AND c.number = h.number AND {H} AND h.owner IS NOT NULL
 AND t.owner IS NOT NULL AND t.stage NOT IN ('signed', 'performing', 'completed', 'invalid') AND h.untouched <= :until - 10
ORDER BY h.untouched, c.customer
"""
DISPUTES = f"""
SELECT r.*, c.customer, f.company, t.owner, l.event_id, a.changes FROM {{records}} r CROSS JOIN {TOLD} CROSS JOIN {{tracked}} c
{STOOD} AND r.kind = 'dispute' AND {R} AND {BEHIND} AND c.customer = r.customer ORDER BY r.opened
"""
FIRST = """
SELECT l.stream, l.actor, MIN(l.recorded) FROM {records} r CROSS JOIN log l
WHERE r.kind = 'dispute' AND l.stream = r.subject AND l.position <= :known GROUP BY l.stream, l.actor
"""
OBJECTIONS = f"""
SELECT c.customer, f.company, t.owner, o.* FROM {{objections}} o CROSS JOIN {{tracked}} c {STOOD} AND c.customer = o.customer
 AND {J}%s ORDER BY o.logged, o.sources
"""
PLANS = f"""
SELECT r.*, l.*, a.changes FROM {{records}} r CROSS JOIN {TOLD} WHERE r.kind = 'plan' AND {R} AND {BEHIND}
 AND r.subject IN (SELECT d.stream FROM {{targets}} t CROSS JOIN {{audit_named}} n CROSS JOIN log d
                   WHERE t.period = :period AND n.subject = t.target AND d.position = n.position AND d.name = 'plan.drafted')
"""
TOUCHES = f"""
SELECT r.opened, r.actor, r.customer, r.channel, r.sources FROM {{records}} r
WHERE r.kind = 'follow-up' AND r.touch = 1 AND r.opened BETWEEN :first AND :last AND {R} ORDER BY r.opened, r.sources
"""
OF_PERIOD = f"f.day BETWEEN :first AND :last AND {F}"
LEADS = f"SELECT f.day, f.owner, f.customer, f.source FROM {{facts}} f WHERE f.measure = 'valid-leads' AND {OF_PERIOD}"
AIMS = """
SELECT t.* FROM {targets} t WHERE t.known_from <= :known AND t.known_to > :known AND t.since = (
 SELECT MAX(r.since) FROM {targets} r WHERE r.target = t.target AND r.since <= :micros AND r.known_from <= :known
  AND r.known_to > :known) ORDER BY (SELECT MIN(b.known_from) FROM {targets} b WHERE b.target = t.target)
"""
REACHED = f"SELECT f.measure, f.owner, f.currency, SUM(f.amount) FROM {{facts}} f WHERE {OF_PERIOD} GROUP BY 1, 2, 3"
AGAIN = """
SELECT k.owner, COUNT(*), SUM(k.customer IN (
 SELECT s.customer FROM {facts} s WHERE s.measure = 'contract' AND s.day BETWEEN :first AND :last AND s.since <= :micros
  AND s.known_from <= :known AND s.known_to > :known))
FROM {facts} k WHERE k.measure = 'key-account' AND k.since < :start AND k.ends >= :start AND k.known_from <= :known
 AND k.known_to > :known AND k.customer IN (
 SELECT s.customer FROM {facts} s WHERE s.measure = 'contract' AND s.day < :first AND s.ends > :micros
  AND s.known_from <= :known AND s.known_to > :known) GROUP BY k.owner
"""
PERSONS = "SELECT p.*, m.* FROM {persons} p LEFT JOIN {memberships} m ON m.login = p.login WHERE p.known_to > :known"
GROUPS = "SELECT g.* FROM {groups_known} g WHERE g.known_from <= :known AND g.known_to > :known"
FUNNEL = f"""
SELECT l.customer, l.day, l.owner, f.channel, f.campaign, t.stage, t.grade, t.last_contact, t.amounts,
 (SELECT 1 FROM {{facts}} v WHERE v.measure = 'valid-leads' AND v.day = l.day AND v.customer = l.customer
   AND {HELD.format(r="v")}),
 (SELECT MIN(w.since) FROM {{tracking}} w WHERE w.number = c.number AND w.grade IS NOT NULL AND w.since <= :micros
   AND w.known_from <= :known AND w.known_to > :known),
 (SELECT MIN(w.since) FROM {{tracking}} w WHERE w.number = c.number AND w.last_contact IS NOT NULL AND w.since <= :micros
   AND w.known_from <= :known AND w.known_to > :known),
 (SELECT MIN(a.day) FROM {{audit_named}} n CROSS JOIN log o CROSS JOIN {{audit_entries}} a WHERE n.subject = l.customer
   AND o.position = n.position AND o.name = 'opportunity.opened' AND a.position = o.position AND a.moment <= :micros
   AND a.position <= :known)
FROM {{facts}} l CROSS JOIN {{tracked}} c {STOOD} AND l.measure = 'leads' AND l.day BETWEEN :first AND :last
 AND {HELD.format(r="l")} AND c.number = l.source
"""
SIGNED = f"""
SELECT f.customer, MIN(f.day) FROM {{facts}} f WHERE f.measure = 'contract' AND f.day >= :first AND {F} GROUP BY 1
"""
STAGES = """
SELECT o.opportunity, o.since, o.step, o.status, o.stage, o.owner FROM {opportunities} o WHERE o.opportunity IN (
 SELECT q.opportunity FROM {opportunities} q WHERE q.since <= :micros AND q.known_from <= :known AND q.known_to > :known
 GROUP BY q.opportunity HAVING MIN(q.since) BETWEEN :start AND :start + (:last - :first + 1) * 86400000000 - 1)
 AND o.since <= :micros AND o.known_from <= :known AND o.known_to > :known ORDER BY o.opportunity, o.since, o.step
"""
PRACTICES = f"""
SELECT r.subject, r.state, r.opened, r.closed, r.actor, r.steps, json_extract(r.said, '$.kind'),
 json_extract(r.said, '$.stage'), json_extract(r.said, '$.grade'), json_extract(r.said, '$.objection'),
 json_extract(r.said, '$.text'), json_extract(r.said, '$.review'), json_extract(r.said, '$.finding') FROM {{records}} r
WHERE r.kind = 'practice' AND {R} AND r.closed IS NULL ORDER BY +r.opened, r.position
"""
USED = """
SELECT n.subject, n.position FROM {records} r CROSS JOIN {audit_named} n CROSS JOIN log l
WHERE r.kind = 'practice' AND n.subject = r.subject AND n.position <= :known AND l.position = n.position
 AND l.name = 'customer.objection_answered'
"""
RESOURCES = f"""
SELECT r.*, l.*, a.changes FROM {{records}} r CROSS JOIN {TOLD} WHERE r.kind = 'resource' AND {R} AND {BEHIND}
ORDER BY r.opened
"""


def _playbook(_: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return playbook.rows(ask, at)


VIEWS: tuple[tuple[Any, ...], ...] = (
    ("grades, every customer", asked_of(grades.rows), (GRADES,)),
    ("duplicates", asked_of(duplicates.rows), (DUPLICATES,)),
    ("pool", asked_of(pool.rows), (POOL,)),
    ("who is due for the pool", asked_of(pool.due), (DUE,)),
    ("disputes", asked_of(disputes.rows), (DISPUTES, FIRST)),
    ("objections", asked_of(objections.rows), (OBJECTIONS % "", *WHOSE)),
    (
        "objections of a quarter",
        asked_of(objections.rows, period=True),
        (OBJECTIONS % " AND o.logged BETWEEN :first AND :last", *WHOSE),
    ),
    (
        "objections still open",
        asked_of(objections.rows, still_open=True),
        (OBJECTIONS % " AND o.resolved IS NULL", *WHOSE),
    ),
    ("plans of a quarter", asked_of(plans.rows, period=True), (PLANS, TOUCHES, LEADS)),
    (
        "targets of a quarter",
        asked_of(targets.rows, period=True, currency=True),
        (AIMS, REACHED, AGAIN, PERSONS, GROUPS),
    ),
    ("funnel of a quarter", asked_of(funnel.rows, period=True, currency=True), (FUNNEL, SIGNED)),
    ("funnel by channel", asked_of(funnel.rows, period=True, currency=True, by="channel"), (FUNNEL, SIGNED)),
    ("time in stage", asked_of(stages.rows, period=True), (STAGES,)),
    ("playbook", _playbook, (PRACTICES, USED)),
    *entries.VIEWS,
    ("resources", asked_of(resources.rows), (RESOURCES, CALENDARS)),
)
