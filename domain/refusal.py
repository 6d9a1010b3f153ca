"""What a decision answers when a rule or a right says no, and the text of every such answer.

Texts are gettext message ids; the command line translates them and fills in the facts.
"""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

from domain.undo_refusals import REFUSALS as OF_UNDO


class Refused:
    """A decision's no: a stable `code` and the `facts` that its text names. Nothing is recorded."""

    __slots__ = ("code", "facts")

    def __init__(self, code: str, /, **facts: Any) -> None:
        self.code = code
        self.facts = facts

    def __repr__(self) -> str:
        return f"Refused({self.code!r}, {self.facts!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Refused) and (self.code, self.facts) == (other.code, other.facts)

    def __hash__(self) -> int:
        return hash(self.code)


class Text(NamedTuple):
    """How a refusal reads: its kind decides the exit code (rule 3, missing 4, conflict 5, right 6)."""

    kind: Literal["rule", "missing", "conflict", "right"]
    message: str
    hint: str


REFUSALS: Final[dict[str, Text]] = {
    "subject.unknown": Text(
        "missing",
        "There is no {noun} {subject}.",
        "Name it by id, by key or by its exact name; look with: sales tracking",
    ),
    "subject.ambiguous": Text(
        "missing", "{count} subjects are named {subject}: {candidates}.", "Use one of these ids."
    ),
    "subject.missing": Text(
        "missing",
        "{action} acts on a {noun}, and none is named.",
        "Put its id, key or exact name after the verb (in JSON: subject).",
    ),
    "subject.wrong_kind": Text("missing", "{subject} is a {kind}, not a {noun}.", "Name a {noun}."),
    "person.unknown": Text(
        "missing",
        "No person has the login {login}.",
        "Register them first: sales person register {login} --name ... --role rep",
    ),
    "person.departed": Text("rule", "{login} has departed on {date}.", "Name somebody who is here."),
    "person.exists": Text("conflict", "{login} is registered already, as {name}.", "Choose another login."),
    "person.reserved": Text("rule", "{login} stands for the rules of the house.", "Choose another login."),
    "person.not_in_group": Text(
        "rule", "{login} is in no group on {date}.", "See who is where: sales progress --level person"
    ),
    "group.unknown": Text("missing", "There is no group {code}.", "Form it first: sales group form {code} --name ..."),
    "group.exists": Text("conflict", "There is a group {code} already, {name}.", "Choose another code."),
    "right.role": Text(
        "right",
        "{actor} is a {role}; {action} is for {allowed}.",
        "Ask one of them, or change the role: sales person change-role",
    ),
    "reason.missing": Text("rule", "{action} needs a reason.", "Say why, with --reason (in JSON: reason)."),
    "calendar.not_the_year": Text(
        "rule", "{day} is not a day of {year}.", "Give days of that year only, as 2024-02-10 or 2024-02-10..2024-02-17."
    ),
    "policy.unknown": Text("missing", "There is no policy {name}.", "Known are: {known}."),
    "policy.bad_value": Text("rule", "{name} has no such value: {value}.", "{expected}"),
    "target.exists": Text(
        "conflict",
        "{owner} has a target for {metric} in {period} already: {target}.",
        "Edit the draft (sales target set {target} --value ...) or revise the filed one (sales target revise {target}).",
    ),
    "target.no_owner": Text(
        "missing",
        "{owner} is neither the company nor a group nor a person.",
        "Name company, a group's code or a login.",
    ),
    "target.no_period": Text("rule", "{period} is no period: {why}.", "Write 2024Q1, 2024-02, 2024-W07 or 2024."),
    "target.below_zero": Text("rule", "{value} is below zero.", "A target is 0 or more."),
    "target.not_smart": Text(
        "rule",
        "The target is not SMART; missing: {missing}.",
        "S metric and comparator, M value with unit, A owner, R parent or rationale, T period: sales target set {target} --...",
    ),
    "target.wrong_state": Text(
        "rule", "The target is {state}; {action} needs it {needed}.", "Its history: sales audit {target}"
    ),
    "target.own_submission": Text(
        "rule", "{actor} submitted this target and can't approve it too.", "Let another manager or director approve it."
    ),
    "target.edited": Text(
        "rule", "The target was changed after it was submitted.", "Submit it again: sales target submit {target}"
    ),
    "target.not_a_child": Text(
        "rule",
        "{child} can't take a share of {target}: {why}.",
        "A child has the same metric and currency, and a period inside the parent's.",
    ),
    "target.no_value": Text(
        "rule", "The target has no value to share out.", "Set it: sales target set {target} --value ..."
    ),
    "target.not_allocated": Text(
        "rule", "{child} has no allocation from {target}.", "Allocate first: sales target allocate"
    ),
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
    "event.future": Text("rule", "{day} lies in the future; only plans may.", "Give a day up to today with --at."),
    "opportunity.closed": Text("rule", "The opportunity is {state}.", "Open another: sales opportunity open"),
    "opportunity.not_lost": Text(
        "rule", "The opportunity is {state}, and only a lost one is reopened.", "Its history: sales audit {subject}"
    ),
    "opportunity.probability": Text("rule", "{value} is no probability.", "Give a number from 0 to 1, as 0.6."),
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
    "period.closed": Text(
        "rule",
        "{period} was closed already, at position {position}.",
        "A closed period stays closed; its figures: sales period show {period} --as-closed",
    ),
    "period.running": Text(
        "rule", "{period} is not over: its last day is {last}.", "Close it from the day after {last} on."
    ),
    "event.unknown": Text(
        "missing", "There is no event {event}.", "Name it by position, event id or key: sales audit SUBJECT"
    ),
    "event.gone": Text("rule", "The event {event} was voided at position {by}.", "Nothing is left to change."),
    "event.no_such_field": Text("rule", "{name} has no field {field}.", "Its fields: {known}."),
    "event.fixed_field": Text(
        "rule", "{field} says what the event is about and can't be corrected.", "Void the event and record it again."
    ),
    "event.bad_value": Text(
        "rule", "{field} can't be {value}: {why}.", "Give a value of the same form as the original."
    ),
    "event.second_person": Text(
        "rule",
        "{actor} made the original; a fact of {what} is corrected by a second person.",
        "Let a colleague record the correction: that is the confirmation.",
    ),
    "event.followed": Text(
        "rule", "{count} later events build on it: {events}.", "Void those first, or correct the values."
    ),
    "event.not_correctable": Text("rule", "A {name} can't be {done}.", "Record what is right as a new act."),
    "event.nothing_changes": Text("rule", "The values are what they were.", "Give at least one value that differs."),
    **{code: Text(*said) for code, said in OF_UNDO.items()},
}


def kind_of(code: str) -> Literal["rule", "missing", "conflict", "right"]:
    """Return the kind of a refusal's `code`; an unlisted code is a rule."""
    listed = REFUSALS.get(code)
    return listed.kind if listed else "rule"
