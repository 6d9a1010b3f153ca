"""Holding a review of a period or of a deal, until it is finished."""

from __future__ import annotations

from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.types import CustomerId, GroupCode, Login, OpportunityId
from domain.period_close import PeriodName
from domain.review.events import ReviewFinished, ReviewHeld, ReviewKind
from domain.review.state import Review, over


@action(
    "review.hold",
    subject="review",
    creates=True,
    example="sales review hold quarterly --period 2024Q1 --group g1",
)
class HoldReview(Action):
    """Hold a review: of a week, a month or a quarter, or of a deal that was won or lost."""

    kind: ReviewKind = given("weekly, monthly, quarterly, deal-won or deal-lost.", positional=True)
    period: PeriodName | None = given("Of which period: 2024-W07, 2024-02 or 2024Q1.", default=None)
    opportunity: OpportunityId | None = given("Of which opportunity: id or key.", default=None)
    customer: CustomerId | None = given("Of which customer: id, key or exact name.", default=None)
    owner: Login | None = given("Of whose work.", default=None)
    group: GroupCode | None = given("Of which group's work.", default=None)

    def decide(self, state: Review, context: Context) -> Decision:
        customer = self.customer
        if self.opportunity:
            home = context.load(self.opportunity).customer
            if customer and customer != home:
                return Refused("review.other_customer", opportunity=self.opportunity, customer=home)
            customer = home
        held = ReviewHeld(
            kind=self.kind,
            period=self.period,
            opportunity=self.opportunity,
            customer=customer,
            owner=self.owner,
            group=self.group,
        )
        return nobody(self, context) or held.refused(context, context.subject) or held


def nobody(review: HoldReview, context: Context) -> Refused | None:
    """Return a refusal if the person or the group whose work it is of is not known."""
    if review.owner and context.person(review.owner) is None:
        return Refused("person.unknown", login=review.owner)
    if review.group and context.group(review.group) is None:
        return Refused("group.unknown", code=review.group)
    return None


@action("review.finish", subject="review", example="sales review finish rev_1")
class FinishReview(Action):
    """Finish a review; its improvements are completed one by one afterwards."""

    def decide(self, state: Review, context: Context) -> Decision:
        if not state.findings():
            return over(state) or Refused("review.nothing_found", review=context.subject)
        return over(state) or ReviewFinished()
