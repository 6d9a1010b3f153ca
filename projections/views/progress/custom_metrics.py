"""What was reached of the metrics that a team has defined: each record or fact counted or summed by the definition of its day.

Here they are facts like those of the house, made of what the tables hold when they are asked for: `as_facts` gives rows with the
columns of `{facts}` but for what nobody asks, so that whatever sums, explains or compares facts does the same with these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from domain.policy.metrics import BUILT_IN, COUNTABLE, SUMMABLE
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.queries.policies import versions

SIGN: Final = "defined:"
"""What the measure of such a metric begins with, so that it is none of the facts' own."""

RECORDS: Final = """
SELECT '{measure}' AS measure, r.opened AS day, r.customer, r.position AS source, r.since, r.known_from, r.known_to,
 r.actor AS owner, r.ends, {amount} AS amount, {currency} AS currency FROM {{records}} r WHERE {which} AND r.opened BETWEEN ? AND ?
"""
FACTS: Final = """
SELECT '{measure}' AS measure, f.day, f.customer, f.source, f.since, f.known_from, f.known_to,
 f.owner, f.ends, {amount} AS amount, {currency} AS currency FROM {{facts}} f WHERE {which} AND f.day BETWEEN ? AND ?
"""
COUNTED: Final = """
SELECT d.measure, d.owner, d.day, d.currency, SUM(d.amount) FROM ({facts}) d
WHERE d.day <= ? AND d.since <= ? AND d.ends > ? AND d.known_from <= ? AND d.known_to > ?
GROUP BY d.measure, d.owner, d.day, d.currency
"""
BEHIND: Final = """
SELECT d.measure, d.owner, d.day, d.currency, d.amount, l.position, l.event_id, l.name, l.stream
FROM ({facts}) d JOIN {{log}} l ON l.position = d.source
WHERE d.day <= ? AND d.since <= ? AND d.ends > ? AND d.known_from <= ? AND d.known_to > ? ORDER BY d.day, l.position
"""
STANDING: Final = """
SELECT d.measure, d.source, d.owner, d.day, d.currency, d.amount, d.known_from, d.known_to FROM ({facts}) d
WHERE d.day <= ? AND d.since <= ? AND d.ends > ? AND d.known_from <= ? AND d.known_to > ?
"""


class Part(NamedTuple):
    """A run of days on which a metric had one definition."""

    metric: str
    definition: Mapping[str, Any]
    first: date
    last: date


class Counted(NamedTuple):
    """So much of a metric, on a day, to the credit of somebody ('' for nobody): a count, or units of a currency."""

    metric: str
    owner: str
    day: date
    currency: str
    number: int


class Facts(NamedTuple):
    """Rows of defined metrics as SQL with its parameters."""

    sql: str
    params: tuple[Any, ...]


def measure_of(metric: str) -> str:
    """Return the measure of a defined metric."""
    return SIGN + metric


def metric_of(measure: str) -> str:
    """Return the defined metric of a measure."""
    return measure.removeprefix(SIGN)


def parts(organisation: Organisation, period: Period) -> list[Part]:
    """Return the parts of a period with their definitions, in the order of their days and as they were adopted."""
    several = versions(organisation, "metrics")
    found = []
    for n, (first, values) in enumerate(several):
        after = several[n + 1][0] if n + 1 < len(several) else None
        begins, ends = max(first, period.first), period.last
        if after is not None:
            ends = min(ends, date.fromordinal(max(after.toordinal() - 1, 1)))
        if begins <= ends:
            found += [Part(name, each, begins, ends) for name, each in values["metrics"].items()]
    return found


def names(organisation: Organisation, period: Period, targeted: Collection[str | None] = ()) -> list[str]:
    """Return the metrics defined on a day of a period, then those that only a target of it still stands on."""
    defined = list(dict.fromkeys(part.metric for part in parts(organisation, period)))
    return defined + sorted({name for name in targeted if name} - {*defined, *BUILT_IN})


