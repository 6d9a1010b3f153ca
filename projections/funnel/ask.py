"""The funnel of a period: of the leads captured in it, how many came how far, and what they signed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any, Final, NamedTuple

from domain.money import from_units, ratio, text_of
from domain.period import Period
from projections.customers import STOOD, chunks, stood_at, survivors
from projections.funnel import times
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask

STEPS: Final = ("captured", "valid", "graded", "contacted", "opportunities", "signed")
BOUGHT: Final = ("signed", "performing", "completed")
"""The stages of a customer with a contract."""
CONVERSIONS: Final = (*pairwise(STEPS), ("captured", "signed"))
"""Each step and the one before it, and the last one and the first."""

OF_PERIOD: Final = """
SELECT l.customer FROM {facts} l WHERE l.measure = ? AND l.day BETWEEN ? AND ? AND l.since <= ? AND l.ends > ?
 AND l.known_from <= ? AND l.known_to > ?
"""
LEADS: Final = OF_PERIOD.replace("l.customer FROM", "l.customer, l.source, l.day, l.owner FROM")
STANDING: Final = f"""
SELECT c.customer, f.channel, f.campaign, t.stage, t.grade, t.last_contact, t.amounts FROM {{tracked}} c
{STOOD.replace("AND t.stage <> ''", "")} AND c.number IN ({OF_PERIOD.replace("l.customer", "l.source", 1)})
"""
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
    """A lead of the period: its place by every grouping, the steps that it took, and what it signed by currency.

    `days` are those from the capture to the first signing; `begun` and `opened` the days of the capture and of its first
    opportunity, as ordinals.
    """

    customer: str
    places: dict[str, str | None]
    steps: frozenset[str]
    signed: dict[str, int]
    days: int | None
    begun: int
    opened: int | None


def rows(
    ask: Ask,
    moments: Moments,
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
    found = leads(ask, moments, organisation, period)
    groups: dict[str | None, list[Lead]] = {}
    for lead in found if by else ():
        groups.setdefault(lead.places[by or ""], []).append(lead)
    ordered = sorted(groups.items(), key=lambda each: (-len(each[1]), each[0] is None, each[0] or ""))
    taken = _taken(ask, moments, period, found)
    several = [*((by or "", name, some) for name, some in ordered), ("all", None, found)]
    shown = [_row(level, name, some, taken, period, currency) for level, name, some in several]
    if explain:
        from projections.funnel.behind import of_leads

        behind = of_leads(ask, moments, [lead.customer for lead in found])
        for row, (_, _, some) in zip(shown, several, strict=True):
            row["events"] = [event for lead in some for event in behind.get(lead.customer, ())]
    return shown


def leads(ask: Ask, moments: Moments, organisation: Organisation, period: Period) -> list[Lead]:
    """Return the leads captured in a period, the first day's first."""
    known = (moments.position, moments.position)
    days = (period.first.toordinal(), min(period.last, moments.day).toordinal())
    within = (*days, moments.micros, moments.micros, *known)
    captured = ask(LEADS, ("leads", *within))
    stood = {row[0]: row[1:] for row in ask(STANDING, (*stood_at(moments), "leads", *within))}
    valid = {customer for (customer,) in ask(OF_PERIOD, ("valid-leads", *within))}
    merged = survivors(ask, moments)
    opened = _opened(ask, valid, merged, moments)
    first: dict[str, int] = {}
    for customer, day in ask(SIGNINGS, (days[0], moments.micros, moments.micros, *known)):
        into = merged.get(customer, customer)
        first[into] = min(day, first.get(into, day))
    gone = [source for customer, source, _, _ in captured if not stood.get(customer, ("",) * 3)[2]]
    origins = _origins(ask, gone, moments)
    found = []
    for customer, source, day, owner in captured:
        channel, campaign, stage, grade, contacted, amounts = stood.get(customer) or (None,) * 6
        if not stage:
            channel, campaign = origins.get(source, (None, None))
        group = organisation.group_of(owner, date.fromordinal(day)) if owner else None
        places = {"channel": channel, "campaign": campaign, "owner": owner or None, "group": group}
        if customer not in valid or not stage:
            found.append(Lead(customer, places, frozenset(STEPS[:1]), {}, None, day, None))
            continue
        bought = stage in BOUGHT
        took = (True, True, grade, contacted, customer in opened, bought)
        steps = frozenset(step for step, taken in zip(STEPS, took, strict=True) if taken)
        sums = json.loads(amounts) if amounts and bought else {}
        signed = {unit: some[1] for unit, some in sums.items() if some[1]}
        late = first[customer] - day if bought and customer in first else None
        found.append(Lead(customer, places, steps, signed, late, day, opened.get(customer)))
    return found


