"""The funnel of a period: of the leads captured in it, how many came how far, and what they signed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import from_units, ratio, text_of
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import chunks, survivors
from projections.queries.organisation import Organisation
from projections.views.column import Column
from projections.views.columns import PLACES
from projections.views.funnel.columns import COLUMNS, SUMS, for_the_eye
from projections.views.parameters import By
from projections.views.spec import Query, View, view

STEPS: Final = ("captured", "valid", "graded", "contacted", "opportunities", "signed")
BOUGHT: Final = ("signed", "performing", "completed")
"""The stages of a customer with a contract."""
CONVERSIONS: Final = (*pairwise(STEPS), ("captured", "signed"))
"""Each step and the one before it, and the last one and the first."""

WITHIN: Final = """
WHERE l.measure = ? AND l.day BETWEEN ? AND ? AND l.since <= ? AND l.ends > ? AND l.known_from <= ? AND l.known_to > ?
"""
FIRST: Final = """CASE WHEN t.{what} IS NOT NULL THEN (
 SELECT MIN(w.since) FROM {{tracking}} w WHERE w.number = l.source AND w.{what} IS NOT NULL AND w.stage <> ''
  AND w.since <= ? AND w.known_from <= ? AND w.known_to > ?) END"""
LEADS: Final = f"""
SELECT l.customer, l.source, l.day, l.owner, f.channel, f.campaign, t.stage, t.amounts,
 {FIRST.format(what="grade")}, {FIRST.format(what="last_contact")}
FROM {{facts}} l LEFT JOIN {{tracking}} t ON t.number = l.source AND t.known_from <= ? AND t.known_to > ?
 AND t.since = (SELECT r.since FROM {{tracking}} r WHERE r.number = l.source AND r.since <= ?
                AND r.known_from <= ? AND r.known_to > ? ORDER BY r.since DESC LIMIT 1)
LEFT JOIN {{tracking_once}} f ON f.number = t.number AND f.once = t.once
{WITHIN} ORDER BY l.day, l.customer, l.source, l.since
"""
"""Each lead, how it stands (without a stage: merged into another), and since when it has been graded and contacted."""

VALID: Final = f"SELECT l.customer FROM {{facts}} l {WITHIN}"
CAPTURED: Final = "SELECT position, changes FROM {{audit_entries}} WHERE position IN ({marks})"
ORIGIN: Final = """
SELECT f.number, f.channel, f.campaign FROM {{tracking}} t JOIN {{tracking_once}} f ON f.number = t.number AND f.once = t.once
WHERE t.number IN ({marks}) AND t.stage <> '' AND t.known_from <= ? AND t.known_to > ? ORDER BY t.since DESC
"""
SIGNINGS: Final = """
SELECT k.customer, MIN(k.day) FROM {facts} k WHERE k.measure = 'contract' AND k.day >= ? AND k.since <= ? AND k.ends > ?
 AND k.known_from <= ? AND k.known_to > ? GROUP BY k.customer
"""
OPENED: Final = """
SELECT n.subject, MIN(a.day) FROM {{audit_named}} n CROSS JOIN {{log}} l CROSS JOIN {{audit_entries}} a
WHERE n.subject IN ({marks}) AND l.position = n.position AND l.name = 'opportunity.opened' AND a.position = l.position
 AND a.moment <= ? AND a.position <= ?
 AND NOT EXISTS (SELECT 1 FROM {{audit_corrections}} c JOIN {{log}} v ON v.position = c.position
                 WHERE c.corrected = l.position AND v.name = 'event.voided' AND c.position <= ?)
