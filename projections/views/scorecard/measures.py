"""The measures of a scorecard: each says, for every person to whom it applies, what was reached of what.

A measure is a function of what is asked; a person it leaves out has nothing to measure, and its weight counts for nobody.
To add one, put its function into MEASURES under the name that the policy `scorecard` gives it a weight by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.calendar.period import Period
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import chunks
from projections.queries.events import event
from projections.queries.organisation import Organisation
from projections.views.progress.events import explain

if TYPE_CHECKING:
    from projections.views.scorecard.inputs import Shared

Events = list[dict[str, Any]]


class Question(NamedTuple):
    """What a measure is asked: the period, the two moments (not after its end), and whether events are to be named.

    With `owner` only that person's measure matters; others may be left out. `shared` is what other questions ask, too; the
    period is one of its parts.
    """

    ask: Ask
    period: Period
    moments: AsOf
    organisation: Organisation
    currency: str
    explain: bool
    shared: Shared
    owner: str | None = None


class Measured(NamedTuple):
    """What a person reached, `numerator`, of what there was to reach, `denominator`, and the events behind both."""

    numerator: Decimal | int
    denominator: Decimal | int
    events: Sequence[dict[str, Any]] = ()


Found = Mapping[str, Measured]
Measure = Callable[[Question], Found]

ACTS: Final = """
SELECT l.actor, l.position, l.event_id, l.name, l.stream FROM {{log}} l JOIN {{audit_entries}} a ON a.position = l.position
WHERE a.day BETWEEN ? AND ? AND a.moment <= ? AND a.position <= ? AND l.source <> 'system'{by} ORDER BY l.position
"""
FILES: Final = """
SELECT f.owner, c.customer FROM {{files}} f JOIN {{tracked}} c ON c.number = f.number
WHERE f.since <= ? AND f.ends > ? AND f.known_from <= ? AND f.known_to > ?{by}
"""
FILLING: Final = """
SELECT l.stream, l.position, l.event_id, l.name, l.stream FROM {{log}} l
WHERE l.stream IN ({marks}) AND l.position <= ? AND l.name IN ({names}) ORDER BY l.position
"""
FILLS: Final = (
    "customer.lead_captured", "customer.details_changed", "customer.contact_added", "customer.pain_point_noted",
    "customer.graded",
)  # fmt: skip
"""The events by which a customer's file fills up."""


def against_target(metric: str, basis: str | None = None) -> Measure:
    """Return the measure of what was reached of a filed target of one's own; a target that is not filed counts nothing."""

    def measured(question: Question) -> Found:
        period, shared = question.period, question.shared
        bases = {basis, "signed"} if basis == "collected" else {basis}
        mine = [t for t in shared.targets if t.target in shared.filed and t.state != "withdrawn"]
        held = {t.owner for t in mine if (t.period, t.metric) == (period.name, metric) and t.basis in bases}
        asked = shared.progress(metric, question.currency)
        rows = [
            row for row in asked if row["basis"] == basis and row["owner"] in held and row["attainment"] is not None
        ]
        if question.explain:
            rows = explain(question.ask, rows, period, question.moments, question.organisation)
        return {
            row["owner"]: Measured(Decimal(row["actual"]), Decimal(row["target"]), row.get("events", []))
            for row in rows
        }

    return measured


def entry(question: Question) -> Found:
    """Return of each person's acts in the period how many were entered within the norm."""
    acts = _acts(question) if question.explain else {}
    counted = question.shared.entries(question.period).items()
    return {actor: Measured(*counts, acts.get(actor, ())) for actor, counts in counted}


def _acts(question: Question) -> dict[str, Events]:
    period, moments = question.period, question.moments
    within = (period.first.toordinal(), period.last.toordinal(), moments.micros, moments.position)
    by, own = (" AND l.actor = ?", (question.owner,)) if question.owner else ("", ())
    acts: dict[str, Events] = {}
    for actor, *told in question.ask(ACTS.format(by=by), (*within, *own)):
        acts.setdefault(actor, []).append(event(told))
    return acts


def file(question: Question) -> Found:
    """Return how many of the fields of each person's customers' files are filled, of those there are; a lost one's count, too."""
    filled: dict[str, tuple[int, int]] = {}
    for (owner, some, fields, _), count in question.shared.files(question.period).items():
        before = filled.get(owner, (0, 0))
        filled[owner] = (before[0] + some * count, before[1] + fields * count)
    behind = _filling(question) if question.explain else {}
    return {owner: Measured(*counted, behind.get(owner, [])) for owner, counted in filled.items()}


def _filling(question: Question) -> dict[str, Events]:
    moments = question.moments
    known = (moments.micros, moments.micros, moments.position, moments.position)
    by, own = (" AND f.owner = ?", (question.owner,)) if question.owner else ("", ())
    owners = {customer: owner for owner, customer in question.ask(FILES.format(by=by), (*known, *own))}
    behind: dict[str, Events] = {}
    for marks, some in chunks(owners):
        sql = FILLING.format(marks=marks, names=", ".join(f"'{name}'" for name in FILLS))
        for customer, *told in question.ask(sql, (*some, question.moments.position)):
            behind.setdefault(owners[customer], []).append(event(told))
    return {owner: sorted(events, key=lambda told: told["position"]) for owner, events in behind.items()}


def cadence(question: Question) -> Found:
    """Return how many of the windows of each person's customers were met, of those that are over."""
    behind = _windows(question) if question.explain else {}
    counted = question.shared.cadence(question.period).items()
    return {owner: Measured(met, met + missed, behind.get(owner, ())) for owner, (met, missed) in counted}


def _windows(question: Question) -> dict[str | None, Events]:
    from projections.views.cadence import view as cadences

    ask, moments, organisation = question.ask, question.moments, question.organisation
    made = cadences.judged(ask, moments, organisation, question.period, owner=question.owner)
    rows = cadences.shown(ask, moments, organisation, made, explain=True)
    return {line["owner"]: line["events"] for line in cadences.by_owner(rows) if line["level"] == "person"}


MEASURES: Final[Mapping[str, Measure]] = {
    "sales": against_target("sales", "signed"),
    "collected": against_target("sales", "collected"),
    "new-customers": against_target("new-customers"),
    "repurchase-rate": against_target("repurchase-rate"),
    "leads": against_target("leads"),
    "valid-leads": against_target("valid-leads"),
    "follow-ups": against_target("follow-ups"),
    "cadence": cadence,
    "entry": entry,
    "file": file,
}
OF_WORK: Final = ("cadence", "entry", "file")
"""What is measured of whoever works, target or none; the others are held against a target of one's own."""
