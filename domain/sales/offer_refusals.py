"""Refusals about proposals and quotes."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "proposal.when": Text(
        "rule",
        "A proposal needs a due date or a number of working days, not both.",
        "Give --due 2024-02-18 or --working-days 5.",
    ),
    "proposal.due_before": Text("rule", "It is due on {due}, before it is asked for on {day}.", "Give a later day."),
    "proposal.version": Text(
        "rule",
        "Version {version} of {item} can't follow version {last}.",
        "Leave --version out: the next one is taken.",
    ),
    "quote.number_taken": Text(
        "conflict", "The quote number {number} is used already, for {customer}.", "Give the quote another number."
    ),
    "quote.not_positive": Text("rule", "{amount} is no price.", "Give an amount above 0."),
    "quote.over": Text(
        "rule", "It would be valid until {until}, before it is issued on {day}.", "Give a later last day."
    ),
}
