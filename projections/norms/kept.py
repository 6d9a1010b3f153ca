"""How each norm is kept in a week: for every person whom it concerns, in how many cases of how many.

A norm is a function of what is asked about a week, as a measure of the scorecard is. To add one, give it a line in NORMS
with the policy that sets it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple

from domain.period import Period
from projections.customers import STOOD, stood_at
from projections.events import event
from projections.records.ask import found
from projections.scorecard.ask import ALWAYS
from projections.scorecard.measures import Found, Measure, Measured, Question, cadence, entry, of_one
from projections.scorecard.shared import Shared

FILES: Final = f"""
SELECT t.owner, f.filled, f.fields, COUNT(*) FROM {{tracked}} c {STOOD} AND t.owner IS NOT NULL AND t.stage NOT IN ('lost', 'invalid')
"""
ALIKE: Final = " GROUP BY t.owner, f.filled, f.fields"
RECALLED: Final = """
SELECT a.changes, l.position, l.event_id, l.name, l.stream FROM {log} l JOIN {audit_entries} a ON a.position = l.position
WHERE l.name = 'customer.recalled' AND a.day BETWEEN ? AND ? AND a.moment <= ? AND a.position <= ? ORDER BY l.position
"""
SIGNED: Final = """
SELECT f.owner, f.day, l.position, l.event_id, l.name, l.stream FROM {facts} f JOIN {log} l ON l.position = f.source
WHERE f.measure = 'signed' AND l.name = 'contract.signed' AND f.day BETWEEN ? AND ?
 AND f.since <= ? AND f.ends > ? AND f.known_from <= ? AND f.known_to > ? ORDER BY l.position
"""
LONGEST: Final = 400
"""Days back within which a contract was signed whose hand-over is due in a week."""

Cases = dict[str, list[tuple[bool, list[dict[str, Any]]]]]


class Norm(NamedTuple):
    """A norm: the policy that sets it, and how it was kept."""

    policy: str
    kept: Measure


def _counted(cases: Cases) -> Found:
    """Return how many cases of each person were good, with the events behind all."""
    return {
        login: Measured(sum(good for good, _ in some), len(some), [each for _, events in some for each in events])
        for login, some in cases.items()
    }


def _values(question: Question, policy: str) -> Mapping[str, Any]:
    (held,) = question.organisation.in_force(question.moments.day, policy)
    values: Mapping[str, Any] = held["values"]
    return values


def file(question: Question) -> Found:
    """Return how many of each person's customers have a file of the agreed completeness at the week's end."""
    least = Fraction(_values(question, "file-completeness")["share"])
    counted: dict[str, tuple[int, int]] = {}
    for owner, filled, fields, count in _files(question):
        good, whole = counted.get(owner, (0, 0))
        counted[owner] = (good + count * (Fraction(filled, fields) >= least), whole + count)
    return {owner: Measured(*both) for owner, both in counted.items()}


def _files(question: Question) -> list[tuple[Any, ...]]:
    """Return how many customers of each owner have so many fields filled of so many: (owner, filled, fields, count)."""
    known = question.shared.files if question.shared else {}
    at = question.moments.micros
    if at not in known:
        by, own = of_one(question)
        known[at] = question.ask(FILES + by + ALIKE, (*stood_at(question.moments), *own))
    return known[at]


def pool(question: Question) -> Found:
    """Return how many of each person's customers stayed theirs: those at the week's end, and those that the pool took back."""
    if _values(question, "pool")["recall_after"] is None:
        return {}
    kept = Counter[str]()
    for owner, _, _, count in _files(question):
        kept[owner] += count
    days = (question.period.first.toordinal(), question.period.last.toordinal())
    known = (question.moments.micros, question.moments.position)
    lost: dict[str, list[dict[str, Any]]] = {}
    for changes, *told in question.ask(RECALLED, (*days, *known)):
        former = next(new for field, _, new in json.loads(changes) if field == "former")
        lost.setdefault(former, []).append(event(told))
    return {
        owner: Measured(kept[owner], kept[owner] + len(lost.get(owner, ())), lost.get(owner, ()))
        for owner in {**dict.fromkeys(lost), **kept}
    }


def hand_over(question: Question) -> Found:
    """Return how many contracts whose hand-over was due in the week were handed over by then, by who signed them."""
    days, period, moments = _values(question, "hand-over")["working_days"], question.period, question.moments
    known = (moments.micros, moments.micros, moments.position, moments.position)
    first = period.first.toordinal() - LONGEST
    calendar = question.organisation.calendar()
    shared = question.shared or Shared(question.ask, moments)
    cases: Cases = {}
    ends: dict[int, date] = {}
    for owner, ordinal, *told in question.ask(SIGNED, (first, period.last.toordinal(), *known)):
        due = ends.get(ordinal) or ends.setdefault(ordinal, calendar.deadline(date.fromordinal(ordinal), days))
        if not owner or question.owner not in (None, owner) or not period.contains(due) or due > moments.day:
            continue
        mine = [each for each in shared.handed_over if each.content.get("contract") == told[3] and each.opened <= due]
        cases.setdefault(owner, []).append((bool(mine), [event(told), *(n for each in mine for n in each.named())]))
    return _counted(cases)


def report(question: Question) -> Found:
    """Return for everybody in a group whether their week, or their group's, was reviewed by the agreed day, due in this week."""
    days = _values(question, "report-days")["working_days"]
    if days is None:
        return {}
    organisation, moments = question.organisation, question.moments
    before = Period.week_of(date.fromordinal(question.period.first.toordinal() - 1))
    due = organisation.calendar().deadline(before.last, days)
    if due > moments.day or not question.period.contains(due):
        return {}
    held = [each for each in found(question.ask, moments, "review") if each.opened <= due]
    weekly = [each for each in held if (each.content["kind"], each.content.get("period")) == ("weekly", before.name)]
    cases: Cases = {}
    for person in organisation.persons():
        group = organisation.group_of(person.login, before.last)
        if group and person.role in ALWAYS and not (person.departed and person.departed[:10] <= due.isoformat()):
            groups = organisation.above(group)
            mine = [r for r in weekly if r.content.get("owner") == person.login or _of(r.content, groups)]
            cases[person.login] = [(bool(mine), [named for review in mine for named in review.named()])]
    return _counted(cases)


def _of(scope: Mapping[str, Any], groups: list[str]) -> bool:
    """Say whether a review is of the work of one of these groups, and not of one person's, or of everybody's."""
    return scope.get("owner") is None and scope.get("group") in (None, *groups)


NORMS: Final[Mapping[str, Norm]] = {
    "entry": Norm("entry-deadline", entry),
    "cadence": Norm("cadence", cadence),
    "file": Norm("file-completeness", file),
    "report": Norm("report-days", report),
    "pool": Norm("pool", pool),
    "hand-over": Norm("hand-over", hand_over),
}
