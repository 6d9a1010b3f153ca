"""What was reached of the metrics that a team has defined: records and signed contracts counted, each by the definition of its day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from domain.metrics import BUILT_IN, COUNTABLE
from domain.period import Period
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.organisation.policies import versions
from projections.projection import Ask

SIGN: Final = "defined:"
"""What the measure of such a metric begins with, so that it is none of the facts' own."""

STANDS: Final = "{0}.since <= ? AND {0}.ends > ? AND {0}.known_from <= ? AND {0}.known_to > ?"


class Source(NamedTuple):
    """Where the records of a definition stand: the table, which of its rows they are with parameters, and what tells of each."""

    table: str
    which: str
    params: tuple[Any, ...]
    owner: str
    day: str
    position: str


class Part(NamedTuple):
    """A run of days on which a metric had one definition."""

    metric: str
    definition: Mapping[str, Any]
    first: date
    last: date


class Counted(NamedTuple):
    """So many of a metric, on a day, to the credit of somebody ('' for nobody)."""

    metric: str
    owner: str
    day: date
    number: int


def measure_of(metric: str) -> str:
    """Return the measure of a defined metric."""
    return SIGN + metric


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


def source_of(definition: Mapping[str, Any]) -> Source:
    """Return where the records stand that a definition counts."""
    kind = COUNTABLE[definition["count"]].record
    if kind is None:
        return Source("{facts} f", "f.measure = ?", ("contract",), "f.owner", "f.day", "f.source")
    which: str = "r.kind = ?"
    params: tuple[Any, ...] = (kind,)
    if definition.get("channel") is not None:
        which, params = f"{which} AND r.channel = ?", (*params, definition["channel"])
    if definition.get("reached"):
        which += " AND r.touch = 1"
    return Source("{records} r", which, params, "r.actor", "r.opened", "r.position")


def counted(
    ask: Ask, period: Period, moments: Moments, organisation: Organisation, metric: str | None = None
) -> Iterator[Counted]:
    """Yield what was counted of the defined metrics of a period, or of one, as of a moment; asks progress and records."""
    for part, source, where, params in _asked(period, moments, organisation, metric):
        by = f"{source.owner}, {source.day}"
        for owner, day, count in ask(f"SELECT {by}, COUNT(*) FROM {source.table} {where} GROUP BY {by}", params):
            yield Counted(part.metric, owner or "", date.fromordinal(day), int(count))


def behind(
    ask: Ask, period: Period, moments: Moments, organisation: Organisation
) -> Iterator[tuple[str, str, date, tuple[Any, ...]]]:
    """Yield each record that counts: its metric, to whose credit, its day, and the event (position, id, name, subject)."""
    for part, source, where, params in _asked(period, moments, organisation, None):
        told = f"{source.owner}, {source.day}, l.position, l.event_id, l.name, l.stream"
        joined = f"{source.table} JOIN {{log}} l ON l.position = {source.position}"
        for owner, day, *event in ask(f"SELECT {told} FROM {joined} {where} ORDER BY {source.day}, l.position", params):
            yield part.metric, owner or "", date.fromordinal(day), tuple(event)


def standing(
    ask: Ask, period: Period, moments: Moments, organisation: Organisation
) -> Iterator[tuple[str, int, tuple[str, int, int, int]]]:
    """Yield each record that counts: its metric, its event, and (to whose credit, its day, since and until when believed)."""
    for part, source, where, params in _asked(period, moments, organisation, None):
        row = source.table[-1]
        told = f"{source.position}, {source.owner}, {source.day}, {row}.known_from, {row}.known_to"
        for position, owner, *rest in ask(f"SELECT {told} FROM {source.table} {where}", params):
            day, brought, taken = rest
            yield part.metric, position, (owner or "", day, brought, taken)


def _asked(
    period: Period, moments: Moments, organisation: Organisation, metric: str | None
) -> Iterator[tuple[Part, Source, str, tuple[Any, ...]]]:
    """Yield the parts to be counted, each with its source, the condition of its records, and the parameters."""
    for part in parts(organisation, period):
        last = min(part.last, moments.day)
        if metric in (None, part.metric) and part.first <= last:
            source = source_of(part.definition)
            stands = STANDS.format(source.table[-1])
            where = f"WHERE {source.which} AND {source.day} BETWEEN ? AND ? AND {stands}"
            days = (part.first.toordinal(), last.toordinal())
            known = (moments.micros, moments.micros, moments.position, moments.position)
            yield part, source, where, (*source.params, *days, *known)
