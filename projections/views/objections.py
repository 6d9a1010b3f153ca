"""Questions about objections: which there were, what became of each, and how long those of a kind were open."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import ratio
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf, days_within
from projections.engine.projection import Ask
from projections.queries.customers import standing, survivors
from projections.queries.events import named
from projections.queries.groups import Groups
from projections.queries.organisation import Organisation
from projections.queries.rows import grouped
from projections.views.column import Column, Summary
from projections.views.columns import COMPANY, CUSTOMER_ID, GROUP, OWNER
from projections.views.parameters import CUSTOMERS_GROUP, CUSTOMERS_OWNER
from projections.views.spec import Query, View, view

ROWS: Final = """
SELECT o.customer, o.item, o.logged, o.answered, o.resolved, o.kind, o.words, o.answer, o.outcome, o.actor, o.sources,
       f.company, t.owner
FROM {objections} o LEFT JOIN {tracked} c ON c.customer = o.customer
LEFT JOIN {tracking} t ON t.number = c.number AND t.stage <> '' AND t.known_from <= ? AND t.known_to > ?
 AND t.since = (SELECT r.since FROM {tracking} r WHERE r.number = c.number AND r.since <= ?
                AND r.known_from <= ? AND r.known_to > ? ORDER BY r.since DESC LIMIT 1)
LEFT JOIN {tracking_once} f ON f.number = t.number AND f.once = t.once
WHERE o.since <= ? AND o.ends > ? AND o.known_from <= ? AND o.known_to > ?
"""
"""The objections as they stood, each with its customer if that stood too; one merged into another did not."""


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period | None = None,
    *,
    currency: str = "",
    kind: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    still_open: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the objections logged in a period (in all without one), the first logged first, as they stood.

    An objection to a lead that was merged by then is its survivor's, with the lead's id before its `item`.
    """
    known = (moments.position, moments.position)
    sql = ROWS
    params: list[Any] = [*known, moments.micros, *known, moments.micros, moments.micros, *known]
    if period:
        sql += " AND o.logged BETWEEN ? AND ?"
        params += days_within(moments, period)
    if still_open:
        sql += " AND o.resolved IS NULL"
    if kind is not None:
        sql, params = f"{sql} AND o.kind = ?", [*params, kind]
    found, today = ask(sql, params), moments.day.toordinal()
    merged = survivors(ask, moments)
    who = standing(ask, moments, {merged[row[0]] for row in found if row[0] in merged})
    groups, days = Groups(organisation, moments.day), _Days({None: None})
    shown: list[tuple[int, int, str, dict[str, Any]]] = []
    for row in found:
        home, item, logged, answered, resolved, named_kind, words, answer, outcome, actor, sources, company, holder = (
            row
        )
        customer = merged.get(home, home)
        if customer is not home:
            into = who.get(customer)
            company, holder = (into.company, into.owner) if into else (None, None)
        if (owner not in (None, holder)) or (group is not None and group != groups[holder]):
            continue
        told = {
            "customer": customer,
            "company": company,
            "item": item if home == customer else f"{home}/{item}",
            "kind": named_kind,
            "words": words,
            "logged": days[logged],
            "by": actor,
            "answered": days[answered],
            "answer": answer,
            "resolved": days[resolved],
            "outcome": outcome,
            "state": "resolved" if resolved else "answered" if answered else "open",
            "days_open": (resolved or today) - logged,
            "owner": holder,
            "group": groups[holder],
        }
        shown.append((logged, _first(sources), sources, told))
    shown.sort(key=lambda each: each[:2])
    lines = [told for *_, told in shown]
    return _explained(ask, lines, [sources for _, _, sources, _ in shown], moments) if explain else lines


def _explained(ask: Ask, shown: Sequence[dict[str, Any]], behind: Sequence[str], moments: AsOf) -> list[dict[str, Any]]:
    several = [json.loads(sources) for sources in behind]
    events = named(ask, (position for some in several for position in some), moments, corrections=True)
    return [
        {**row, "events": [event for position in some for event in events[position]]}
        for row, some in zip(shown, several, strict=True)
    ]


