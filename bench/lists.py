"""What a rep asks in the morning, with the floor of each list as plain SQL on the same tables: same rows, columns, order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import projections.views.after_sales as after_sales
import projections.views.agenda as agenda
import projections.views.collaborations as collaborations
import projections.views.follow_ups as follow_ups
import projections.views.proposals as proposals
import projections.views.quotes as quotes
import projections.views.reviews as reviews
import projections.views.signals as signals
from bench.asking import CALENDARS, HERE, MERGES, POLICIES, due_days, entry_days
from bench.judging import OWED, OWED_OWN
from domain.calendar.period import Period

if TYPE_CHECKING:
    from bench.model import Ours, Question
    from infra.read_models.connection import ReadConnection
    from infra.store.store import Store
    from projections.engine.as_of import AsOf
    from projections.queries.organisation import Organisation

HELD = (
    "%(r)s.since <= %(micros)s AND %(r)s.ends > %(micros)s AND %(r)s.known_from <= :known AND %(r)s.known_to > :known"
)
NOW = HELD % {"r": "r", "micros": ":micros"}
THEN = HELD % {"r": "a", "micros": ":micros"}
OF = """
SELECT r.item, r.customer, r.state, r.opened, r.closed, r.actor, f.company, t.owner, t.grade, m.groups%(columns)s
FROM %(source)s CROSS JOIN {tracked} c CROSS JOIN {tracking} t CROSS JOIN {tracking_once} f
LEFT JOIN {memberships} m ON m.login = t.owner AND :until BETWEEN m.first AND m.last AND m.known_from <= :known AND m.known_to > :known
%(joined)s
WHERE r.kind = '%(kind)s' AND %(held)s%(only)s
 AND c.customer = r.customer AND t.number = c.number AND f.number = c.number AND f.once = t.once
 AND t.since = (SELECT s.since FROM {tracking} s WHERE s.number = c.number AND s.since <= :micros
                AND s.known_from <= :known AND s.known_to > :known ORDER BY s.since DESC LIMIT 1)
 AND t.known_from <= :known AND t.known_to > :known AND t.stage <> ''
ORDER BY +r.opened, r.position
"""
MINE = """ AND r.subject IN (
 SELECT k.customer FROM {tracked} k CROSS JOIN {tracking} w WHERE w.number = k.number AND w.owner = :owner
  AND k.number IN (SELECT o.number FROM {tracking} o WHERE o.owner = :owner)
  AND w.since = (SELECT s.since FROM {tracking} s WHERE s.number = k.number AND s.since <= :micros
                 AND s.known_from <= :known AND s.known_to > :known ORDER BY s.since DESC LIMIT 1)
  AND w.known_from <= :known AND w.known_to > :known AND w.stage <> '')"""
OPEN = """(
 SELECT i.kind, i.subject, i.item, i.since, i.known_from FROM {records} i
 WHERE i.kind = '%(kind)s' AND %(closed)s AND i.since <= %(micros)s AND i.ends > %(micros)s
  AND i.known_from <= :known AND i.known_to > :known) k CROSS JOIN {records} r"""
SAME = " AND r.kind = k.kind AND r.subject = k.subject AND r.item = k.item AND r.since = k.since AND r.known_from = k.known_from"
WITHIN = " AND r.opened BETWEEN :first AND :last"
WEEK = " AND r.opened BETWEEN :monday AND :until"
FIRST = "(SELECT MIN(a.opened * 1099511627776 + a.position) FROM {records} a WHERE a.kind = '%s' AND a.subject = r.subject AND %s)"
AFTER = "(+a.opened > r.opened OR (+a.opened = r.opened AND a.position > r.position))"
TOUCHED = FIRST % ("follow-up", f"a.touch = 1 AND +a.opened > r.opened AND {THEN}")
QUOTED = FIRST % ("quote", f"{AFTER} AND {THEN}")
DELIVERED = f"""(SELECT json_extract(a.steps, '$[0]') FROM {{records}} a WHERE a.kind = 'proposal' AND a.subject = r.subject
 AND a.closed IS NOT NULL AND {AFTER} AND {THEN} ORDER BY +a.opened LIMIT 1)"""
CONTRACTED = """(SELECT MIN(e.day * 1099511627776 + l.position) FROM {audit_named} n CROSS JOIN log l CROSS JOIN {audit_entries} e
 WHERE n.subject = r.subject AND l.position = n.position AND l.name IN ('contract.drafted', 'contract.signed')
  AND e.position = l.position AND e.moment <= :micros AND e.position <= :known AND e.day >= r.opened)"""
LOGGED = ", l.occurred, l.recorded, l.recorder"
BESIDE = "LEFT JOIN log l ON l.position = r.position"
AGREED = f"""
SELECT a.subject, a.item, a.state, a.closed, json_extract(a.said, '$.what'), json_extract(a.said, '$.due'),
 json_extract(a.said, '$.working_days'), json_extract(a.said, '$.counted_from'), json_extract(a.said, '$.follow_up')
