"""Numbers that only one may bear: the events that give them, and those that a subject bears as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

NUMBERED: Final[Mapping[str, str]] = {
    "contract.drafted": "contract-number",
    "payment.invoiced": "invoice-number",
    "quote.issued": "quote-number",
}
"""The events that give such a number, and under which kind it is claimed.

It is free again once nothing that stands bears it, so it is claimed anew each time, and who claims it asks the subjects
that did before.
"""

BORNE: Final[Mapping[str, Callable[[Any], Iterable[str]]]] = {
    "contract-number": lambda contract: [contract.number],
    "invoice-number": lambda contract: [invoice.number for invoice in contract.invoices.values()],
    "quote-number": lambda customer: [each.label for each in customer.records.values() if each.kind == "quote"],
}
"""By the kind of the claim, the numbers that a subject's state says it bears."""


def bearing(kind: str, number: str, states: Mapping[str, Any]) -> list[str]:
    """Return the subjects, given with their states, that bear a number; one that bears it twice stands there twice."""
    return [stream for stream, state in states.items() for borne in BORNE[kind](state) if borne == number]
