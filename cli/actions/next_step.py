"""The command that one would type next, from where the subject stands after an act.

Whoever adds an event may add a line to NEXT; without one, where the subject stands is what is suggested.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from domain.kernel.field import fields_of
from infra.i18n.terminal_text import clean

if TYPE_CHECKING:
    from infra.commands.handler import CommandHandler
    from infra.commands.request import Request
    from infra.commands.unit_of_work import CommandResult

Holds = Callable[[Any], bool]
Rows = str | tuple[tuple[str, Holds], ...]

SHOW: Final = "sales show {subject}"
RECEIVE: Final = "sales payment receive {subject} --amount {outstanding}"


def _open(subject: Any) -> bool:
    return bool(subject.open_actions())


NEXT: Final[dict[str, Rows]] = {
    "person.registered": "sales person join {login} --group {group}",
    "person.joined_group": "sales progress --level group",
    "calendar.published": "sales progress",
    "policy.adopted": "sales policy show {name}",
    "period.closed": "sales period show {period} --as-closed",
    "target.set": (("sales target submit {subject}", lambda target: not target.missing_letters()),),
    "target.allocated": "sales targets",
    "target.reallocated": "sales targets",
    "target.revised": "sales target submit {subject}",
    "target.submitted": "sales target approve {subject} --actor {leader}",
    "target.approved": "sales target file {subject}",
    "target.filed": "sales progress",
    "customer.lead_captured": (
        ("sales lead validate {subject}", lambda customer: customer.valid is None and not customer.duplicates),
        ("sales show {duplicate}", lambda customer: bool(customer.duplicates)),
    ),
    "customer.lead_validated": (
        ("sales lead grade {subject} --grade initial", lambda customer: customer.grade is None),
        ("sales follow-up log {subject}", lambda customer: True),
    ),
    "customer.assigned": "sales follow-up log {subject}",
    "customer.graded": "sales follow-up log {subject}",
    "customer.recalled": "sales lead assign {subject}",
    "customer.protected": "sales pool --due",
    "customer.released": "sales pool",
    "customer.claimed": "sales follow-up log {subject}",
    "customer.ownership_disputed": "sales customer rule {subject} --owner {claimant} --actor {leader}",
    "customer.ownership_ruled": "sales disputes",
    "customer.followed_up": (
        ("sales next-action complete {subject} {waiting}", _open),
        ("sales next-action set {subject}", lambda customer: not _open(customer)),
    ),
    "customer.next_action_completed": (
        ("sales next-action complete {subject} {waiting}", _open),
        ("sales follow-up log {subject}", lambda customer: True),
    ),
    "customer.objection_logged": "sales objection answer {subject} {item}",
    "customer.objection_answered": "sales objection resolve {subject} {item}",
    "customer.objection_resolved": (
        ("sales objection answer {subject} {objection}", lambda customer: bool(customer.open_objections())),
    ),
    "customer.signal_logged": "sales opportunity open {subject}",
    "customer.follow_up_planned": "sales follow-up log {subject} --channel {channel} --plan {item}",
    "customer.follow_up_missed": "sales follow-up plan {subject}",
    "need.identified": "sales proposal request {subject}",
    "need.changed": "sales proposal request {subject}",
    "proposal.requested": "sales proposal deliver {subject} {item}",
    "proposal.delivered": "sales quote issue {subject}",
    "quote.issued": "sales quotes",
    "opportunity.opened": "sales opportunity move {subject}",
    "opportunity.moved": (
        (
            "sales contract draft --customer {customer} --opportunity {subject} --amount {amount}",
            lambda opportunity: opportunity.stage == "negotiating",
        ),
    ),
    "opportunity.reopened": "sales opportunity forecast {subject} --amount {amount}",
    "opportunity.lost": "sales pipeline",
    "contract.drafted": "sales contract submit {subject}",
    "contract.submitted": "sales contract approve {subject} --actor {leader}",
    "contract.approved": "sales contract sign {subject}",
    "contract.reviewed": (
        ("sales contract approve {subject} --actor {leader}", lambda contract: contract.status == "submitted"),
        ("sales contract submit {subject}", lambda contract: contract.status in ("draft", "returned")),
    ),
    "contract.signed": (
        ("sales contract order {subject}", lambda contract: contract.framework),
        (RECEIVE, lambda contract: True),
    ),
    "contract.amended": RECEIVE,
    "contract.order_placed": "sales payment invoice {subject}",
    "contract.completed": "sales contracts {subject}",
    "payment.scheduled": "sales receivables {subject}",
    "payment.invoiced": RECEIVE,
    "payment.received": (
        (RECEIVE, lambda contract: contract.outstanding > 0),
        (
            "sales contract complete {subject}",
            lambda contract: contract.status == "signed" and contract.outstanding <= 0,
        ),
    ),
    "payment.refunded": "sales receivables {subject}",
    "payment.promised": "sales receivables {subject}",
    "delivery.delivered": "sales delivery accept {subject} {item}",
    "delivery.accepted": RECEIVE,
    "collaboration.asked": "sales collaboration deliver {subject} {item}",
    "collaboration.delivered": "sales collaborations",
    "collaboration.declined": "sales collaborations",
    "after-sale.handed_over": "sales after-sale schedule-visit {subject} --working-days 20",
    "after-sale.visit_scheduled": "sales after-sale visit {subject}",
    "after-sale.visited": "sales after-sales",
    "after-sale.complained": "sales after-sale resolve {subject} {item}",
    "after-sale.resolved": "sales after-sales",
    "review.held": "sales review find {subject}",
    "review.found": "sales review agree {subject} --finding {item}",
    "review.agreed": "sales review complete {subject} {item}",
    "review.completed": "sales reviews",
    "review.finished": "sales practice adopt --review {subject}",
    "practice.adopted": "sales playbook",
    "practice.retired": "sales playbook",
    "event.corrected": "sales audit {stream}",
    "event.voided": "sales audit {stream}",
}
"""By event, the command that follows it, or several of which the first is taken whose condition holds of the state.

