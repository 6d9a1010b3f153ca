"""What a contract is after its events, in the order in which they were recorded."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final, NamedTuple

from domain.contract import events as e
from domain.kernel.currency import differ
from domain.kernel.declared import State, declared, field
from domain.kernel.refusal import Refused

FRAMEWORK: Final = "framework"
"""The kind of contract that counts 0 itself: what is ordered under it counts."""
NOTHING: Final = Decimal(0)


class Review(NamedTuple):
    """What a department said of the contract as it read under `digest`."""

    department: str
    opinion: str
    digest: str
    by: str


class Order(NamedTuple):
    """What was ordered under a framework contract."""

    number: str
    amount: Decimal
    date: dt.date


class Invoice(NamedTuple):
    number: str
    amount: Decimal
    instalment: int | None


class Delivery(NamedTuple):
    """A milestone that was delivered, and the day of its acceptance."""

    milestone: str
    amount: Decimal | None
    date: dt.date
    accepted: dt.date | None = None


@declared
class Contract(State):
    """A contract as the log knows it.

    `amount` is the draft's with every change before the signing; `amended` the sum of the deltas after it; of a framework
    both together are the limit of its orders. `status` is draft, submitted, approved, returned, signed, completed or
    cancelled. `instalments` are those of the last schedule, in their stored form, and `planned` what they are shares of.
    """

    customer: str = ""
    number: str = ""
    opportunity: str | None = None
    kind: str = "sale"
    amount: Decimal = NOTHING
    currency: str = ""
    tax: Decimal | None = None
    terms: str | None = None
    owner: str | None = None
    status: str = ""
    submitted_by: str | None = None
    submitted: str | None = None
    approved: str | None = None
    signed_on: dt.date | None = None
    amended: Decimal = NOTHING
    ordered: Decimal = NOTHING
    collected: Decimal = NOTHING
    withdrawn: bool = False
    place: str | None = None
    instalments: tuple[dict[str, Any], ...] = ()
    planned: Decimal = NOTHING
    reviews: dict[str, Review] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    numbered: dict[str, int] = field(default_factory=dict)

    @property
    def framework(self) -> bool:
        return self.kind == FRAMEWORK

    @property
    def agreed(self) -> Decimal:
        """What was agreed, amendments included: of a framework the limit of its orders."""
        return self.amount + self.amended

    @property
    def value(self) -> Decimal:
        """What the contract is worth now; 0 once it is cancelled."""
        return NOTHING if self.withdrawn else self.ordered if self.framework else self.agreed

    @property
    def outstanding(self) -> Decimal:
        """What is still to come in."""
        return max(self.worth - self.collected, NOTHING)

    @property
    def overpaid(self) -> Decimal:
        """What came in beyond what it is worth, by an advance, an amendment or a cancellation, until it is refunded."""
        return max(self.collected - self.worth, NOTHING)

    @property
    def worth(self) -> Decimal:
        """What is to be paid for it: nothing before the signing."""
        return self.value if self.signed_on else NOTHING

    def overpaid_at(self, value: Decimal) -> Decimal | None:
        """Return what would be overpaid if the contract were worth `value`; None where that is no more than now."""
        over = self.collected - (value if self.signed_on else NOTHING)
        return over if over > self.overpaid else None

    @property
    def invoiced(self) -> Decimal:
        return sum((each.amount for each in self.invoices.values()), NOTHING)

    @property
    def delivered(self) -> Decimal:
        return sum((each.amount or NOTHING for each in self.deliveries.values()), NOTHING)

    def unsigned_on(self, day: dt.date) -> Refused | None:
        """Return a refusal if `day` lies before the signing."""
        if self.signed_on is None or day >= self.signed_on:
            return None
        return Refused("contract.before_signing", day=day.isoformat(), signed=self.signed_on.isoformat())

    @property
    def running(self) -> bool:
        """Whether something is still to be done about it: a completed contract runs on while money is outstanding."""
        return self.status not in ("", "cancelled", "completed") or (
            self.status == "completed" and self.outstanding > 0
        )

    def next_item(self, letter: str) -> str:
        """Return the number of the contract's next record of a kind: o1, o2 ..."""
        return f"{letter}{self.numbered.get(letter, 0) + 1}"

    def digest(self) -> str:
        """Return the digest of what an approval binds: parties, amount and terms."""
        content = (self.number, self.customer, self.kind, self.amount.normalize(), self.currency, self.tax, self.terms)
        import hashlib  # loads OpenSSL: only where something is approved

        return hashlib.sha256(repr(tuple(map(str, content))).encode()).hexdigest()[:32]


def foreign(contract: Contract, currency: str | None) -> Refused | None:
    """Return a refusal of another currency than the contract's."""
    if currency is None or not differ(currency, contract.currency):
        return None
    return Refused("payment.currency", expected=contract.currency, currency=currency)


def evolve(contract: Contract, happened: Any) -> Contract:
    """Return `contract` after `happened`."""
    item = getattr(happened, "item", None)
    if item:
        contract.numbered[item[0]] = max(contract.numbered.get(item[0], 0), int(item[1:]))
    match happened:
        case e.ContractDrafted():
            for name in ("number", "customer", "opportunity", "kind", "amount", "currency", "tax", "terms", "owner"):
                setattr(contract, name, getattr(happened, name))
            contract.status = "draft"
        case e.ContractSubmitted():
            contract.status, contract.submitted, contract.submitted_by = "submitted", happened.digest, happened.by
        case e.ContractReviewed():
            review = Review(happened.department, happened.opinion, happened.digest, happened.by)
            contract.reviews[happened.department] = review
        case e.ContractApproved():
            contract.status, contract.approved = "approved", happened.digest
        case e.ContractReturned():
            contract.status, contract.approved = "returned", None
        case e.ContractSigned():
            contract.status, contract.signed_on, contract.planned = "signed", happened.date, contract.amount
        case e.ContractAmended(delta=delta):
            if contract.signed_on:
                contract.amended += delta
            else:
                contract.amount += delta
                contract.status, contract.approved = "draft", None
        case e.ContractCancelled():
            contract.status, contract.withdrawn = "cancelled", True
        case e.ContractCompleted():
            contract.status = "completed"
        case e.ContractArchived(place=place):
            contract.place = place
        case e.ContractHandedOver(owner=owner):
            contract.owner = owner
        case e.FrameworkOrderPlaced():
            contract.orders[happened.item] = Order(happened.number, happened.amount, happened.date)
            contract.ordered += happened.amount
        case _:
            performed(contract, happened)
    return contract


def performed(contract: Contract, happened: Any) -> None:
    """Take what was paid, and what was delivered."""
    match happened:
        case e.PaymentScheduled(instalments=instalments):
            contract.instalments = tuple(instalments)
            contract.planned = contract.value if contract.signed_on else contract.amount
        case e.PaymentInvoiced():
            invoice = Invoice(happened.number, happened.amount, happened.instalment)
            contract.invoices[happened.item] = invoice
        case e.PaymentReceived(amount=amount):
            contract.collected += amount
        case e.PaymentRefunded(amount=amount):
            contract.collected -= amount
        case e.MilestoneDelivered():
            contract.deliveries[happened.item] = Delivery(happened.milestone, happened.amount, happened.date)
        case e.DeliveryAccepted(item=item, date=date):
            if item in contract.deliveries:
                contract.deliveries[item] = contract.deliveries[item]._replace(accepted=date)
