"""The events that moved a period's sums most: what was signed, amended, cancelled and received."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Literal

from domain.calendar.moment import Days
from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import ratio, text_of, units_text
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import chunks, standing, survivors
from projections.queries.events import named
from projections.queries.organisation import Organisation
from projections.views.column import Column, only_json
from projections.views.columns import (
    COMPANY,
    CURRENCY,
    CUSTOMER,
    EVENT_ID,
    EVENT_NAME,
    EVENT_SUBJECT,
    GROUP,
    OWNER,
    POSITION,
    RECORDED,
)
from projections.views.parameters import Several, Sum
from projections.views.progress.custom_metrics import as_facts, measure_of, metric_of
from projections.views.spec import Query, View, view

MEASURES: Final = ("signed", "collected")
MANY: Final = 10
MOVERS: Final = """
SELECT s.measure, s.currency, s.place, s.amount, s.total, s.day, s.customer, s.owner,
       l.position, l.event_id, l.name, l.stream, l.recorded, l.actor
FROM (SELECT f.measure, f.currency, f.amount, f.day, f.customer, f.owner, f.source,
             SUM(f.amount) OVER (PARTITION BY f.measure, f.currency) AS total,
             ROW_NUMBER() OVER (PARTITION BY f.measure, f.currency ORDER BY ABS(f.amount) DESC, f.day, f.source) AS place
      FROM {facts} f
      WHERE f.measure IN ({marks}) AND f.amount <> 0 AND f.day BETWEEN ? AND ? AND f.since <= ? AND f.ends > ?
       AND f.known_from <= ? AND f.known_to > ?) s
JOIN {{log}} l ON l.position = s.source WHERE s.place <= ?
"""
CORRECTED: Final = """
SELECT l.stream, l.name, c.corrected, c.position FROM {{log}} l JOIN {{audit_corrections}} c ON c.corrected = l.position
WHERE l.stream IN ({marks}) AND c.position <= ? ORDER BY c.position
"""


def movers(
    ask: Ask,
    period: Period,
    moments: AsOf,
    organisation: Organisation,
    *,
    currency: str,
    count: int = MANY,
    measures: Sequence[str] = MEASURES,
    metric: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the `count` events that moved each measure most, whichever way: signed first, each currency apart.

    With `metric`, one that the team has defined as a sum, they are its events.

    `share` is of the sum of the period in that measure and currency, null where that is 0. `corrected_by` is the last
    correction of the event or of the contract's draft, from which a signing has its amount.
    """
    days = (period.first.toordinal(), min(period.last, moments.day).toordinal())
    known = (moments.position, moments.position)
    own = as_facts(organisation, period, metric) if metric else None
    if metric:
        measures = (measure_of(metric),)
    facts = f"({own.sql})" if own else "{facts}"
    sql = MOVERS.format(facts=facts, marks=", ".join("?" * len(measures)))
    found = ask(sql, (*(own.params if own else ()), *measures, *days, moments.micros, moments.micros, *known, count))
    found.sort(key=lambda row: (measures.index(row[0]), row[1] != currency, row[1], row[2]))
    merged = survivors(ask, moments)
    companies = standing(ask, moments, (merged.get(row[6], row[6]) for row in found))
    corrections = _corrections(ask, [row[11] for row in found], moments)
    calendar, days_of = organisation.calendar() if found else None, Days(moments.zone)
    shown = []
    for measure, unit, place, amount, total, ordinal, home, owner, position, identity, name, subject, *entry in found:
        day, customer = date.fromordinal(ordinal), merged.get(home, home)
        recorded, entered = days_of.recorded(entry[0])
        by = corrections.get(position) or (corrections.get(subject) if name.startswith("contract.") else None)
        shown.append(
            {
                "measure": metric_of(measure),
                "place": place,
                "amount": units_text(amount),
                "currency": unit,
                "share": text_of(ratio(amount, int(total))),
                "day": day.isoformat(),
                "customer": customer,
                "company": companies[customer].company if customer in companies else None,
                "owner": owner or None,
                "group": organisation.group_of(owner, day) if owner else None,
                "late_days": calendar.late_days(day, date.fromordinal(entered)),  # type: ignore[union-attr]
                "corrected": by is not None,
                "corrected_by": by,
                "position": position,
                "event": identity,
                "name": name,
                "subject": subject,
                "recorded": recorded,
                "actor": entry[1],
            }
        )
    return _explained(ask, shown, moments) if explain else shown


def _corrections(ask: Ask, subjects: Sequence[str], moments: AsOf) -> dict[int | str, int]:
    """Return the last correction of each event of these contracts, and under a contract's id that of its draft."""
    found: dict[int | str, int] = {}
    for marks, some in chunks(subjects):
        for subject, name, corrected, position in ask(CORRECTED.format(marks=marks), (*some, moments.position)):
            found[corrected] = position
            if name == "contract.drafted":
                found[subject] = position
    return found


def _explained(ask: Ask, shown: Sequence[dict[str, Any]], moments: AsOf) -> list[dict[str, Any]]:
    corrections = {row["corrected_by"] for row in shown} - {None}
    behind = named(ask, [*(row["position"] for row in shown), *corrections], moments)
    return [
        {**row, "events": [e for p in (row["position"], row["corrected_by"]) if p for e in behind[p]]} for row in shown
    ]


@view(
    "movers",
    title="Movers",
    about="A row an event, the one that moved a measure most first.",
    asked="sales movers --period 2024Q1 --json",
    example="sales movers --period 2024Q1 -n 5",
    needs=("progress", "tracking", "pipeline", "audit", "records", "organisation"),
    key=("measure", "currency", "place"),
    period="present",
)
class Movers(View):
    """Show the events that moved what was signed and collected in a period most, up or down, with their share of the sum."""

    count: Several | None = given("How many events of each measure; 10 unless given.", default=None)
    measure: Literal["signed", "collected"] | None = given(
        "Only what was signed, or only what was collected.", default=None
    )
    metric: Sum | None = given("Instead, what moved a sum that the team has defined.", default=None)

    COLUMNS = (
        COMPANY,
        Column("measure", "Measure", meaning="signed or collected."),
        Column("amount", "Amount", "amount", meaning="What it added, negative for what it took."),
        Column(
            "share", "Share", "ratio", missing="n/a",
            meaning="amount / sum of the period in that measure and currency; null where that is 0.",
        ),
        EVENT_NAME,
        Column("day", "Day", "date", meaning="The day on which it counts."),
        OWNER._replace(missing="nobody", meaning="To whom it is credited; null for nobody."),
        GROUP._replace(meaning="The owner's group on that day."),
        Column(
            "late_days", "Late", "count", eye=lambda row: row["late_days"] or None,
            meaning="Working days from that day to its entry.",
        ),
        Column("corrected_by", "Corrected by", "count", meaning="The position of the last such correction."),
        CURRENCY._replace(meaning="Of the amount."),
        POSITION,
        EVENT_SUBJECT,
        only_json("place", "count", "1 for the one that moved the measure most in its currency."),
        CUSTOMER,
        only_json(
            "corrected", "true or false", "Whether it, or the draft that its amount stands in, was corrected."
        ),
        EVENT_ID,
        RECORDED._replace(title=""),
        only_json("actor", "login", "Whose act it is."),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        return movers(
            q.ask, q.in_period, q.moments, q.organisation, currency=q.currency, count=self.count or MANY,
            measures=(self.measure,) if self.measure else MEASURES, metric=self.metric, explain=q.explain,
        )  # fmt: skip