A name in braces is a field of the event, of the subject's state, or one of `Facts`; without its value the command is not
suggested. What a command needs beside is asked for where it is run: it stands here only where it is known.
"""


class Facts(dict[str, str]):
    """What a suggestion can name: the act's own words, and what the log says of the subject by now."""

    def __init__(self, ledger: CommandHandler, request: Request, answer: CommandResult) -> None:
        super().__init__()
        made = answer.events[0]
        self.ledger, self.state = ledger, ledger.world.subject(answer.subject).state
        self.mine = {getattr(each, "item", None) for each in answer.events}
        self["stream"] = answer.subject
        self["subject"] = answer.subject if request.action.SUBJECT == "event" else request.subject or answer.subject
        self._of = {field.name: getattr(made, field.attribute) for field in fields_of(type(made))}

    def __missing__(self, name: str) -> str:
        found = getattr(self, f"of_{name}", None)
        try:
            value: Any = found() if found else self._of.get(name) or getattr(self.state, name, None)
        except AttributeError:  # the subject is of another kind than the line had in mind
            raise KeyError(name) from None
        if not value or not isinstance(value, str | int | Decimal):
            raise KeyError(name)
        return format(value, "f") if isinstance(value, Decimal) else str(value)

    def of_waiting(self) -> str | None:
        """Return the open next action that was there before this act."""
        return next((each.item for each in self.state.open_actions() if each.item not in self.mine), None)

    def of_objection(self) -> str | None:
        """Return an open objection."""
        return next((each.item for each in self.state.open_objections()), None)

    def of_duplicate(self) -> str | None:
        """Return the lead of the same company."""
        return next(iter(self.state.duplicates), None)

    def of_outstanding(self) -> Any:
        """Return what of a contract is not collected yet."""
        left = self.state.value - self.state.collected
        return left if left > 0 and self.state.status == "signed" else None

    def of_group(self) -> str | None:
        """Return a group."""
        return next((stream.removeprefix("grp_") for stream in self.ledger.world.begun("grp_")), None)

    def of_leader(self) -> str | None:
        """Return somebody who may approve what another has submitted."""
        world, by = self.ledger.world, getattr(self.state, "submitted_by", None)
        world.load(world.begun("per_"))
        people = (world.subject(stream).state for stream in world.begun("per_"))
        able = (p.login for p in people if p.role in ("manager", "director") and p.login != by and not p.departed)
        return next(able, None)


def suggestion(ledger: CommandHandler, request: Request, answer: CommandResult) -> str:
    """Return the command that one would type next, fit for a shell."""
    facts = Facts(ledger, request, answer)
    for template in fitting(answer.names[0], facts.state):
        try:
            return filled_in(template, facts)
        except KeyError:
            continue
    return filled_in(SHOW, facts)


def fitting(event: str, state: Any) -> Iterator[str]:
    """Yield the commands that may follow an event, as the subject stands."""
    rows = NEXT.get(event, SHOW)
    if isinstance(rows, str):
        yield rows
        return
    for template, holds in rows:
        try:
            fits = holds(state)
        except AttributeError:  # the same: what was recorded is recorded, and a suggestion never fails an act
            continue
        if fits:
            yield template


def filled_in(template: str, facts: Mapping[str, str]) -> str:
    """Return a command with its facts in place. Raises KeyError where one is not known."""
    words = [quote(word.format_map(facts)) for word in template.split()]
    return clean(" ".join(words))


def quote(word: str) -> str:
    """Return `word` as a shell takes it."""
    return word if word.replace("-", "").replace("_", "").replace(".", "").isalnum() else shlex.quote(word)
