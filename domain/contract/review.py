"""What is said of a contract before its signing, and done with it afterwards: review, archive, complete."""

from __future__ import annotations

import datetime as dt

from domain.contract import events as e
from domain.contract.approval import wrong_state
from domain.contract.state import Contract
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.types import Opinion


@action(
    "contract.review",
    subject="contract",
    example="sales contract review HT-2024-001 --department legal --opinion with-conditions --words 违约金下调",
)
class ReviewContract(Action):
    """Give a department's opinion of a contract as it reads now; an edit asks for another one."""

    department: str = given("The department whose opinion it is: legal, finance, technical, ...", positional=True)
    opinion: Opinion = given("for, against, or with-conditions.")
    words: str | None = given("The conditions, or why (personal).", default=None, also=("conditions",))

    def decide(self, state: Contract, context: Context) -> Decision:
        refused = wrong_state(state, context, "contract.review", "draft", "submitted", "approved", "returned")
        if refused:
            return refused
        if state.submitted_by == context.actor and state.status in ("submitted", "approved"):
            return Refused("contract.own_review", actor=context.actor)
        if self.opinion == "with-conditions" and not self.words:
            return Refused("contract.no_conditions", department=self.department)
        return e.ContractReviewed(
            customer=state.customer,
            item=state.next_item("w"),
            department=self.department,
            opinion=self.opinion,
            words=self.words,
            digest=state.digest(),
            by=context.actor,
        )


@action("contract.archive", subject="contract", example="sales contract archive HT-2024-001 --place 档案室A-12")
class ArchiveContract(Action):
    """Record where the signed contract is kept; archived again, it was moved."""

    place: str = given("Where it is kept.", positional=True)

    def decide(self, state: Contract, context: Context) -> Decision:
        if not state.signed_on:
            return wrong_state(state, context, "contract.archive", "signed") or ()
        if state.place == self.place:
            return Refused("event.nothing_changes")
        return e.ContractArchived(customer=state.customer, place=self.place)


@action(
    "contract.complete",
    subject="contract",
    dated="date",
    example="sales contract complete HT-2024-001 --date 2024-12-20",
)
class CompleteContract(Action):
    """Record that both sides have done what was agreed; what is still open needs a reason (--reason)."""

    date: dt.date | None = given("Day of the completion; the action's own day unless given.", default=None)

    def decide(self, state: Contract, context: Context) -> Decision:
        day = self.date or context.day
        refused = wrong_state(state, context, "contract.complete", "signed") or state.unsigned_on(day)
        if refused:
            return refused
        waiting = ", ".join(each.milestone for each in state.deliveries.values() if not each.accepted)
        if (state.outstanding > 0 or waiting) and not context.reason:
            return Refused(
                "contract.unfinished",
                outstanding=format(max(state.outstanding, 0), "f"),
                currency=state.currency,
                deliveries=waiting or "-",
            )
        return e.ContractCompleted(customer=state.customer, date=day)
