"""Everything that can happen after a sale, and how the customer changes by it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from domain.calendar.due import mistimed
from domain.customer.state import Customer
from domain.kernel.event import Event, event
from domain.kernel.items import moved, opened
from domain.kernel.refusal import Refused
from domain.kernel.types import ContractId, Login, PersonalText

if TYPE_CHECKING:
    from domain.kernel.context import Context

BEST: Final = 10
"""The best score; 1 is the worst."""


@event("after-sale.handed_over", adds=True)
class HandedOver(Event):
    item: str
    to: Login
    contract: ContractId | None = None


@event("after-sale.promised", adds=True)
class PromiseMade(Event):
    item: str
    words: PersonalText
    due: dt.date | None = None
    contract: ContractId | None = None


@event("after-sale.promise_kept")
class PromiseKept(Event):
    item: str


@event("after-sale.promise_broken")
class PromiseBroken(Event):
    item: str


@event("after-sale.visit_scheduled", adds=True)
class VisitScheduled(Event):
    item: str
    due: dt.date | None = None
    working_days: int | None = None
    counted_from: dt.date | None = None
    contract: ContractId | None = None

    def refused(self, context: Context, stream: str) -> Refused | None:
        return mistimed(self.due, self.working_days, self.counted_from)


@event("after-sale.visited")
class CustomerVisited(Event):
    """A return visit that was scheduled; `score` is the customer's, from 1 to 10."""

    item: str
    score: int | None = None
    feedback: PersonalText | None = None
    contract: ContractId | None = None

    def refused(self, context: Context, stream: str) -> Refused | None:
        good = self.score is None or 1 <= self.score <= BEST
        return None if good else Refused("after_sale.score", score=self.score)


@event("after-sale.complained", adds=True)
class CustomerComplained(Event):
    item: str
    kind: str
    words: PersonalText | None = None
    contract: ContractId | None = None


@event("after-sale.resolved")
class ComplaintResolved(Event):
    item: str
    outcome: PersonalText | None = None


def evolve(customer: Customer, happened: Any) -> None:
    """Take into `customer` what happened after a sale."""
    match happened:
        case HandedOver(item=item):
            customer.number(item)
            opened(customer.records, item, "hand-over", "done", happened.to)
        case PromiseMade(item=item):
            customer.number(item)
            opened(customer.records, item, "promise", "open")
        case PromiseKept(item=item):
            moved(customer.records, item, "kept")
        case PromiseBroken(item=item):
            moved(customer.records, item, "broken")
        case VisitScheduled(item=item):
            customer.number(item)
            opened(customer.records, item, "visit", "scheduled")
        case CustomerVisited(item=item):
            moved(customer.records, item, "done")
        case CustomerComplained(item=item):
            customer.number(item)
            opened(customer.records, item, "complaint", "open", happened.kind)
        case ComplaintResolved(item=item):
            moved(customer.records, item, "resolved")
