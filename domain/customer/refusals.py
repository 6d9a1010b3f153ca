"""Refusals about leads, customers, the pool and next actions."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "lead.untraceable": Text(
        "rule",
        "The source must be traceable: the channel {channel} needs its {missing}.",
        "Add --{missing}, so that the source can be traced.",
    ),
    "lead.invalid": Text("rule", "The lead is invalid.", "Validate it again first: sales lead validate"),
    "lead.already": Text("rule", "The lead is {state} already.", "Nothing needs to be done."),
    "lead.criterion": Text(
        "rule",
        "The grade {grade} is not met: {criterion} is {value}, and must be {needed}.",
        "Record what is known with --{flag}, or override the criteria: --override --reason ...",
    ),
    "lead.no_team": Text(
        "rule",
        "The grade key needs a dedicated team, and this customer has none.",
        "Form it first: sales customer form-team {subject} --members ...",
    ),
    "lead.owned": Text(
        "right", "{owner} owns this customer.", "Only the owner, a manager or a director may assign it."
    ),
    "pool.unowned": Text(
        "rule",
        "{subject} is in the pool already.",
        "Give it to somebody, or take it: sales lead assign {subject}; sales customer claim {subject}",
    ),
    "pool.signed": Text(
        "rule", "{subject} has a signed contract, and stays with its owner.", "Assign it: sales lead assign {subject}"
    ),
    "pool.not_due": Text(
        "rule",
        "It was touched, or got its owner, on {since}; it is due for the pool on {due}.",
        "What the rule is: sales policy show pool",
    ),
    "pool.owned": Text(
        "rule",
        "{owner} owns this customer; only what nobody owns can be claimed.",
        "If it is yours all the same: sales customer dispute {subject} --evidence ...",
    ),
    "pool.before": Text("rule", "It has been in the pool only since {since}.", "Give a day from then on with --at."),
    "pool.wait": Text(
        "rule",
        "{login} had this customer until {since}, and may have it again from {first} on.",
        "Others may claim it at once; the rule: sales policy show pool",
    ),
    "pool.cap": Text(
        "rule",
        "{actor} holds {count} customers, and may hold {cap}.",
        "Release one first (sales customer release); the rule: sales policy show pool",
    ),
    "pool.by_claim": Text(
        "rule",
        "What is in the pool is claimed, so that nobody holds more than they may.",
        "Claim it: sales customer claim {subject}",
    ),
    "lead.merged": Text(
        "rule", "{subject} was merged into {into}.", "Use {into}, or undo it: sales lead unmerge {subject}"
    ),
    "lead.not_merged": Text("rule", "{subject} is not merged with {other}.", "See its history: sales audit {subject}"),
    "lead.merge_with_whom": Text(
        "rule", "A merge needs exactly one other lead.", "Give --duplicate (merged into the subject) or --into."
    ),
    "lead.same": Text("rule", "A lead can't be merged with itself.", "Name two different ones."),
    "customer.withdrawn": Text(
        "missing",
        "The capture of {subject} was withdrawn; there is no such customer.",
        "Capture it: sales lead capture",
    ),
    "customer.code_digit": Text(
        "rule",
        "{code} is no unified social credit code: its check digit is {digit}, and must be {expected}.",
        "Compare it with the business licence; a number of another kind has another form than 18 letters and digits.",
    ),
    "customer.code_letter": Text(
        "rule",
        "{code} is no unified social credit code: {letter}, at place {place}, is none of its letters.",
        "Compare it with the business licence: there is no I, O, S, V or Z in it.",
    ),
    "customer.no_such_item": Text(
        "missing", "The customer has no {state} {kind} {item}.", "Of this kind there are: {known}."
    ),
    "customer.contact_ambiguous": Text("rule", "Several contacts are named {name}.", "Say which: --item {items}"),
    "customer.contact_not_alone": Text(
        "rule",
        "{contact} can't be erased alone: {count} values that name this contact lie under the one key of all of the"
        " customer's people ({said}), and would take what is said of the others along.",
        "Erase them all, and record anew what may stay: leave out --contact and --item.",
    ),
    "next_action.when": Text(
        "rule",
        "A next action needs a due date or a number of working days, not both.",
        "Give --due 2024-02-18 or --working-days 3.",
    ),
    "follow_up.plan_past": Text(
        "rule", "{on} is before {day}, on which it is planned.", "Plan for a later day, or log what has happened."
    ),
}
