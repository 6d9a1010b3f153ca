"""Refusals about opportunities."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "opportunity.closed": Text("rule", "The opportunity is {state}.", "Open another: sales opportunity open"),
    "opportunity.not_lost": Text(
        "rule", "The opportunity is {state}, and only a lost one is reopened.", "Its history: sales audit {subject}"
    ),
    "opportunity.not_positive": Text(
        "rule", "{amount} is nothing that an opportunity may be worth.", "Give an amount above 0."
    ),
    "opportunity.currency": Text(
        "rule", "The opportunity is in {expected}, not {currency}.", "Amounts of different currencies are never summed."
    ),
    "opportunity.probability": Text("rule", "{value} is no probability.", "Give a number from 0 to 1, as 0.6."),
}
