"""What each key of the contract ledger and of the receivables means, for the page of the views."""

from __future__ import annotations

from typing import Final

from cli.docs.reference.keys import CUSTOMER, Rows

AROUND: Final = {
    "totals": "pipeline: for each `currency` the `count`, the `amount`, how many are `likely` (their probability was "
    "said), what those are worth `weighted` by it, and the same for each of its `stages`. contracts: for each `currency` "
    "the `count` of signed contracts and the sums of their `value`, `collected`, `outstanding`, `overpaid`, "
    "`invoiced` and `delivered`. receivables: for each `currency` what is `outstanding` and `overdue`, the outstanding by `ageing`, what "
    "is `overpaid` (also as `surplus`), and the same for each of its `owners`.",
}
CONTRACTS: Final[Rows] = (
    ("id", "text", "The contract's id."),
    ("number", "text", "Its number."),
    *CUSTOMER,
    ("kind", "text", "sale, service, ...; a framework counts 0 and its orders count."),
    ("state", "text", "draft, submitted, approved, returned, signed, completed or cancelled."),
    ("signed_on", "date", "When it was signed."),
    ("owner", "login", "Who owns it on the as-of day: the draft's, a hand-over's, else the customer's at the signing."),
    ("group", "group code", "The owner's group on the as-of day."),
    (
        "amount",
        "amount",
        "As drafted and changed before the signing, in `currency`; of a framework the limit of its orders.",
    ),
    (
        "value",
        "amount",
        "What is signed now: amendments, orders and the cancellation included; null before the signing.",
    ),
    ("currency", "text", "Of the amounts."),
    ("approved_by", "login", "Who approved it as it reads now; null without an approval that holds."),
    (
        "reviews",
        "list",
        "What departments said: `item`, `department`, `opinion`, `by`, and whether it `holds`: an edit asks for another.",
    ),
    ("place", "text", "Where it is kept."),
    ("collected", "amount", "What came in, less what was refunded."),
    ("collected_share", "ratio", "collected / value, half-up to six places; null where the value is 0."),
    ("outstanding", "amount", "value minus collected; 0 where more came in than it is worth."),
    (
        "overpaid",
        "amount",
        "What came in beyond what it is worth, until it is refunded; before the signing all that came in.",
    ),
    ("invoiced", "amount", "The sum of its invoices."),
    ("delivered", "amount", "What its deliveries are worth, as far as they say."),
    ("accepted", "amount", "What of that the customer accepted."),
    ("deliveries", "count", "How many milestones were delivered."),
    ("not_accepted", "list of text", "Those that wait to be accepted."),
    ("orders", "list", "Of a framework: each order's `item`, `number`, `amount` and `date`."),
)
RECEIVABLES: Final[Rows] = (
    ("contract", "text", "The contract's id."),
    ("number", "text", "Its number."),
    *CUSTOMER,
    ("owner", "login", "Who owns the contract on the as-of day."),
    ("group", "group code", "The owner's group on the as-of day."),
    (
        "part",
        "text",
        "instalment; rest: what no schedule speaks of; surplus: what came in beyond what the contract is worth.",
    ),
    ("instalment", "count", "Its number in the schedule; null for the others."),
    ("due", "date", "When it is due; null while what it is counted from has not happened, and without a schedule."),
    (
        "amount",
        "amount",
        "What is to come in, in `currency`. A contract's loss is taken from its last instalments first.",
    ),
    ("invoiced", "amount", "What of it was invoiced; an invoice without an instalment fills the oldest first."),
    ("received", "amount", "What of it came in; a receipt without an instalment fills the oldest open one first."),
    ("outstanding", "amount", "amount minus received; 0 of a surplus."),
    ("overpaid", "amount", "Of a surplus what came in beyond the contract's worth, until it is refunded; else 0."),
    ("currency", "text", "Of the amounts; those of different currencies are never summed."),
    ("days_overdue", "count", "Days since it was due; 0 before, null without a due day or once it is paid."),
    ("ageing", "text", "not-due, 0-30, 31-60, 61-90 or 90+ days overdue; null once it is paid."),
    ("promise", "text", "What became of the customer's last promise: open, kept or broken."),
    ("promised", "amount", "How much was promised."),
    ("promise_due", "date", "By when."),
)
VIEWS: Final[dict[str, tuple[str, str, Rows]]] = {
    "contracts": ("A row a contract, the first drafted first.", "sales contracts --period 2024Q1 --json", CONTRACTS),
    "receivables": (
        "A row for each part of a signed contract that is outstanding, the first due first; with --all also those paid.",
        "sales receivables --overdue --json",
        RECEIVABLES,
    ),
}
