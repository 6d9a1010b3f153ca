"""Refusals about contracts and receipts."""

from __future__ import annotations

from typing import Final

from domain.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "contract.number_taken": Text(
        "conflict", "The number {number} belongs to contract {contract}.", "Give the contract another number."
    ),
    "contract.wrong_state": Text(
        "rule", "The contract is {state}; {action} needs it {needed}.", "Its history: sales audit {contract}"
    ),
    "contract.not_approved": Text(
        "rule",
        "The contract has no approval for what it says now ({state}).",
        "Submit it and have it approved: sales contract submit {contract}; sales contract approve {contract}",
    ),
    "contract.own_submission": Text(
        "rule",
        "{actor} submitted this contract and can't approve it too.",
        "Let another manager or director approve it.",
    ),
    "contract.tier": Text(
        "right",
        "{amount} {currency} is approved by {allowed}; {actor} is a {role}.",
        "Ask one of them; the tiers: sales policy show approval-tiers",
    ),
    "contract.below_zero": Text(
        "rule",
        "The contract would be worth {amount}.",
        "A contract can't be worth less than nothing; cancel it instead.",
    ),
    "contract.before_signing": Text(
        "rule", "{day} is before the signing on {signed}.", "Give a day on or after the signing."
    ),
    "contract.foreign_opportunity": Text(
        "rule", "The opportunity {opportunity} belongs to another customer.", "Name one of this customer's own."
    ),
    "payment.above_outstanding": Text(
        "rule",
        "{amount} is more than the outstanding {outstanding} {currency}.",
        "Check the amount, or book it as an advance: --advance",
    ),
    "payment.currency": Text(
        "rule", "The contract is in {expected}, not {currency}.", "Amounts of different currencies are never summed."
    ),
    "payment.not_positive": Text("rule", "{amount} is no receipt.", "Give an amount above 0."),
}
