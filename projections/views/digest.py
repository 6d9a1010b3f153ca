"""The views whose figures a closed period keeps, each as one question: what finds a row, and what its digest covers.

A digest covers no personal data, so that it still holds after a person's data were erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from projections.engine import json
from projections.engine.as_of import Moments
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation

Rows = list[dict[str, Any]]
Question = Callable[[Ask, Period, Moments, Organisation, str], Rows]


class Figured(NamedTuple):
    """A view: the columns that find a row, those that its digest covers, the projections it asks, and its question.

    The columns of a digest stay as they are for ever; a view that grows does not break what was closed before.
    """

    key: tuple[str, ...]
    columns: tuple[str, ...]
    needs: tuple[str, ...]
    rows: Question


def _progress(ask: Ask, period: Period, moments: Moments, organisation: Organisation, currency: str) -> Rows:
    from projections.views.progress.view import rows

    return rows(ask, period, moments, organisation, currency=currency)


def _tracking(ask: Ask, period: Period, moments: Moments, organisation: Organisation, currency: str) -> Rows:
    from projections.views.tracking import rows

    return rows(ask, moments, organisation, currency=currency)


def _pipeline(ask: Ask, period: Period, moments: Moments, organisation: Organisation, currency: str) -> Rows:
    from projections.views.pipeline import rows

    return rows(ask, moments, organisation, currency=currency)


def _targets(ask: Ask, period: Period, moments: Moments, organisation: Organisation, currency: str) -> Rows:
    from projections.views.targets.view import rows

    return rows(ask, moments, organisation, period, currency=currency)


def _funnel(ask: Ask, period: Period, moments: Moments, organisation: Organisation, currency: str) -> Rows:
    from projections.views.funnel.view import rows

    return rows(ask, moments, organisation, period, currency=currency, by="channel")


def _objections(ask: Ask, period: Period, moments: Moments, organisation: Organisation, currency: str) -> Rows:
    from projections.views.objections import rows

    return rows(ask, moments, organisation, period, currency=currency)


def _scorecard(ask: Ask, period: Period, moments: Moments, organisation: Organisation, currency: str) -> Rows:
    from projections.views.scorecard.view import rows

    return rows(ask, moments, organisation, period, currency=currency)


def _audit(ask: Ask, period: Period, moments: Moments, organisation: Organisation, currency: str) -> Rows:
    from projections.views.audit import rows

    return rows(ask, moments, organisation, period=period)


def _contracts(ask: Ask, period: Period, moments: Moments, organisation: Organisation, currency: str) -> Rows:
    from projections.views.contracts import rows

    return rows(ask, moments, organisation, currency=currency)


def _receivables(ask: Ask, period: Period, moments: Moments, organisation: Organisation, currency: str) -> Rows:
    from projections.views.receivables import rows

    return rows(ask, moments, organisation, currency=currency)


LEDGER: Final = ("contracts", "progress", "tracking", "pipeline", "organisation")
"""The projections that the ledger and the receivables ask."""

VIEWS: Final[Mapping[str, Figured]] = {
    "progress": Figured(
        ("level", "owner", "metric", "basis", "currency"),
        (
            *("level", "owner", "metric", "basis", "period", "state", "target", "original_target", "actual"),
            *("numerator", "denominator", "attainment", "gap", "working_days", "elapsed_days", "daily_need"),
            *("allocated", "unallocated", "currency"),
        ),
        ("progress", "records", "organisation"),
        _progress,
    ),
    "tracking": Figured(
        ("id", "currency"),
        (
            *("id", "company", "industry", "size", "stage", "channel", "campaign", "grade", "owner", "group"),
            *("last_contact", "next_due", "open_objections", "expected", "signed", "collected", "currency"),
            "completeness",
        ),
        ("tracking", "organisation"),
        _tracking,
    ),
    "pipeline": Figured(
        ("id",),
        (
            *("id", "name", "customer", "company", "owner", "group", "stage", "status", "amount", "currency"),
            *("close_date", "probability", "opened", "changed"),
        ),
        ("pipeline", "organisation"),
        _pipeline,
    ),
    "targets": Figured(
        ("level", "owner", "metric", "basis"),
        (
            *("id", "level", "owner", "metric", "basis", "period", "state", "value", "original", "currency", "parent"),
            *("share_of_parent", "allocated", "unallocated", "over_allocated", "revisions", "actual", "attainment"),
        ),
        ("progress", "records", "audit", "organisation"),
        _targets,
    ),
    "funnel": Figured(
        ("level", "name"),
        (
            *("level", "name", "period", "captured", "valid", "graded", "contacted", "opportunities", "signed"),
            *("signed_amounts", "median_days"),
        ),
        ("progress", "tracking", "pipeline", "audit", "organisation"),
        _funnel,
    ),
    "objections": Figured(
        ("customer", "item"),
        (
            *("customer", "company", "item", "kind", "logged", "by", "answered", "resolved", "state", "days_open"),
            *("owner", "group"),
        ),
        ("objections", "tracking", "pipeline", "organisation"),
        _objections,
    ),
    "scorecard": Figured(
        ("owner", "measure"),
        (
            *("owner", "group", "period", "measure", "numerator", "denominator", "ratio", "cap", "weight", "counted"),
            *("points", "why"),
        ),
        ("progress", "tracking", "pipeline", "audit", "records", "organisation"),
        _scorecard,
    ),
    "contracts": Figured(
        ("id",),
        (
            *("id", "number", "customer", "company", "kind", "state", "signed_on", "owner", "group", "amount", "value"),
            *("currency", "approved_by", "collected", "outstanding", "invoiced", "delivered", "accepted", "orders"),
        ),
        LEDGER,
        _contracts,
    ),
    "receivables": Figured(
        ("contract", "part", "instalment"),
        (
            *("contract", "number", "customer", "company", "owner", "group", "part", "instalment", "due", "amount"),
            *("invoiced", "received", "outstanding", "currency", "promise", "promised", "promise_due"),
        ),
        LEDGER,
        _receivables,
    ),
    "audit": Figured(
        ("position",),
        (
            *("position", "event", "name", "subject", "occurred", "recorded", "actor", "recorder", "source", "key"),
            *("corrects", "corrected_by", "late_days"),
        ),
        ("audit", "organisation"),
        _audit,
    ),
}


def needed(views: Iterable[str]) -> tuple[str, ...]:
    """Return the projections that these views ask."""
    return tuple(dict.fromkeys(name for view in views for name in VIEWS[view].needs))


def rows_of(
    view: str, ask: Ask, period: Period, moments: Moments, organisation: Organisation, *, currency: str
) -> Rows:
    """Return the rows of a view in a period. Raises KeyError for a view that is none."""
    return VIEWS[view].rows(ask, period, moments, organisation, currency)


def digest(view: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256, in hex, of the rows: a line of JSON each, its values in the order of the digest's columns."""
    columns = VIEWS[view].columns
    taken = sha256()
    for row in rows:
        taken.update(json.encode([row[column] for column in columns]).encode())
        taken.update(b"\n")
    return taken.hexdigest()
