"""How work was done against what was agreed: cadence, norms, scorecard and capacity, with the floor of each as plain SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import projections.views.cadence.view as cadence
import projections.views.norms.view as norms
import projections.views.plans.capacity as capacity
import projections.views.scorecard.view as scorecard
from bench.asking import BEHIND, CALENDARS, HELD, POLICIES, TOLD
from domain.calendar.period import Period

if TYPE_CHECKING:
    from bench.model import Ours, Question
    from infra.read_models.connection import ReadConnection
    from infra.store.store import Store
    from projections.engine.as_of import AsOf
    from projections.queries.organisation import Organisation

QUARTER = {"first": ":first", "end": ":end", "start": ":start"}
NOW = {"first": ":until", "end": "(:until + 13)", "start": ":micros"}
WEEK = {"first": ":monday", "end": "(:monday + 6)", "start": ":week"}
ALL = {"own": "", "by": "r", "of": ""}
ONE = {
    "own": " AND g.number IN (SELECT o.number FROM {graded} o WHERE o.owner = :owner)",
    "by": "+r",
    "of": " AND r.subject IN (SELECT o.customer FROM {graded} o WHERE o.owner = :owner)",
}
WINDOWS = """
WITH RECURSIVE weeks(week) AS (
 SELECT (%(first)s - 1) / 7 UNION ALL SELECT week + 1 FROM weeks WHERE week * 7 + 14 <= %(end)s AND week * 7 + 8 <= :until),
turns(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM turns WHERE n < 7),
held AS MATERIALIZED (
 SELECT g.number, g.customer, g.company, g.grade, g.owner, g.day, g.begun,
  COALESCE(LEAD(g.day) OVER (PARTITION BY g.number ORDER BY g.since) - 1, %(end)s) AS until
 FROM {graded} g WHERE g.since <= :micros AND g.ends > MIN(%(start)s, :micros)
  AND g.known_from <= :known AND g.known_to > :known AND (g.grade IS NOT NULL OR g.since > %(start)s)%(own)s),
met AS MATERIALIZED (
 SELECT r.customer, r.opened, r.since FROM {records} r
 WHERE r.kind = 'follow-up' AND %(by)s.opened BETWEEN %(first)s - 13 AND :until AND r.touch = 1 AND r.since <= :micros
  AND r.ends > :micros AND r.known_from <= :known AND r.known_to > :known%(of)s),
touched AS MATERIALIZED (
 SELECT g.number, CASE g.grade WHEN 'initial' THEN (m.opened - g.begun) / 14 ELSE (m.opened - 1) / 7 END AS place,
  COUNT(DISTINCT m.opened) AS days
 FROM met m CROSS JOIN {tracked} k CROSS JOIN {graded} g
 WHERE k.customer = m.customer AND g.number = k.number AND g.since <= m.since AND g.ends > m.since
  AND g.known_from <= :known AND g.known_to > :known AND g.grade IS NOT NULL GROUP BY 1, 2),
spans AS (
 SELECT h.number, h.customer, h.company, h.grade, h.owner, w.week AS place,
  MAX(w.week * 7 + 1, h.begun) AS first, MIN(w.week * 7 + 7, h.until) AS last
 FROM held h CROSS JOIN weeks w
 WHERE h.grade IN ('key', 'high') AND w.week * 7 + 7 >= h.day AND w.week * 7 + 1 <= h.until AND w.week * 7 + 7 <= %(end)s
 UNION ALL
 SELECT h.number, h.customer, h.company, h.grade, h.owner, MAX(%(first)s - h.begun, 0) / 14 + t.n AS place,
  h.begun + (MAX(%(first)s - h.begun, 0) / 14 + t.n) * 14 AS first,
  MIN(h.begun + (MAX(%(first)s - h.begun, 0) / 14 + t.n) * 14 + 13, h.until) AS last
 FROM held h CROSS JOIN turns t
 WHERE h.grade = 'initial' AND h.begun + (MAX(%(first)s - h.begun, 0) / 14 + t.n) * 14 <= MIN(h.until, :until)
  AND h.begun + (MAX(%(first)s - h.begun, 0) / 14 + t.n) * 14 + 13 <= %(end)s)
"""
"""The windows by the policy as it ships: a week, for initial two from the day of grading."""

KEPT = "FROM spans s LEFT JOIN touched m ON m.number = s.number AND m.place = s.place"
ROWS = f"{WINDOWS} SELECT s.*, m.days {KEPT} ORDER BY s.last, s.first, s.company, s.customer"
COUNTED = f"""
{WINDOWS} SELECT owner, last / 7, COUNT(*), SUM(m.days >= CASE s.grade WHEN 'key' THEN 2 ELSE 1 END) {KEPT} GROUP BY 1, 2
"""
FILES = """
SELECT f.owner, f.filled, f.fields, f.kept, COUNT(*) FROM {files} f
WHERE f.since <= :micros AND f.ends > :micros AND f.known_from <= :known AND f.known_to > :known GROUP BY 1, 2, 3, 4
"""
ENDS = """
WITH RECURSIVE weeks(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM weeks WHERE n * 7 + 13 < :end - :first),
ends(n, micros) AS MATERIALIZED (
 SELECT n, MIN(:start + (n + 1) * 604800000000 - 1, :micros) FROM weeks WHERE :start + n * 604800000000 <= :micros)
"""
FILES_BY_WEEK = f"""
{ENDS} SELECT e.n, f.owner, SUM(f.filled * 10 >= f.fields * 8), COUNT(*) FROM {{files}} f CROSS JOIN ends e
WHERE f.since <= e.micros AND f.ends > e.micros AND f.since <= :micros AND f.ends > :start AND f.kept = 1
 AND f.known_from <= :known AND f.known_to > :known GROUP BY 1, 2
