"""Everything that can happen to a contract; each event names the customer, so that folds need no look-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.event import Claim, Event, event
from domain.refusal import Refused
from domain.words import CustomerId, Login, OpportunityId, PersonalText

if TYPE_CHECKING:
    from domain.context import Context


@event("contract.drafted")
class ContractDrafted(Event):
    number: str
    customer: CustomerId
    opportunity: OpportunityId | None = None
    kind: str = "sale"
    amount: Decimal
    currency: str
    tax: Decimal | None = None
    terms: str | None = None
    owner: Login | None = None

    def claims(self) -> Iterable[Claim]:
        yield Claim("contract-number", self.number, True)

    def refused(self, context: Context, stream: str) -> Refused | None:
        holder = next((h for h in context.holders("contract-number", self.number) if h != stream), None)
        if holder:
            return Refused("contract.number_taken", number=self.number, contract=holder)
        if self.amount < 0:
            return Refused("contract.below_zero", amount=format(self.amount, "f"))
        return None


@event("contract.submitted", adds=True)
class ContractSubmitted(Event):
    customer: CustomerId
    digest: str
    by: Login


@event("contract.approved", adds=True)
class ContractApproved(Event):
    customer: CustomerId
    digest: str
    by: Login


@event("contract.returned")
class ContractReturned(Event):
    customer: CustomerId


@event("contract.signed", adds=True)
class ContractSigned(Event):
    customer: CustomerId
    date: dt.date
    signatories: tuple[PersonalText, ...] = ()


@event("contract.amended", adds=True)
class ContractAmended(Event):
    customer: CustomerId
    delta: Decimal
    date: dt.date


@event("contract.cancelled", adds=True)
class ContractCancelled(Event):
    customer: CustomerId
    date: dt.date


@event("contract.handed_over")
class ContractHandedOver(Event):
    customer: CustomerId
    owner: Login


@event("payment.received", adds=True)
class PaymentReceived(Event):
    customer: CustomerId
    amount: Decimal
    currency: str
    date: dt.date
    instalment: int | None = None
    advance: bool = False

    def refused(self, context: Context, stream: str) -> Refused | None:
        if self.amount <= 0:
            return Refused("payment.not_positive", amount=format(self.amount, "f"))
        return None