def by_kind(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a line for each kind among the rows, the most frequent first: how many, how they stand, and how long it took.

    `median_days` is of those resolved, null while none is; `resolved_share` the resolved of all.
    """
    lines = []
    for kind, some in sorted(grouped(rows, "kind").items(), key=lambda each: (-len(each[1]), each[0])):
        days = [row["days_open"] for row in some if row["state"] == "resolved"]
        states = [row["state"] for row in some]
        line = {"kind": kind, "count": len(some)}
        line |= {state: states.count(state) for state in ("open", "answered", "resolved")}
        middle = format(median(days), "g") if days else None
        lines.append({**line, "resolved_share": str(ratio(len(days), len(some))), "median_days": middle})
    return lines


def _first(sources: str) -> int:
    """Return the first position of a JSON list of them."""
    return int(sources[1:-1].partition(",")[0])


class _Days(dict[int | None, str | None]):
    """Days as they are shown, by their ordinals."""

    def __missing__(self, ordinal: int | None) -> str:
        day = self[ordinal] = date.fromordinal(ordinal or 1).isoformat()
        return day


KINDS: Final = (
    Column("kind", "Kind", meaning="What they are about."),
    Column("count", "Count", "count", meaning="How many were logged."),
    Column("open", "Open", "count", meaning="Those not answered."),
    Column("answered", "Answered", "count", meaning="Those answered and not resolved."),
    Column("resolved", "Resolved", "count", meaning="Those resolved."),
    Column("resolved_share", "Resolved share", "ratio", meaning="resolved / count."),
    Column(
        "median_days", "Median days", "count", form="number",
        meaning="Days that the resolved ones were open, the middle one; null while none is.",
    ),
)  # fmt: skip


@view(
    "objections",
    title="Objections",
    about="A row an objection, the first logged first.",
    example="sales objections --period 2024Q1 --kind price",
    needs=("objections", "tracking", "pipeline", "organisation"),
    key=("customer", "item"),
    period="any",
    period_help="Only objections logged in this period.",
)
class Objections(View):
    """Show what customers objected to, what was answered, how it ended, and how many days it was open."""

    kind: str | None = given("Only objections of this kind, as price.", default=None)
    owner: Login | None = CUSTOMERS_OWNER
    group: GroupCode | None = CUSTOMERS_GROUP
    open: bool = given("Only those not resolved yet, answered or not.", default=False)

    EXPLAINED_BY = ("audit",)
    COLUMNS = (
        COMPANY,
        Column("kind", "Kind", meaning="What it is about."),
        Column("words", "In their words", meaning="In the customer's words."),
        Column(
            "state", "State", meaning="open, answered or resolved; an answered one is open until it is resolved."
        ),
        Column("answer", "Answered with", meaning="That answer."),
        Column("outcome", "Outcome", meaning="How it ended."),
        Column("days_open", "Days open", "count", meaning="Days from logging to resolving, or to the as-of day."),
        OWNER,
        Column("logged", "Logged", "date", meaning="When it was raised."),
        GROUP,
        Column("answered", "Answer given on", "date", wide=True, meaning="When it was answered last."),
        Column("resolved", "Resolved", "date", wide=True, meaning="When it was resolved."),
        Column("by", "Logged by", wide=True, meaning="Who logged it.", form="login"),
        Column(
            "item", "Item", wide=True, meaning="Its number there, as o1; after a merge with the lead's id before it."
        ),
        CUSTOMER_ID._replace(wide=True),
    )  # fmt: skip
    SUMMARY = Summary(
        "A line for each kind instead: how many, resolved, and in how many days.",
        "Objections by kind",
        KINDS,
        by_kind,
        about="A row a kind, the most frequent first.",
        asked="sales objections --summary --json",
    )
    DIGEST = (
        *("customer", "company", "item", "kind", "logged", "by", "answered", "resolved", "state", "days_open"),
        *("owner", "group"),
    )

    def rows(self, q: Query) -> list[dict[str, Any]]:
        return rows(
            q.ask, q.moments, q.organisation, q.period, kind=self.kind, owner=self.owner, group=self.group,
            still_open=self.open, explain=q.explain,
        )  # fmt: skip
