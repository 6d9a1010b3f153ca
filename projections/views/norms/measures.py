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
from operator import itemgetter
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from projections.queries.customer_records import behind
from projections.queries.events import event
from projections.queries.records import stood
from projections.views.scorecard.inputs import LONGEST
from projections.views.scorecard.measures import Found, Measure, Measured, Question, cadence, entry
from projections.views.scorecard.view import ALWAYS

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
    enough: dict[tuple[int, int], bool] = {}
    counted: dict[str, tuple[int, int]] = {}
    for (owner, filled, fields, kept), count in question.shared.files(question.period).items():
        if not kept:
            continue
        if (filled, fields) not in enough:
            enough[filled, fields] = Fraction(filled, fields) >= least
        good, whole = counted.get(owner, (0, 0))
        counted[owner] = (good + count * enough[filled, fields], whole + count)
    return {owner: Measured(*both) for owner, both in counted.items()}


def pool(question: Question) -> Found:
    """Return how many of each person's customers stayed theirs: those at the week's end, and those that the pool took back."""
    if _values(question, "pool")["recall_after"] is None:
        return {}
    kept = Counter[str]()
    for (owner, _, _, looked_after), count in question.shared.files(question.period).items():
        if looked_after:
            kept[owner] += count
    lost: dict[str, list[dict[str, Any]]] = {}
    for changes, *told in question.shared.recalled(question.period):
        former = next(new for field, _, new in json.loads(changes) if field == "former")
        lost.setdefault(former, []).append(event(told))
    return {
        owner: Measured(kept[owner], kept[owner] + len(lost.get(owner, ())), lost.get(owner, ()))
        for owner in {**dict.fromkeys(lost), **kept}
    }


def hand_over(question: Question) -> Found:
    """Return how many contracts whose hand-over was due in the week were handed over by then, by who signed them."""
    days, period, moments = _values(question, "hand-over")["working_days"], question.period, question.moments
    first, last = period.first.toordinal() - LONGEST, min(period.last, moments.day)
    calendar = question.organisation.calendar()
    due = {
        ordinal: calendar.deadline(date.fromordinal(ordinal), days)
        for ordinal in question.shared.signed
        if first <= ordinal <= period.last.toordinal()
    }
    cases: Cases = {}
    several = [
        (position, event((position, *told)), owner, day)
        for ordinal, day in due.items()
        if period.first <= day <= last
        for owner, since, ends, position, *told in question.shared.signed[ordinal]
        if since <= moments.micros < ends and owner and question.owner in (None, owner)
    ]
    for _, signing, owner, day in sorted(several, key=itemgetter(0)):
        mine = [each for each in question.shared.handed_over.get(signing["subject"], ()) if each.opened <= day]
        cases.setdefault(owner, []).append((bool(mine), [signing, *(n for each in mine for n in each.named())]))
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
    held = [each for each in stood(question.ask, moments, "review") if each.opened <= due]
    weekly = [each for each in held if (each.said["kind"], each.said.get("period")) == ("weekly", before.name)]
    told = behind(question.ask, moments, weekly)
    cases: Cases = {}
    for person in organisation.persons():
        group = organisation.group_of(person.login, before.last)
        if group and person.role in ALWAYS and not (person.departed and person.departed[:10] <= due.isoformat()):
            groups = organisation.above(group)
            mine = [n for n, r in enumerate(weekly) if r.said.get("owner") == person.login or _of(r.said, groups)]
            cases[person.login] = [(bool(mine), [named for n in mine for named in told[n]])]
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
