"""Return visits with the customer's score, and complaints until they are resolved."""

from __future__ import annotations

import datetime as dt

from domain.after_sale import events as e
from domain.after_sale.handover import CONTRACT_HELP, of_another
from domain.calendar.due import DAYS_HELP, DUE_HELP, timed, untimed
from domain.customer.guard import gone
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.items import chosen, standing_in
from domain.kernel.refusal import Refused
from domain.kernel.types import ContractId


@action(
    "after-sale.schedule-visit",
    subject="customer",
    example="sales after-sale schedule-visit 某某科技有限公司 --due 2024-06-28",
)
class ScheduleVisit(Action):
    """Schedule a return visit."""

    due: dt.date | None = given(DUE_HELP, default=None)
    working_days: int | None = given(DAYS_HELP, default=None)
    contract: ContractId | None = given(CONTRACT_HELP, default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        when = timed(self.due, self.working_days, context)
        return (
            gone(state, context)
            or untimed(self.due, self.working_days)
            or of_another(self.contract, context)
            or e.VisitScheduled(item=state.next_item("v"), contract=self.contract, **when)
        )


@action(
    "after-sale.visit",
    subject="customer",
    example="sales after-sale visit 某某科技有限公司 v1 --score 9 --feedback 响应很快",
)
class VisitCustomer(Action):
    """Record a return visit and the customer's score; one that nobody scheduled counts as due on its own day."""

    item: str | None = given(
        "Which scheduled one: its number (v1); not needed when at most one is.",
        default=None,
        positional=True,
        also=("visit",),
    )
    score: int | None = given("How content the customer is, from 1 (worst) to 10 (best).", default=None)
    feedback: str | None = given("What they said (personal).", default=None)
    contract: ContractId | None = given(CONTRACT_HELP, default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        told = self.visited("v").refused(context, context.subject)
        refused = told or gone(state, context) or of_another(self.contract, context)
        if refused:
            return refused
        scheduled = standing_in(state.records, "visit", ("scheduled",))
        if not scheduled and not self.item:
            item = state.next_item("v")
            return [e.VisitScheduled(item=item, due=context.day, contract=self.contract), self.visited(item)]
        which = chosen(scheduled, self.item, context.item, kind="visit", state="scheduled")
        return which if isinstance(which, Refused) else self.visited(which.item)

    def visited(self, item: str) -> e.CustomerVisited:
        return e.CustomerVisited(item=item, score=self.score, feedback=self.feedback, contract=self.contract)


@action(
    "after-sale.complain",
    subject="customer",
    example="sales after-sale complain 某某科技有限公司 --kind quality --words 密封圈漏油",
)
class Complain(Action):
    """Record what the customer complains about; it is open until it is resolved."""

    kind: str = given("About what: quality, delivery, service, ...", positional=True)
    words: str | None = given("In their words (personal).", default=None)
    contract: ContractId | None = given(CONTRACT_HELP, default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        made = e.CustomerComplained(item=state.next_item("x"), kind=self.kind, words=self.words, contract=self.contract)
        return gone(state, context) or of_another(self.contract, context) or made


@action(
    "after-sale.resolve", subject="customer", example="sales after-sale resolve 某某科技有限公司 x1 --outcome 已更换"
)
class ResolveComplaint(Action):
    """Record how a complaint ended."""

    item: str | None = given(
        "Which complaint: its number (x1) or its kind; not needed when only one is open.",
        default=None,
        positional=True,
        also=("complaint",),
    )
    outcome: str | None = given("How it ended (personal).", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        still = standing_in(state.records, "complaint", ("open",))
        which = chosen(still, self.item, context.item, kind="complaint", state="open")
        return which if isinstance(which, Refused) else e.ComplaintResolved(item=which.item, outcome=self.outcome)
