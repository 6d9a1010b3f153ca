"""How the contract ledger and the receivables are asked in the scenarios."""

from __future__ import annotations

from typing import Any

from projections.queries.organisation import Organisation
from projections.views import contracts, receivables
from tests.given import Given, Line, Row, line


def ledger(given: Given, as_of: str | None = None, known_at: str | None = None, **wanted: Any) -> list[Row]:
    """Return the rows of the contract ledger."""
    return _asked(given, contracts, as_of, known_at, wanted)


def owed(given: Given, as_of: str | None = None, known_at: str | None = None, **wanted: Any) -> list[Row]:
    """Return the rows of the receivables."""
    return _asked(given, receivables, as_of, known_at, wanted)


def contract(given: Given, key: str, as_of: str | None = None, known_at: str | None = None) -> Row:
    """Return the ledger's row of the contract that the line under `key` made."""
    (row,) = ledger(given, as_of, known_at, subjects=[given.subject(key)])
    return row


def parts(rows: list[Row]) -> list[tuple[Any, ...]]:
    """Return of rows of the receivables what came in of how much, by instalment."""
    return [(row["instalment"], row["received"], row["amount"]) for row in rows]


def schedule(contract: str, *instalments: Any, at: str) -> Line:
    return line("payment.schedule", contract, by="zhang.san", at=at, instalments=list(instalments))


def received(contract: str, amount: str, date: str, **more: Any) -> Line:
    return line("payment.receive", contract, by="zhang.san", amount=amount, date=date, **more)


def _asked(given: Given, view: Any, as_of: str | None, known_at: str | None, wanted: dict[str, Any]) -> list[Row]:
    with given.store.view("contracts", "progress", "tracking", "pipeline", "organisation") as ask:
        moments = given.store.moments(as_of, known_at)
        organisation = Organisation(ask, moments.position)
        rows: list[Row] = view.rows(ask, moments, organisation, currency=given.store.currency, **wanted)
        return rows
