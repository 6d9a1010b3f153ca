"""The views whose figures a closed period keeps, each as one question, and what finds a row; `DIGEST` of each is what is covered.

A digest covers no personal data, so that it still holds after a person's data were erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from projections.engine import json
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views.registry import view_class

Rows = list[dict[str, Any]]
Question = Callable[[Ask, Period, AsOf, Organisation, str], Rows]


class Figured(NamedTuple):
    """A view: the columns that find a row, the projections it asks, and its question; what its digest covers, the view says."""

    key: tuple[str, ...]
    needs: tuple[str, ...]
    rows: Question


def _progress(ask: Ask, period: Period, moments: AsOf, organisation: Organisation, currency: str) -> Rows:
    from projections.views.progress.view import rows

    return rows(ask, period, moments, organisation, currency=currency)


def _tracking(ask: Ask, period: Period, moments: AsOf, organisation: Organisation, currency: str) -> Rows:
    from projections.views.tracking import rows

    return rows(ask, moments, organisation, currency=currency)


def _pipeline(ask: Ask, period: Period, moments: AsOf, organisation: Organisation, currency: str) -> Rows:
    from projections.views.pipeline import rows

    return rows(ask, moments, organisation, currency=currency)


def _targets(ask: Ask, period: Period, moments: AsOf, organisation: Organisation, currency: str) -> Rows:
    from projections.views.targets.view import rows

    return rows(ask, moments, organisation, period, currency=currency)


def _funnel(ask: Ask, period: Period, moments: AsOf, organisation: Organisation, currency: str) -> Rows:
    from projections.views.funnel.view import rows

    return rows(ask, moments, organisation, period, currency=currency, by="channel")


def _objections(ask: Ask, period: Period, moments: AsOf, organisation: Organisation, currency: str) -> Rows:
    from projections.views.objections import rows

    return rows(ask, moments, organisation, period, currency=currency)


def _scorecard(ask: Ask, period: Period, moments: AsOf, organisation: Organisation, currency: str) -> Rows:
    from projections.views.scorecard.view import rows

    return rows(ask, moments, organisation, period, currency=currency)


def _audit(ask: Ask, period: Period, moments: AsOf, organisation: Organisation, currency: str) -> Rows:
    from projections.views.audit import rows

    return rows(ask, moments, organisation, period=period)


def _contracts(ask: Ask, period: Period, moments: AsOf, organisation: Organisation, currency: str) -> Rows:
    from projections.views.contracts import rows

    return rows(ask, moments, organisation, currency=currency)


def _receivables(ask: Ask, period: Period, moments: AsOf, organisation: Organisation, currency: str) -> Rows:
    from projections.views.receivables import rows

    return rows(ask, moments, organisation, currency=currency)


LEDGER: Final = ("contracts", "progress", "tracking", "pipeline", "organisation")
"""The projections that the ledger and the receivables ask."""

VIEWS: Final[Mapping[str, Figured]] = {
    "progress": Figured(
        ("level", "owner", "metric", "basis", "currency"), ("progress", "records", "organisation"), _progress
    ),
    "tracking": Figured(("id", "currency"), ("tracking", "organisation"), _tracking),
    "pipeline": Figured(("id",), ("pipeline", "organisation"), _pipeline),
    "targets": Figured(
        ("level", "owner", "metric", "basis"), ("progress", "records", "audit", "organisation"), _targets
    ),
    "funnel": Figured(("level", "name"), ("progress", "tracking", "pipeline", "audit", "organisation"), _funnel),
    "objections": Figured(("customer", "item"), ("objections", "tracking", "pipeline", "organisation"), _objections),
    "scorecard": Figured(
        ("owner", "measure"), ("progress", "tracking", "pipeline", "audit", "records", "organisation"), _scorecard
    ),
    "contracts": Figured(("id",), LEDGER, _contracts),
    "receivables": Figured(("contract", "part", "instalment"), LEDGER, _receivables),
    "audit": Figured(("position",), ("audit", "organisation"), _audit),
}


def needed(views: Iterable[str]) -> tuple[str, ...]:
    """Return the projections that these views ask."""
    return tuple(dict.fromkeys(name for view in views for name in VIEWS[view].needs))


def rows_of(view: str, ask: Ask, period: Period, moments: AsOf, organisation: Organisation, *, currency: str) -> Rows:
    """Return the rows of a view in a period. Raises KeyError for a view that is none."""
    return VIEWS[view].rows(ask, period, moments, organisation, currency)


def digest(view: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256, in hex, of the rows: a line of JSON each, its values in the order of the digest's columns."""
    columns = view_class(view).DIGEST
    taken = sha256()
    for row in rows:
        taken.update(json.encode([row[column] for column in columns]).encode())
        taken.update(b"\n")
    return taken.hexdigest()