GROUP BY n.subject
"""


class Lead(NamedTuple):
    """A lead of the period: where it came from and whose it was, and what it signed by currency.

    `day` is that of its capture, `taken` the steps that it took, each with its day, as ordinals; None where it signed
    before the period.
    """

    customer: str
    day: int
    channel: str | None
    campaign: str | None
    owner: str | None
    taken: Mapping[str, int | None]
    signed: Mapping[str, int]

    def place(self, by: str, organisation: Organisation) -> str | None:
        """Return its place by a grouping: channel, campaign, owner, or the group of its owner on the day of its capture."""
        if by == "group":
            return organisation.group_of(self.owner, date.fromordinal(self.day)) if self.owner else None
        return {"channel": self.channel, "campaign": self.campaign, "owner": self.owner}[by]


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period,
    *,
    currency: str,
    by: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return a row for each channel, campaign, owner or group that the leads came by, and last one for all of them.

    Captured and valid count as in progress: a lead merged into another, an invalid one and an unsettled duplicate are
    captured, and come no further. A conversion's numerator is those of its denominator that took the step too.
    """
    found = leads(ask, moments, period)
    groups: dict[str | None, list[Lead]] = {}
    for lead in found if by else ():
        groups.setdefault(lead.place(by or "", organisation), []).append(lead)
    ordered = sorted(groups.items(), key=lambda each: (-len(each[1]), each[0] is None, each[0] or ""))
    several = [*((by or "", name, some) for name, some in ordered), ("all", None, found)]
    shown = [_row(level, name, some, period, currency) for level, name, some in several]
    if explain:
        from projections.views.funnel.events import of_leads

        behind = of_leads(ask, moments, [lead.customer for lead in found])
        for row, (_, _, some) in zip(shown, several, strict=True):
            row["events"] = [event for lead in some for event in behind.get(lead.customer, ())]
    return shown


def leads(ask: Ask, moments: AsOf, period: Period) -> list[Lead]:
    """Return the leads captured in a period, the first day's first."""
    first, last = period.first.toordinal(), min(period.last, moments.day).toordinal()
    known = (moments.position, moments.position)
    until, within = (moments.micros, *known), (first, last, moments.micros, moments.micros, *known)
    captured = ask(LEADS, (*until, *until, *known, *until, "leads", *within))
    valid = {customer for (customer,) in ask(VALID, ("valid-leads", *within))}
    merged = survivors(ask, moments)
    opened, signings = _opened(ask, valid, merged, moments), _signings(ask, first, merged, moments)
    origins = _origins(ask, [source for _, source, _, _, _, _, stage, *_ in captured if not stage], moments)
    found = []
    for customer, source, day, owner, channel, campaign, stage, amounts, graded, contacted in captured:
        taken: dict[str, int | None] = {"captured": day}
        came, through = (channel, campaign) if stage else origins.get(source, (None, None))
        lead = Lead(customer, day, came, through, owner or None, taken, {})
        if stage and customer in valid:
            taken["valid"] = day
            if graded is not None:
                taken["graded"] = moments.day_of(graded).toordinal()
            if contacted is not None:
                taken["contacted"] = moments.day_of(contacted).toordinal()
            if customer in opened:
                taken["opportunities"] = opened[customer]
            if stage in BOUGHT:
                taken["signed"] = signings.get(customer)
                sums = json.loads(amounts) if amounts else {}
                lead = lead._replace(signed={unit: some[1] for unit, some in sums.items() if some[1]})
        found.append(lead)
    return found


def _signings(ask: Ask, first: int, merged: Mapping[str, str], moments: AsOf) -> dict[str, int]:
    """Return on which day each customer signed first from a day on, itself or as one that was merged into it."""
    found: dict[str, int] = {}
    known = (moments.micros, moments.micros, moments.position, moments.position)
    for customer, day in ask(SIGNINGS, (first, *known)):
        into = merged.get(customer, customer)
        found[into] = min(day, found.get(into, day))
    return found


def _opened(ask: Ask, leads: set[str], merged: Mapping[str, str], moments: AsOf) -> dict[str, int]:
    """Return since when each of the leads has had an opportunity, itself or as one that was merged into it."""
    wanted = [*leads, *(customer for customer, into in merged.items() if into in leads)]
    found: dict[str, int] = {}
    for marks, some in chunks(wanted):
        known = (moments.micros, moments.position, moments.position)
        for customer, day in ask(OPENED.format(marks=marks), (*some, *known)):
            into = merged.get(customer, customer)
            found[into] = min(day, found.get(into, day))
    return found


