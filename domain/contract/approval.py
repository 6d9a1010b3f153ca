"""A contract's way to its signing: draft, submit, approve or return, sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from domain.contract import events as e
from domain.contract.state import Contract
from domain.customer.guard import ended
from domain.kernel import money
from domain.kernel.action import Action, Decision, On, action, given
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.types import Currency, CustomerId, Login, OpportunityId, Worth
from domain.sales.opportunity import OpportunityWon


def wrong_state(state: Contract, context: Context, act: str, *needed: str) -> Refused | None:
    """Return a refusal unless the contract is in one of the `needed` states."""
    if state.status in needed:
        return None
    return Refused(
        "contract.wrong_state",
        state=state.status,
        action=act,
        needed=" or ".join(needed),
        contract=state.number or context.subject,
    )


def approvers(state: Contract, context: Context) -> Sequence[str]:
    """Return the roles that may approve a contract by the tiers in force on the action's day.

    A framework without a limit may come to any amount, so the highest tier approves it.
    """
    unlimited = state.framework and not state.amount
    for tier in context.policy("approval-tiers")["tiers"]:
        if tier["up_to"] is None or (state.amount <= money.amount(tier["up_to"]) and not unlimited):
            roles: Sequence[str] = tier["roles"]
            return roles
    return ()


def unreviewed(state: Contract, context: Context) -> Refused | None:
    """Return a refusal unless each department that the policy names has said what it thinks of the contract as it reads.

    An opinion of whoever submitted it does not count. One against it is overruled only with a reason.
    """
    digest = state.digest()
    for department in context.policy("contract-review")["departments"]:
        review = state.reviews.get(department)
        if review is None or review.digest != digest or review.by == state.submitted_by:
            return Refused("contract.not_reviewed", department=department, contract=state.number)
        if review.opinion == "against" and not context.reason:
            return Refused("contract.opposed", department=department, by=review.by, contract=state.number)
    return None


@action(
    "contract.draft",
    subject="contract",
    creates=True,
    redo=True,
    example="sales contract draft HT-2024-001 --customer 某某科技有限公司 --amount 300000",
)
class DraftContract(Action):
    """Draft a contract; drafted again before its signing, it needs a new approval."""

    number: str = given("The contract's number; unique.", positional=True)
    customer: CustomerId = given("The customer: id, key or exact name.")
    amount: Worth = given("What it is worth.")
    currency: Currency | None = given("Currency; the store's unless given.", default=None)
    opportunity: OpportunityId | None = given("The opportunity that it wins.", default=None)
    kind: str = given(
        "Kind of contract: sale, service, ...; a framework counts 0 and its orders count, up to its amount if it has one.",
        default="sale",
    )
    tax: Worth | None = given("Tax contained in the amount.", default=None)
    terms: str | None = given("Terms, in short.", default=None)
    owner: Login | None = given("Who is credited; the customer's owner at the signing unless given.", default=None)

    @staticmethod
    def looks(values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return the claims that the decision will ask about, so that a batch reads them at once."""
        return [("contract-number", values["number"])]

    def decide(self, state: Contract, context: Context) -> Decision:
        drafted = e.ContractDrafted(
            number=self.number,
            customer=self.customer,
            opportunity=self.opportunity,
            kind=self.kind,
            amount=self.amount,
            currency=self.currency or context.currency,
            tax=self.tax,
            terms=self.terms,
            owner=self.owner,
        )
        return drafted.refused(context, context.subject) or self.refused(state, context) or drafted

    def refused(self, state: Contract, context: Context) -> Refused | None:
        if state.signed_on or state.status == "cancelled":
            return wrong_state(state, context, "contract.draft", "draft", "submitted", "approved", "returned")
        if self.owner and context.person(self.owner) is None:
            return Refused("person.unknown", login=self.owner)
        refused = ended(context.load(self.customer), self.customer)
        if refused:
            return refused
        if self.opportunity and context.load(self.opportunity).customer != self.customer:
            return Refused("contract.foreign_opportunity", opportunity=self.opportunity)
        return None


@action("contract.submit", subject="contract", example="sales contract submit HT-2024-001")
class SubmitContract(Action):
    """Submit a contract for approval, as it reads now."""

    def decide(self, state: Contract, context: Context) -> Decision:
        stale = state.status in ("submitted", "approved") and state.digest() not in (state.submitted, state.approved)
        if not stale:
            refused = wrong_state(state, context, "contract.submit", "draft", "returned")
            if refused:
                return refused
        return e.ContractSubmitted(customer=state.customer, digest=state.digest(), by=context.actor)


@action("contract.approve", subject="contract", example="sales contract approve HT-2024-001")
class ApproveContract(Action):
    """Approve a contract by the tier for its amount; the approval holds for what it says now."""

    def decide(self, state: Contract, context: Context) -> Decision:
        refused = wrong_state(state, context, "contract.approve", "submitted")
        if refused:
            return refused
        if state.submitted_by == context.actor:
            return Refused("contract.own_submission", actor=context.actor)
        if state.submitted != state.digest():
            return Refused("contract.not_approved", state="changed after it was submitted", contract=state.number)
        lacks = unreviewed(state, context)
        if lacks:
            return lacks
        allowed = approvers(state, context)
        if context.role not in allowed:
            return Refused(
                "contract.tier",
                amount=format(state.amount, "f"),
                currency=state.currency,
                allowed=", ".join(allowed),
                actor=context.actor,
                role=context.role,
            )
        return e.ContractApproved(customer=state.customer, digest=state.digest(), by=context.actor)


@action("contract.return", subject="contract", example="sales contract return HT-2024-001 --reason 付款条件不清")
class ReturnContract(Action):
    """Send a submitted or approved contract back, with what must change (--reason)."""

    def decide(self, state: Contract, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="contract.return")
        refused = wrong_state(state, context, "contract.return", "submitted", "approved")
        return refused or e.ContractReturned(customer=state.customer)


@action(
    "contract.sign",
    subject="contract",
    dated="date",
    example="sales contract sign HT-2024-001 --date 2024-03-28",
)
class SignContract(Action):
    """Record the signing of an approved contract; it counts on the signing date."""

    date: dt.date | None = given("Day of the signing; the action's own day unless given.", default=None)
    signatories: tuple[str, ...] = given("Who signed (personal); may be repeated.", default=())

    def decide(self, state: Contract, context: Context) -> Decision:
        if state.signed_on or state.status == "cancelled":
            return wrong_state(state, context, "contract.sign", "approved") or ()
        if state.status != "approved" or state.approved != state.digest():
            why = "changed after its approval" if state.approved else state.status
            return Refused("contract.not_approved", state=why, contract=state.number)
        signed = e.ContractSigned(customer=state.customer, date=self.date or context.day, signatories=self.signatories)
        if state.opportunity and context.load(state.opportunity).status == "open":
            won = OpportunityWon(customer=state.customer, contract=context.subject, date=signed.date)
            return [signed, On(state.opportunity, won)]
        return signed
