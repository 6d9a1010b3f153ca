"""The question which grades customers have had: an interval for each, as it was known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from domain.kernel.action import given
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import STOOD, chunks, stood_at
from projections.queries.events import named
from projections.queries.organisation import Organisation
from projections.views.column import Column
from projections.views.columns import COMPANY, CUSTOMER_ID
from projections.views.parameters import CUSTOMERS_GROUP, CUSTOMERS_OWNER, Customer, Grade
from projections.views.spec import Query, View, view

NEEDS: Final = ("tracking", "holdings", "audit", "organisation")
GRADED: Final = """
SELECT l.stream, a.day, l.position FROM {{log}} l JOIN {{audit_entries}} a ON a.position = l.position
WHERE l.stream IN ({marks}) AND l.name = 'customer.graded' AND l.position <= ? AND a.moment <= ?
 AND NOT EXISTS (SELECT 1 FROM {{audit_corrections}} c JOIN {{log}} v ON v.position = c.position
                 WHERE c.corrected = l.position AND c.position <= ? AND v.name = 'event.voided')
ORDER BY l.stream, a.day, l.position
"""
GRADINGS: Final = f"""
SELECT c.customer, f.company, t.owner, g.day, g.grade, g.need_fit, g.budget, g.decision_chain, g.override, g.unmet, g.actor,
       g.reason, g.sources
FROM {{gradings}} g CROSS JOIN {{tracked}} c {STOOD} AND c.number = g.number AND g.moment <= ?
 AND g.known_from <= ? AND g.known_to > ?
"""
IN_ORDER: Final = " ORDER BY g.number, g.day, g.position"
OWNED: Final = " AND t.owner = ? AND g.number IN (SELECT o.number FROM {tracking} o WHERE o.owner = ?)"
SHOWN: Final = (
    *("customer", "company", "grade", "from", "to", "days", "working_days", "need_fit", "budget", "decision_chain"),
    *("override", "unmet", "by", "reason"),
)

Grading = Sequence[Any]
"""A row of GRADINGS."""


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    *,
    customer: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    grade: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the intervals of each customer's grades, the first captured first; asks what NEEDS names.

    `from` and `to` are the first and the last day of the grade, `to` null for the one that it has; a grade that was given again
    goes on. `owner` and `group` are those of the as-of day.
    """
    sql, params = GRADINGS, [*stood_at(moments), moments.micros, moments.position, moments.position]
    more: list[str] = []
    if customer is not None:
        sql, more = f"{sql} AND c.customer = ?", [customer]
    if owner is not None:
        sql, more = sql + OWNED, [*more, owner, owner]
    found = ask(sql + IN_ORDER, (*params, *more))
    if group is not None:
        members = {login for login in {row[2] for row in found} if _in(group, login, organisation, moments.day)}
        found = [row for row in found if row[2] in members]
    spans = _Spans(organisation, moments.day.toordinal())
    shown: list[dict[str, Any]] = []
    behind: list[str] = []
    for run, until in _intervals(found):
        first, last = run[0], run[-1]
        if grade in (None, first[4]):
            unmet = json.loads(first[9]) if first[9] else []
            told = (*first[:2], first[4], *spans[first[3], until], *last[5:8], bool(first[8]), unmet, *first[10:12])
            shown.append(dict(zip(SHOWN, told, strict=True)))
            if explain:
                behind.append(",".join(row[12][1:-1] for row in run))
    return _explained(ask, moments, shown, behind) if explain else shown


def _in(group: str, owner: str | None, organisation: Organisation, day: date) -> bool:
    return owner is not None and organisation.group_of(owner, day) == group


def _intervals(found: Sequence[Grading]) -> list[tuple[list[Grading], int | None]]:
    """Return the runs of one grade of each customer with the day before the next one's; of two of one day the last counts."""
    runs: list[tuple[list[Grading], int | None]] = []
    who, open_run = None, []
    for row in found:
        if row[0] != who:
            who, open_run = row[0], [row]
            runs.append((open_run, None))
        elif open_run[-1][4] == row[4]:
            open_run.append(row)
        elif open_run[0][3] == row[3]:
            open_run[:] = [row]
        else:
            runs[-1] = (open_run, row[3] - 1)
            open_run = [row]
            runs.append((open_run, None))
    return runs


