"""Refusals about opportunities."""

from __future__ import annotations

from typing import Final

from domain.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "opportunity.closed": Text("rule", "The opportunity is {state}.", "Open another: sales opportunity open"),
    "opportunity.not_lost": Text(
        "rule", "The opportunity is {state}, and only a lost one is reopened.", "Its history: sales audit {subject}"
    ),
    "opportunity.probability": Text("rule", "{value} is no probability.", "Give a number from 0 to 1, as 0.6."),
}