def _origins(ask: Ask, numbers: Sequence[int], moments: AsOf) -> dict[int, tuple[str | None, str | None]]:
    """Return channel and campaign of leads merged into others, as they were before, or as they were captured."""
    found: dict[int, tuple[str | None, str | None]] = {}
    for marks, some in chunks(numbers):
        for number, channel, campaign in ask(ORIGIN.format(marks=marks), (*some, moments.position, moments.position)):
            found.setdefault(number, (channel, campaign))
    for marks, some in chunks([number for number in numbers if number not in found]):
        for number, changes in ask(CAPTURED.format(marks=marks), tuple(some)):
            said = {field: to for field, _, to in json.loads(changes)}
            found[number] = (said.get("channel"), said.get("campaign"))
    return found


def _row(level: str, name: str | None, some: Sequence[Lead], period: Period, currency: str) -> dict[str, Any]:
    sums: dict[str, int] = {}
    for lead in some:
        for unit, amount in lead.signed.items():
            sums[unit] = sums.get(unit, 0) + amount
    took = {step: [lead.taken for lead in some if step in lead.taken] for step in STEPS}
    return {
        "level": level,
        "name": name,
        "period": period.name,
        **{step: len(them) for step, them in took.items()},
        "conversions": [_conversion(took[of], of, step) for of, step in CONVERSIONS],
        "signed_amounts": [
            {"currency": unit, "amount": format(from_units(sums[unit]), "f")}
            for unit in sorted(sums, key=lambda unit: (unit != currency, unit))
        ],
        "median_days": _median(_days(took["signed"], "captured", "signed")),
    }


def _conversion(could: Sequence[Mapping[str, int | None]], of: str, step: str) -> dict[str, Any]:
    did = [taken for taken in could if step in taken]
    return {
        "step": step,
        "of": of,
        "numerator": len(did),
        "denominator": len(could),
        "ratio": text_of(ratio(len(did), len(could))),
        "median_days": _median([max(0, days) for days in _days(did, of, step)]),  # 0 where the other came first
    }


def _days(did: Sequence[Mapping[str, int | None]], of: str, step: str) -> list[int]:
    """Return how many days it took from one step to another, where both have a day."""
    pairs = ((taken[of], taken[step]) for taken in did)
    return [after - before for before, after in pairs if before is not None and after is not None]


def _median(days: Sequence[int]) -> str | None:
    return format(median(days), "g") if days else None


@view(
    "funnel",
    title="Funnel",
    about="A row for each of what --by names, and one for all.",
    asked="sales funnel --period 2024Q1 --by channel --json",
    example="sales funnel --period 2024Q1 --by channel",
    needs=("progress", "tracking", "pipeline", "audit", "organisation"),
    key=("level", "name"),
    period="present",
)
class Funnel(View):
    """Show how far the leads captured in a period have come: valid, graded, contacted, with opportunities, signed.

    A lead that was merged, or is invalid, or a duplicate, is captured and comes no further. The percentage beside a
    step says how many of those in the step before took it too; days are counted from capture to the first signing.
    """

    by: By | None = given("A line for each of these, and one for all.", default=None)
    times: bool = given(
        "In a table, beside each step the median of the days since the step before, not the percentage.", default=False
    )

    COLUMNS = COLUMNS
    CHART = "funnel"
    DIGEST = (
        *("level", "name", "period", "captured", "valid", "graded", "contacted", "opportunities", "signed"),
        *("signed_amounts", "median_days"),
    )

    def rows(self, q: Query) -> list[dict[str, Any]]:
        return rows(q.ask, q.moments, q.organisation, q.in_period, currency=q.currency, by=self.by, explain=q.explain)

    def columns(self, output: str) -> tuple[Column, ...]:
        if output == "table":
            return PLACES[self.by], *for_the_eye(times=self.times), *SUMS
        return PLACES[self.by]._replace(missing=""), *View.columns(self, output)[1:]
