"""Refusals about contracts and receipts."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

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
        "{amount} {currency} is approved by {allowed}; {actor} has the role {role}.",
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
    "payment.not_positive": Text("rule", "{amount} is no amount to be recorded.", "Give an amount above 0."),
    "contract.not_reviewed": Text(
        "rule",
        "The department {department} has not reviewed the contract as it reads now.",
        "Let somebody else than who submitted it give its opinion: sales contract review {contract} {department}",
    ),
    "contract.opposed": Text(
        "rule",
        "The department {department} is against this contract ({by}).",
        "Return it, or approve it all the same with a reason: sales contract approve {contract} --reason ...",
    ),
    "contract.own_review": Text(
        "rule",
        "{actor} submitted this contract and can't review it too.",
        "Let somebody of the department give its opinion.",
    ),
    "contract.no_conditions": Text(
        "rule", "{department} agrees with conditions, and says none.", "Say which: --words ..."
    ),
    "contract.not_framework": Text(
        "rule",
        "The contract is of the kind {kind}, and only a framework has orders.",
        "Change its amount: sales contract amend {contract}",
    ),
    "contract.order_taken": Text(
        "conflict", "The contract has an order {number} already.", "Give the order another number."
    ),
    "contract.above_limit": Text(
        "rule",
        "Orders of {ordered} are more than the framework's {limit} {currency}.",
        "Raise its limit: sales contract amend {contract} --delta ...",
    ),
    "contract.unfinished": Text(
        "rule",
        "{outstanding} {currency} are outstanding; not yet accepted: {deliveries}.",
        "Record what is missing, or complete it all the same with a reason (--reason).",
    ),
    "payment.no_contract": Text(
        "rule",
        "The contract is {state}: nothing is to be paid for it.",
        "Its history: sales audit {contract}",
    ),
    "payment.no_instalments": Text("rule", "A schedule has at least one instalment.", "Say which: --instalments ..."),
    "payment.above_whole": Text("rule", "The shares come to {percent} %.", "Together they are at most 100 %."),
    "payment.uneven": Text(
        "rule",
        "The instalments come to {total}, and the contract is worth {value} {currency}.",
        "Let them come to what it is worth; shares are of the whole.",
    ),
    "payment.no_such_instalment": Text(
        "missing", "There is no instalment {instalment}; the last is {last}.", "See them: sales receivables"
    ),
    "payment.invoice_taken": Text(
        "conflict", "The invoice {number} is recorded for contract {contract}.", "Give the invoice its own number."
    ),
    "payment.above_value": Text(
        "rule",
        "{total} would be invoiced, and the contract is worth {value} {currency}.",
        "Check the amount; an invoice is taken back with a negative one.",
    ),
    "payment.above_collected": Text(
        "rule",
        "{amount} is more than the {collected} {currency} that came in.",
        "Check the amount; no more is paid back than has come in.",
    ),
    "payment.overdrawn": Text(
        "rule",
        "What came in would be {amount} {currency}: more was paid back than that.",
        "Correct or void the refund first.",
    ),
    "payment.promised_past": Text(
        "rule", "{due} is before the promise on {day}.", "Give the day by which it is to come in."
    ),
    "delivery.again": Text("rule", "{milestone} was delivered already.", "Give what was delivered another name."),
    "delivery.above_value": Text(
        "rule",
        "{amount} would be delivered, and the contract is worth {value} {currency}.",
        "Check the amount, or amend the contract first.",
    ),
    "delivery.unknown": Text("missing", "No delivery {item} waits to be accepted.", "Waiting: {known}"),
    "delivery.not_yet": Text(
        "rule", "{day} is before the delivery on {since}.", "Give a day on or after the delivery."
    ),
}
