"""Refusals about leads, customers, the pool and next actions."""

from __future__ import annotations

from typing import Final

from domain.refusal import Text

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
        "rule", "{subject} is in the pool already.", "Give it to somebody: sales lead assign {subject}"
    ),
    "pool.signed": Text(
        "rule", "{subject} has a signed contract, and stays with its owner.", "Assign it: sales lead assign {subject}"
    ),
    "pool.not_due": Text(
        "rule",
        "It was touched, or got its owner, on {since}; it is due for the pool on {due}.",
        "What the rule is: sales policy show pool",
    ),
    "lead.merged": Text(
        "rule", "{subject} was merged into {into}.", "Use {into}, or undo it: sales lead unmerge {subject}"
    ),
    "lead.not_merged": Text("rule", "{subject} is not merged with {other}.", "See its history: sales audit {subject}"),
    "lead.merge_with_whom": Text(
        "rule", "A merge needs exactly one other lead.", "Give --duplicate (merged into the subject) or --into."
    ),
    "lead.same": Text("rule", "A lead can't be merged with itself.", "Name two different ones."),
    "customer.no_such_item": Text(
        "missing", "The customer has no {state} {kind} {item}.", "Of this kind there are: {known}."
    ),
    "next_action.when": Text(
        "rule",
        "A next action needs a due date or a number of working days, not both.",
        "Give --due 2024-02-18 or --working-days 3.",
    ),
}
