"""What a contract is after its events, in the order in which they were recorded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.contract import events as e
from domain.refusal import Refused


@dataclass(slots=True)
class Contract:
    """A contract as the log knows it.

    `amount` is the draft's with every change before the signing; `amended` the sum of the deltas after it.
    `status` is draft, submitted, approved, returned, signed or cancelled.
    """

    customer: str = ""
    number: str = ""
    opportunity: str | None = None
    kind: str = "sale"
    amount: Decimal = Decimal(0)
    currency: str = ""
    tax: Decimal | None = None
    terms: str | None = None
    owner: str | None = None
    status: str = ""
    submitted_by: str | None = None
    submitted: str | None = None
    approved: str | None = None
    signed_on: dt.date | None = None
    amended: Decimal = Decimal(0)
    collected: Decimal = Decimal(0)
    withdrawn: bool = False

    @property
    def value(self) -> Decimal:
        """What the contract is worth now; 0 once it is cancelled."""
        return Decimal(0) if self.withdrawn else self.amount + self.amended

    def unsigned_on(self, day: dt.date) -> Refused | None:
        """Return a refusal if `day` lies before the signing."""
        if self.signed_on is None or day >= self.signed_on:
            return None
        return Refused("contract.before_signing", day=day.isoformat(), signed=self.signed_on.isoformat())

    @property
    def running(self) -> bool:
        return self.status not in ("", "cancelled")

    def digest(self) -> str:
        """Return the digest of what an approval binds: parties, amount and terms."""
        content = (self.number, self.customer, self.kind, self.amount.normalize(), self.currency, self.tax, self.terms)
        import hashlib  # loads OpenSSL: only where something is approved

        return hashlib.sha256(repr(tuple(map(str, content))).encode()).hexdigest()[:32]


def evolve(contract: Contract, happened: Any) -> Contract:
    """Return `contract` after `happened`."""
    match happened:
        case e.ContractDrafted():
            for name in ("number", "customer", "opportunity", "kind", "amount", "currency", "tax", "terms", "owner"):
                setattr(contract, name, getattr(happened, name))
            contract.status = "draft"
        case e.ContractSubmitted():
            contract.status, contract.submitted, contract.submitted_by = "submitted", happened.digest, happened.by
        case e.ContractApproved():
            contract.status, contract.approved = "approved", happened.digest
        case e.ContractReturned():
            contract.status, contract.approved = "returned", None
        case e.ContractSigned():
            contract.status, contract.signed_on = "signed", happened.date
        case e.ContractAmended(delta=delta):
            if contract.signed_on:
                contract.amended += delta
            else:
                contract.amount += delta
                contract.status, contract.approved = "draft", None
        case e.ContractCancelled():
            contract.status, contract.withdrawn = "cancelled", True
        case e.ContractHandedOver(owner=owner):
            contract.owner = owner
        case e.PaymentReceived(amount=amount):
            contract.collected += amount
    return contract