FROM {{records}} a WHERE a.kind = 'next-action' AND a.opened BETWEEN %s AND {THEN} ORDER BY a.opened, a.position
"""


def said(*names: str) -> str:
    """Return the columns that a record says."""
    return "".join(f", json_extract(r.said, '$.{name}')" for name in names)


def listed(kind: str, columns: str, **more: str) -> str:
    """Return the statement of a list of records of a kind."""
    told = {"source": "{records} r", "joined": "", "held": NOW, "only": "", **more}
    return OF % {"kind": kind, "columns": columns, **told}


def still_open(
    kind: str, columns: str, closed: str = "i.closed IS NULL", micros: str = ":micros", joined: str = ""
) -> str:
    """Return the statement of a list of those that are open, found in an index."""
    source = OPEN % {"kind": kind, "closed": closed, "micros": micros}
    held = HELD % {"r": "r", "micros": micros}
    return listed(kind, columns, source=source, held=held, only=SAME, joined=joined)


DUE = said("what", "due", "working_days", "counted_from")
PLANNED = said("on", "what", "channel", "contact") + LOGGED
SIGNALLED = said("kind", "words") + f", {TOUCHED}, {QUOTED}, {DELIVERED}, {CONTRACTED}"
UNTOUCHED = f" AND {TOUCHED} IS NULL"
FOLLOWED = (
    said("channel", "reached", "contact", "feedback", "need_change", "summary", "plan")
    + f", l.occurred, {HERE}, l.recorder"
)
REQUESTED = said("what", "departments", "due", "working_days", "counted_from") + ", r.steps"
ISSUED = said("number", "amount", "currency", "valid_until", "opportunity", "replaces")
ASKED = said("department", "what", "words", "due", "working_days", "counted_from") + ", r.steps"
SERVED = (
    said("kind", "words", "feedback", "contract", "to", "score", "outcome", "due", "working_days", "counted_from")
    + ", r.steps"
)

AGENDA_OWN = (
    listed("next-action", DUE, only=MINE + " AND +r.closed IS NULL"),
    listed("planned-follow-up", PLANNED, joined=BESIDE, only=MINE + " AND +r.closed IS NULL"),
    listed("planned-follow-up", PLANNED, joined=BESIDE, held=HELD % {"r": "r", "micros": ":sunday"},
           only=MINE + " AND +r.closed BETWEEN :until + 1 AND :week_ends"),
    listed("signal", SIGNALLED, only=MINE + UNTOUCHED),
    *OWED_OWN,
)  # fmt: skip
AGENDA = (
    still_open("next-action", DUE),
    still_open("planned-follow-up", PLANNED, micros=":sunday", joined=BESIDE),
    still_open("planned-follow-up", PLANNED, "i.closed BETWEEN :until + 1 AND :week_ends", ":sunday", BESIDE),
    listed("signal", SIGNALLED, only=UNTOUCHED),
    *OWED,
)
FOUND = said("kind", "cause", "what", "words", "evidence", "finding", "owner", "due", "working_days", "counted_from")
REVIEWED = f"""
SELECT r.kind, r.subject, r.item, r.state, r.opened, r.closed, r.actor{FOUND},
 json_extract(v.said, '$.period', '$.opportunity', '$.group', '$.owner', '$.kind')
FROM {{records}} r CROSS JOIN {{records}} v
WHERE r.kind IN ('review', 'finding', 'improvement') AND {NOW} AND v.kind = 'review' AND v.subject = r.subject
 AND {HELD % {"r": "v", "micros": ":micros"}} ORDER BY v.opened, v.position, r.kind, r.position
"""
AFTER_SALES = tuple(listed(kind, SERVED) for kind in after_sales.RECORDS)
ALSO = (MERGES, CALENDARS)
"""Whose records those of a merged lead are, and which days are worked, as it was known."""
CLOSED = 4


def _asked(
    rows: Any, how: str, store: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question
) -> object:
    """Ask a list for everybody: `own` of one owner, `week` or `quarter` of a period, else in all."""
    if how in ("week", "quarter"):
        return rows(ask, at, them, Period.week_of(at.day) if how == "week" else asked.period)
    return rows(ask, at, them, **({"owner": asked.owner} if how == "own" else {}))


def _view(rows: Any, how: str = "") -> Ours:
    return partial(_asked, rows, how)


VIEWS: tuple[tuple[Any, ...], ...] = (
    ("agenda, one owner", _view(agenda.rows, "own"), AGENDA_OWN, (due_days(11),)),
    ("agenda, everybody", _view(agenda.rows), AGENDA, (due_days(11),)),
    ("follow-ups of a week", _view(follow_ups.rows, "week"),
     (listed("follow-up", FOLLOWED, only=WEEK, joined=BESIDE), AGREED % ":monday AND :until", *ALSO, POLICIES),
     (entry_days(3, -2), due_days(5))),
    ("follow-ups of a quarter", _view(follow_ups.rows, "quarter"),
     (listed("follow-up", FOLLOWED, only=WITHIN, joined=BESIDE), AGREED % ":first AND :last", *ALSO, POLICIES),
     (entry_days(3, -2), due_days(5))),
    ("signals, all", _view(signals.rows), (listed("signal", SIGNALLED),)),
    ("signals of a quarter", _view(signals.rows, "quarter"), (listed("signal", SIGNALLED, only=WITHIN),)),
    ("proposals, all", _view(proposals.rows), (listed("proposal", REQUESTED), *ALSO), (due_days(12, CLOSED),)),
    ("quotes, all", _view(quotes.rows), (listed("quote", ISSUED),)),
    ("collaborations, all", _view(collaborations.rows), (listed("collaboration", ASKED), *ALSO), (due_days(13, CLOSED),)),
    ("reviews, all", _view(reviews.rows), (REVIEWED, *ALSO), (due_days(14, 5),)),
    ("after-sales, all", _view(after_sales.rows), (*AFTER_SALES, *ALSO), (due_days(17, CLOSED),) * 4),
)  # fmt: skip
"""With what is reckoned beside the rows of each statement."""