"""
GRADED_BY_WEEK = f"""
{ENDS} SELECT e.n, g.owner, g.grade, COUNT(*) FROM {{graded}} g CROSS JOIN ends e
WHERE g.since <= e.micros AND g.ends > e.micros AND g.since <= :micros AND g.ends > :start
 AND g.grade IS NOT NULL AND g.known_from <= :known AND g.known_to > :known GROUP BY 1, 2, 3
"""
ENTERED = """
SELECT (a.day - %(first)s) / 7, l.actor, COUNT(*), SUM(julianday(l.recorded) - a.day > 1721426.5)
FROM {audit_entries} a CROSS JOIN log l
WHERE a.day BETWEEN %(first)s AND %(end)s AND a.moment <= :micros AND a.position <= :known AND l.position = a.position
 AND l.source <> 'system' GROUP BY 1, 2
"""
SIGNED = """
SELECT f.owner, f.day, l.position FROM {facts} f CROSS JOIN log l
WHERE f.measure = 'signed' AND f.day BETWEEN %(first)s - 400 AND %(end)s AND f.since <= :micros AND f.known_from <= :known
 AND f.known_to > :known AND l.position = f.source AND l.name = 'contract.signed'
"""
PERSONS = "SELECT login, name, role FROM {persons} WHERE known_from <= :known AND known_to > :known"
TARGETS = """
SELECT t.* FROM {targets} t WHERE t.period = :period AND t.known_from <= :known AND t.known_to > :known
 AND t.since = (SELECT MAX(r.since) FROM {targets} r WHERE r.target = t.target AND r.since <= :micros
                AND r.known_from <= :known AND r.known_to > :known)
"""
REACHED = """
SELECT f.measure, f.owner, f.currency, SUM(f.amount) FROM {facts} f
WHERE f.measure IN ('signed', 'collected', 'new-customers') AND f.day BETWEEN :first AND :last AND f.since <= :micros
 AND f.ends > :micros AND f.known_from <= :known AND f.known_to > :known GROUP BY 1, 2, 3
"""
PLANS = f"""
SELECT r.subject, r.state, r.said, l.name, l.actor, a.day, a.changes
FROM (SELECT DISTINCT t.target FROM {{targets}} t WHERE t.period IN (:before, :period, :after)) t
CROSS JOIN {{audit_named}} n CROSS JOIN log d CROSS JOIN {{records}} r CROSS JOIN {TOLD}
WHERE n.subject = t.target AND d.position = n.position AND d.name = 'plan.drafted' AND r.kind = 'plan' AND r.subject = d.stream
 AND {HELD.format(r="r")} AND {BEHIND}
"""
"""The plans of the weeks of a quarter, those at its edges whole: of three quarters, without those of withdrawn targets."""
WITHDRAWN = """
SELECT t.target FROM {targets} t WHERE t.state = 'withdrawn' AND t.known_from <= :known AND t.known_to > :known
 AND t.since = (SELECT MAX(r.since) FROM {targets} r WHERE r.target = t.target AND r.since <= :micros
                AND r.known_from <= :known AND r.known_to > :known)
"""
FILED = """
SELECT DISTINCT t.target FROM {targets} t
WHERE t.state = 'filed' AND t.since <= :micros AND t.known_from <= :known AND t.known_to > :known
"""
WERE_IN = "SELECT m.login, m.first, m.last, m.groups FROM {memberships} m WHERE m.known_from <= :known AND m.known_to > :known"
POLICY = (WERE_IN, POLICIES, CALENDARS)
"""Who was in which group when, and by which policies and days it is judged."""


def _cadence(_: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return cadence.rows(ask, at, them, asked.period, owner=asked.owner)


def _cadences(_: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return cadence.rows(ask, at, them, asked.period)


def _norms(_: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return norms.rows(ask, at, them, asked.period)


def _norms_of_week(_: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return norms.rows(ask, at, them, Period.week_of(at.day))


def _scorecard(store: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return scorecard.rows(ask, at, them, asked.period, currency=store.currency)


def _capacity(_: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return capacity.rows(ask, at, them, asked.period)


def _of(days: dict[str, str], *statements: str) -> tuple[str, ...]:
    return tuple(sql % {**ALL, **days} for sql in statements)


OWED, OWED_OWN = _of(NOW, ROWS), (ROWS % {**NOW, **ONE},)
"""The windows that are not over on the day: what an agenda takes from cadence."""
VIEWS: tuple[tuple[str, Ours, tuple[str, ...]], ...] = (
    ("cadence of a quarter, one owner", _cadence, (ROWS % {**QUARTER, **ONE},)),
    ("cadence of a quarter, everybody", _cadences, _of(QUARTER, ROWS)),
    ("norms of a week", _norms_of_week, _of(WEEK, COUNTED, FILES, ENTERED, SIGNED, PERSONS, *POLICY)),
    ("norms of a quarter", _norms, _of(QUARTER, COUNTED, FILES_BY_WEEK, ENTERED, SIGNED, PERSONS, *POLICY)),
    (
        "scorecard of a quarter",
        _scorecard,
        _of(QUARTER, COUNTED, FILES, ENTERED, TARGETS, FILED, REACHED, PERSONS, *POLICY),
    ),
    ("capacity of a quarter", _capacity, _of(QUARTER, GRADED_BY_WEEK, PLANS, WITHDRAWN, *POLICY)),
)
