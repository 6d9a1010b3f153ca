"""Everything that can happen to a contract; each event names the customer, so that folds need no look-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.contract.instalments import Stored, unreadable
from domain.kernel.event import Claim, Event, event
from domain.kernel.refusal import Refused
from domain.kernel.types import Currency, CustomerId, Login, Opinion, OpportunityId, Paid, PersonalText, Worth

if TYPE_CHECKING:
    from domain.kernel.context import Context


@event("contract.drafted")
class ContractDrafted(Event):
    number: str
    customer: CustomerId
    opportunity: OpportunityId | None = None
    kind: str = "sale"
    amount: Worth
    currency: Currency
    tax: Worth | None = None
    terms: str | None = None
    owner: Login | None = None

    def claims(self) -> Iterable[Claim]:
        yield Claim("contract-number", self.number, False, again=True)

    def refused(self, context: Context, stream: str) -> Refused | None:
        for holder in context.holders("contract-number", self.number):
            if holder != stream and context.load(holder).number == self.number:
                return Refused("contract.number_taken", number=self.number, contract=holder)
        return None


@event("contract.submitted", adds=True)
class ContractSubmitted(Event):
    customer: CustomerId
    digest: str
    by: Login


@event("contract.approved", adds=True, by=("contract.approve",))
class ContractApproved(Event):
    customer: CustomerId
    digest: str
    by: Login


@event("contract.returned")
class ContractReturned(Event):
    customer: CustomerId


@event("contract.reviewed", adds=True, by=("contract.review",))
class ContractReviewed(Event):
    customer: CustomerId
    item: str
    department: str
    opinion: Opinion
    words: PersonalText | None = None
    digest: str
    by: Login


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
    overpaid: Decimal | None = None


@event("contract.cancelled", adds=True)
class ContractCancelled(Event):
    customer: CustomerId
    date: dt.date


@event("contract.order_placed", adds=True)
class FrameworkOrderPlaced(Event):
    customer: CustomerId
    item: str
    number: str
    amount: Paid
    date: dt.date


@event("contract.completed", adds=True)
class ContractCompleted(Event):
    customer: CustomerId
    date: dt.date


@event("contract.archived")
class ContractArchived(Event):
    customer: CustomerId
    place: str


@event("contract.handed_over", by=("person.hand-over",))
class ContractHandedOver(Event):
    customer: CustomerId
    owner: Login


@event("payment.received", adds=True)
class PaymentReceived(Event):
    customer: CustomerId
    amount: Paid
    currency: Currency
    date: dt.date
    instalment: int | None = None
    advance: bool = False


@event("payment.scheduled", adds=True)
class PaymentScheduled(Event):
    customer: CustomerId
    instalments: tuple[Stored, ...]

    def refused(self, context: Context, stream: str) -> Refused | None:
        return unreadable(self.instalments)


@event("payment.invoiced", adds=True)
class PaymentInvoiced(Event):
    customer: CustomerId
    item: str
    number: str
    amount: Decimal
    currency: Currency
    date: dt.date
    instalment: int | None = None

    def claims(self) -> Iterable[Claim]:
        yield Claim("invoice-number", self.number, False, again=True)

    def refused(self, context: Context, stream: str) -> Refused | None:
        for holder in context.holders("invoice-number", self.number):
            contract = context.load(holder)
            if holder != stream and any(invoice.number == self.number for invoice in contract.invoices.values()):
                return Refused("payment.invoice_taken", number=self.number, contract=contract.number)
        return None if self.amount else Refused("payment.not_positive", amount="0")


@event("payment.refunded", adds=True)
class PaymentRefunded(Event):
    customer: CustomerId
    item: str
    amount: Paid
    currency: Currency
    date: dt.date
    instalment: int | None = None


@event("payment.promised", adds=True)
class PaymentPromised(Event):
    customer: CustomerId
    item: str
    amount: Paid
    currency: Currency
    due: dt.date
    instalment: int | None = None


@event("delivery.delivered", adds=True)
class MilestoneDelivered(Event):
    customer: CustomerId
    item: str
    milestone: str
    amount: Paid | None = None
    date: dt.date


@event("delivery.accepted", adds=True)
class DeliveryAccepted(Event):
    customer: CustomerId
    item: str
    date: dt.date
