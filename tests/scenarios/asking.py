"""How the tables of a report are asked in the scenarios: any of their questions, at both times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.calendar.period import Period
from projections.queries.organisation import Organisation
from tests.given import Given, Row


def asked(
    given: Given,
    question: Callable[..., list[Row]],
    period: str | None = "2024Q1",
    *,
    as_of: str | None = None,
    known_at: str | None = None,
    **wanted: Any,
) -> list[Row]:
    """Return what `question` answers of a period."""
    with given.store.view("organisation", "tracking", "progress", "audit", "objections", "pipeline", "records") as ask:
        moments = given.store.moments(as_of, known_at)
        organisation = Organisation(ask, moments.position)
        meant = Period.parse(period, given.store.fiscal_month) if period else None
        return question(ask, moments, organisation, meant, currency=given.store.currency, **wanted)


def names(row: Row) -> list[str]:
    """Return the names of the events that a row names."""
    return [event["name"] for event in row["events"]]