def sums(organisation: Organisation, period: Period) -> frozenset[str]:
    """Return the metrics that are sums of amounts on a day of a period."""
    return frozenset(part.metric for part in parts(organisation, period) if "sum" in part.definition)


def as_facts(organisation: Organisation, period: Period, metric: str | None = None) -> Facts | None:
    """Return the facts of the defined metrics of a period, or of one; None where there are none. Asks progress and records."""
    wanted = [part for part in parts(organisation, period) if metric in (None, part.metric)]
    if not wanted:
        return None
    made = [_facts(part) for part in wanted]
    return Facts(" UNION ALL ".join(each.sql for each in made), tuple(value for each in made for value in each.params))


def _facts(part: Part) -> Facts:
    """Return the facts of one part: what it counts are ones, what it sums has its amount and currency."""
    days = (part.first.toordinal(), part.last.toordinal())
    form, which, params = _source(part.definition)
    row = "r" if form is RECORDS else "f"
    amount, currency = (f"{row}.amount", f"{row}.currency") if "sum" in part.definition else ("1", "''")
    measure = measure_of(part.metric)  # letters, digits and dashes: domain.policy.metrics.named
    return Facts(form.format(measure=measure, amount=amount, currency=currency, which=which), (*params, *days))


def _source(definition: Mapping[str, Any]) -> tuple[str, str, tuple[Any, ...]]:
    """Return the form of the rows that a definition is made of, and which they are with parameters."""
    if "sum" in definition:
        of = SUMMABLE[definition["sum"]]
        return (RECORDS, "r.kind = ?", (of.record,)) if of.record else (FACTS, "f.measure = ?", (of.measure,))
    kind = COUNTABLE[definition["count"]].record
    if kind is None:
        return FACTS, "f.measure = ?", ("contract",)
    which: str = "r.kind = ?"
    params: tuple[Any, ...] = (kind,)
    if definition.get("channel") is not None:
        which, params = f"{which} AND r.channel = ?", (*params, definition["channel"])
    if definition.get("reached"):
        which += " AND r.touch = 1"
    return RECORDS, which, params


def counted(
    ask: Ask, period: Period, moments: AsOf, organisation: Organisation, metric: str | None = None
) -> Iterator[Counted]:
    """Yield what was reached of the defined metrics of a period, or of one, as of a moment."""
    for measure, owner, day, currency, number in _asked(COUNTED, ask, period, moments, organisation, metric):
        yield Counted(metric_of(measure), owner or "", date.fromordinal(day), currency, int(number))


def behind(
    ask: Ask, period: Period, moments: AsOf, organisation: Organisation
) -> Iterator[tuple[str, str, date, str, int, tuple[Any, ...]]]:
    """Yield each fact: its measure, to whose credit, its day, currency, amount, and the event (position, id, name, subject)."""
    for measure, owner, day, currency, amount, *event in _asked(BEHIND, ask, period, moments, organisation, None):
        yield measure, owner or "", date.fromordinal(day), currency, int(amount), tuple(event)


def standing(ask: Ask, period: Period, moments: AsOf, organisation: Organisation) -> Iterator[tuple[Any, ...]]:
    """Yield each fact: its measure, event, owner ('' for nobody), day, currency, amount, since and until when it is believed."""
    for measure, source, owner, *rest in _asked(STANDING, ask, period, moments, organisation, None):
        yield measure, source, owner or "", *rest


def _asked(
    question: str, ask: Ask, period: Period, moments: AsOf, organisation: Organisation, metric: str | None
) -> Iterator[tuple[Any, ...]]:
    facts = as_facts(organisation, period, metric)
    if facts is not None:
        known = (moments.day.toordinal(), moments.micros, moments.micros, moments.position, moments.position)
        yield from ask(question.format(facts=facts.sql), (*facts.params, *known))
