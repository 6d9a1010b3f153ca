"""What was reached in a period: facts summed by measure, place and currency, and who of the key accounts came back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from domain.calendar.moment import instant
from domain.calendar.period import Period
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.membership import COMPANY
from projections.queries.organisation import Organisation
from projections.views.progress.custom_metrics import measure_of

METRICS: Final = (
    ("sales", "signed", "signed"),
    ("sales", "collected", "collected"),
    ("new-customers", None, "new-customers"),
    ("repurchase-rate", None, None),
    ("leads", None, "leads"),
    ("valid-leads", None, "valid-leads"),
    ("follow-ups", None, "follow-ups"),
)
"""Each line of the view: metric, basis, and the measure that it sums (the repurchase rate has two of its own)."""
FURTHER: Final = (("sales", "invoiced", "invoiced"), ("sales", "delivered", "delivered"))
"""Bases of sales of which a period has lines only where a target of it stands on them."""
LINES: Final = (*METRICS[:2], *FURTHER, *METRICS[2:])

SUMS: Final = """
SELECT f.measure, f.owner, {by} f.currency, SUM({counted}) FROM {{facts}} f {join}
WHERE f.measure IN ({marks}) AND f.day BETWEEN ? AND ? AND f.since <= ? AND f.ends > ?
 AND f.known_from <= ? AND f.known_to > ? {only}
GROUP BY f.measure, f.owner, {by} f.currency
"""
MEMBERS: Final = """LEFT JOIN {memberships} m ON m.login = f.owner AND f.day BETWEEN m.first AND m.last
 AND m.known_from <= ? AND m.known_to > ?"""

COUNTED: Final = "CASE WHEN f.measure <> 'new-customers' THEN f.amount WHEN f.amount > {window} THEN 1 ELSE 0 END"

KEY_ACCOUNTS: Final = """
SELECT k.customer, k.owner,
 k.customer IN (SELECT c.customer FROM {facts} c WHERE c.measure = 'contract' AND c.day >= ? AND c.day <= ?
                AND c.since <= ? AND c.known_from <= ? AND c.known_to > ?) AS again
FROM {facts} k
WHERE k.measure = 'key-account' AND k.since < ? AND k.ends >= ? AND k.known_from <= ? AND k.known_to > ?
 AND k.customer IN (SELECT c.customer FROM {facts} c WHERE c.measure = 'contract' AND c.day < ?
                    AND c.ends > ? AND c.known_from <= ? AND c.known_to > ?)
"""


class Place(NamedTuple):
    """Whose number it is: the level company, group or person, and the owner there (None: nobody's)."""

    level: str
    owner: str | None


class Actual(NamedTuple):
    value: Decimal
    numerator: int | None = None
    denominator: int | None = None


class Actuals:
    """What was reached in a period, by measure, place and currency."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.sums: dict[tuple[str, Place, str], int] = {}

    def credit(self, measure: str, owner: str, group: str | None, currency: str, amount: int) -> None:
        """Count an amount for its person, the person's group and those above it, and the company."""
        places = [Place("company", COMPANY), Place("person", owner or None)]
        places += (Place("group", code) for code in self.organisation.above(group)) if group else ()
        for place in places:
            key = (measure, place, currency)
            self.sums[key] = self.sums.get(key, 0) + amount


def lines(
    targeted: Collection[tuple[str, str | None]], defined: Iterable[str] = ()
) -> tuple[tuple[str, str | None, str | None], ...]:
    """Return the lines of a period in which there are targets of these metrics and bases, those of defined metrics last."""
    house = (line for line in LINES if line not in FURTHER or line[:2] in targeted)
    return (*house, *((name, None, measure_of(name)) for name in defined))


def measure_behind(metric: str, basis: str | None) -> str | None:
    """Return the measure that a line of the view sums."""
    return next((m for name, of, m in LINES if (name, of) == (metric, basis)), measure_of(metric))


def actuals(ask: Ask, period: Period, moments: AsOf, organisation: Organisation, measures: Collection[str]) -> Actuals:
    """Sum the facts of a period as of a moment, credited to the group that each owner was in on the fact's day."""
    found = Actuals(organisation)
    if not measures:
        return found
    first, last = period.first.toordinal(), min(period.last, moments.day).toordinal()
    movers = sorted(_movers(organisation, first, last))
    within = (*measures, first, last, moments.micros, moments.micros, moments.position, moments.position)
    marks = ", ".join("?" * len(measures))
    counted = counted_by(organisation)
    still = f"AND f.owner NOT IN ({', '.join('?' * len(movers))})" if movers else ""
    for measure, owner, currency, amount in ask(
        SUMS.format(by="", join="", counted=counted, marks=marks, only=still), (*within, *movers)
    ):
        group = organisation.group_of(owner, date.fromordinal(last)) if owner and last >= first else None
        found.credit(measure, owner, group, currency, int(amount))
    if movers:
        moved = f"AND f.owner IN ({', '.join('?' * len(movers))})"
        sql = SUMS.format(by="m.groups,", join=MEMBERS, counted=counted, marks=marks, only=moved)
        for measure, owner, group, currency, amount in ask(sql, (moments.position, moments.position, *within, *movers)):
            found.credit(measure, owner, group, currency, int(amount))
    return found


def counted_by(organisation: Organisation) -> str:
    """Return the SQL for what a fact counts: a signing is a new customer's by the window in force on its day."""
    window = "12"
    for first, values in organisation.policies("new-customer-window"):
        window = f"CASE WHEN f.day >= {first.toordinal()} THEN {int(values['months'])} ELSE {window} END"
    return COUNTED.format(window=window)


def _movers(organisation: Organisation, first: int, last: int) -> Iterator[str]:
    """Yield who was not in one and the same group, or none, all through the days."""
    for login, spans in organisation.memberships().items():
        inside = [span for span in spans if span[0] <= last and span[1] >= first]
        if inside and not (len(inside) == 1 and inside[0][0] <= first and inside[0][1] >= last):
            yield login


def repurchases(ask: Ask, period: Period, moments: AsOf, organisation: Organisation) -> dict[Place, tuple[int, int]]:
    """Return (who bought again, who could have) of the key accounts at the period's start, by place.

    Key accounts with an earlier effective contract make the denominator, credited to their owner at the start.
    """
    start = instant(period.first.isoformat(), moments.zone)
    known = (moments.position, moments.position)
    first = period.first.toordinal()
    again = (first, min(period.last, moments.day).toordinal(), moments.micros, *known)
    rows = ask(KEY_ACCOUNTS, (*again, start, start, *known, first, moments.micros, *known))
    rates: dict[Place, tuple[int, int]] = {}
    if start > moments.micros:
        return rates
    for _, owner, bought in rows:
        group = organisation.group_of(owner, period.first) if owner else None
        places = [Place("company", COMPANY), Place("person", owner or None)]
        places += (Place("group", code) for code in organisation.above(group)) if group else ()
        for place in places:
            numerator, denominator = rates.get(place, (0, 0))
            rates[place] = (numerator + int(bool(bought)), denominator + 1)
    return rates