class _Spans(dict[tuple[int, int | None], tuple[str, str | None, int, int]]):
    """What a row says of its interval: the first and the last day, and how many days and working days it takes, once each."""

    def __init__(self, organisation: Organisation, today: int) -> None:
        super().__init__()
        self._calendar, self._today = organisation.calendar(), today

    def __missing__(self, interval: tuple[int, int | None]) -> tuple[str, str | None, int, int]:
        begun, ended = interval
        first, until = date.fromordinal(begun), date.fromordinal(ended or self._today)
        last = until.isoformat() if ended else None
        days = (until - first).days + 1
        told = self[interval] = (first.isoformat(), last, days, self._calendar.working_days(first, until))
        return told


def _explained(ask: Ask, moments: AsOf, shown: Sequence[dict[str, Any]], behind: Sequence[str]) -> list[dict[str, Any]]:
    several = [[int(position) for position in sources.split(",")] for sources in behind]
    events = named(ask, (position for some in several for position in some), moments)
    return [
        {**row, "events": [e for position in some for e in events[position]]}
        for row, some in zip(shown, several, strict=True)
    ]


def in_force(ask: Ask, moments: AsOf, customers: Iterable[str]) -> dict[int, list[dict[str, Any]]]:
    """Return by position of each grading that stands the days on which it was the last one, as a change of the audit."""
    found: dict[int, list[dict[str, Any]]] = {}
    for marks, some in chunks(customers):
        given = ask(GRADED.format(marks=marks), (*some, moments.position, moments.micros, moments.position))
        for (customer, day, position), after in zip(given, [*given[1:], None], strict=False):
            following = after[1] if after and after[0] == customer else None
            if following is None or following > day:
                last = None if following is None else date.fromordinal(following - 1).isoformat()
                first = date.fromordinal(day).isoformat()
                found[position] = [{"field": "in_force", "from": first, "to": last}]
    return found


@view(
    "grades",
    title="Grades",
    about="A row for each interval in which a customer had a grade.",
    example="sales grades 某某科技有限公司",
    needs=NEEDS,
    key=("customer", "from"),
)
class Grades(View):
    """Show from when to when a customer had which grade, by whom and for what it was given, overridden or not."""

    customer: Customer | None = given(
        "The customer: id, key or exact name; all unless given.", default=None, positional=True
    )
    grade: Grade | None = given("Only intervals of this grade.", default=None)
    owner: Login | None = CUSTOMERS_OWNER
    group: GroupCode | None = CUSTOMERS_GROUP

    COLUMNS = (
        COMPANY,
        Column("grade", "Grade", meaning="initial, high or key."),
        Column("from", "From", "date", meaning="First day of the grade."),
        Column("to", "To", "date", meaning="Last day; null for the grade that it has."),
        Column("days", "Days", "count", meaning="Days in it, up to the as-of day."),
        Column("need_fit", "Need", meaning="As it was known last in the interval."),
        Column("budget", "Budget", meaning="As it was known last in the interval."),
        Column("decision_chain", "Decision chain", meaning="As it was known last in the interval."),
        Column("by", "By", meaning="Who gave it.", form="login"),
        Column(
            "unmet", "Criteria not met", "list", missing="", form="list of text",
            meaning="The criteria that were not met.", eye=lambda row: row["unmet"] or None,
        ),
        Column("reason", "Reason", missing="", meaning="Why."),
        Column("working_days", "Working days", "count", wide=True, meaning="Working days in it."),
        Column(
            "override", "Override", form="true or false", wide=True,
            meaning="Whether it was given although a criterion was not met.",
        ),
        CUSTOMER_ID._replace(wide=True),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whose: Any = {"customer": self.customer, "owner": self.owner, "group": self.group, "grade": self.grade}
        return rows(q.ask, q.moments, q.organisation, **whose, explain=q.explain)