def _taken(ask: Ask, moments: Moments, period: Period, leads: Sequence[Lead]) -> dict[str, Mapping[str, int]]:
    """Return for each lead the day on which it took each of its steps; one that is valid was so from its capture on."""
    known = (moments.micros, moments.micros, moments.position, moments.position)
    within = ("leads", period.first.toordinal(), min(period.last, moments.day).toordinal(), *known)
    firsts = times.firsts(ask, moments, OF_PERIOD.replace("l.customer", "l.source", 1), within) if leads else {}
    taken: dict[str, Mapping[str, int]] = {}
    for lead in leads:
        signed = None if lead.days is None else lead.begun + lead.days
        days = {"captured": lead.begun, "valid": lead.begun, "opportunities": lead.opened, "signed": signed}
        every = {**days, **firsts.get(lead.customer, {})}
        taken[lead.customer] = {step: day for step, day in every.items() if step in lead.steps and day is not None}
    return taken


def _opened(ask: Ask, leads: set[str], merged: Mapping[str, str], moments: Moments) -> dict[str, int]:
    """Return since when each of the leads has had an opportunity, itself or as one that was merged into it."""
    wanted = [*leads, *(customer for customer, into in merged.items() if into in leads)]
    found: dict[str, int] = {}
    for marks, some in chunks(wanted):
        known = (moments.micros, moments.position, moments.position)
        for customer, day in ask(OPENED.format(marks=marks), (*some, *known)):
            into = merged.get(customer, customer)
            found[into] = min(day, found.get(into, day))
    return found


def _origins(ask: Ask, numbers: Sequence[int], moments: Moments) -> dict[int, tuple[str | None, str | None]]:
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


def _row(
    level: str,
    name: str | None,
    some: Sequence[Lead],
    taken: Mapping[str, Mapping[str, int]],
    period: Period,
    currency: str,
) -> dict[str, Any]:
    sums: dict[str, int] = {}
    for lead in some:
        for unit, amount in lead.signed.items():
            sums[unit] = sums.get(unit, 0) + amount
    days = [lead.days for lead in some if lead.days is not None]
    count: Callable[[str], int] = lambda step: sum(step in lead.steps for lead in some)  # noqa: E731
    return {
        "level": level,
        "name": name,
        "period": period.name,
        **{step: count(step) for step in STEPS},
        "conversions": [_conversion(some, taken, of, step) for of, step in CONVERSIONS],
        "signed_amounts": [
            {"currency": unit, "amount": format(from_units(sums[unit]), "f")}
            for unit in sorted(sums, key=lambda unit: (unit != currency, unit))
        ],
        "median_days": format(median(days), "g") if days else None,
    }


def _conversion(some: Sequence[Lead], taken: Mapping[str, Mapping[str, int]], of: str, step: str) -> dict[str, Any]:
    could = [lead for lead in some if of in lead.steps]
    did = sum(step in lead.steps for lead in could)
    return {
        "step": step,
        "of": of,
        "numerator": did,
        "denominator": len(could),
        "ratio": text_of(ratio(did, len(could))),
        "median_days": times.between((taken[lead.customer] for lead in some), of, step),
    }
