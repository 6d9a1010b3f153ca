"""What contracts add to the measures: dated deltas, reckoned from each contract's events in recorded order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from domain.contract.state import Contract, evolve
from domain.kernel.json_form import revive
from domain.kernel.money import units
from projections.engine.projection import Seen

MEASURES: Final = frozenset(("signed", "collected", "invoiced", "delivered"))
WORTH: Final = frozenset(("contract.amended", "contract.cancelled", "contract.order_placed"))
"""What changes the worth of a signed contract."""


class Deal(NamedTuple):
    """One dated delta of a measure, in ten-thousandths of `currency`; a completion counts nothing and ends its contract."""

    measure: str
    seen: Seen
    amount: int
    currency: str
    contract: str


class ContractCourse:
    """A contract as far as it was folded, and when it was signed and ceased to be effective.

    `sales` are what makes it effective: its signing, or of a framework each of its orders.
    """

    __slots__ = ("drafted_for", "ended", "owner_changes", "sales", "signed", "state", "stream")

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.state = Contract()
        self.signed: Seen | None = None
        self.ended: Seen | None = None
        self.sales: list[Seen] = []
        self.drafted_for: str | None = None
        self.owner_changes: list[Seen] = []

    def handed_to(self, *, moment: int | None = None, day: date | None = None) -> str | None:
        """Return whom the contract was handed to by a moment, or by the end of a day; of one day's the last recorded counts."""
        by = [
            (each.day, each.position, each.data["owner"])
            for each in self.owner_changes
            if (moment is None or each.moment <= moment) and (day is None or each.day <= day)
        ]
        return str(max(by)[2]) if by else None

    def step(self, seen: Seen) -> Deal | None:
        """Take the contract's next event in recorded order; return the delta that it makes."""
        state, worth = self.state, self.state.value if self.signed else None
        happened = revive(seen.name, seen.data)
        evolve(state, happened)
        name = seen.name
        if name == "contract.signed":
            self.signed = seen
            if not state.framework:
                self.sales.append(seen)
            return self._deal("signed", seen, state.value)
        if name in WORTH:
            if worth is None:
                return None
            if name == "contract.cancelled":
                self.ended = seen
            elif name == "contract.order_placed":
                self.sales.append(seen)
            return self._deal("signed", seen, state.value - worth)
        match name:
            case "contract.drafted":
                self.drafted_for = state.owner
            case "contract.handed_over":
                self.owner_changes.append(seen)
            case "contract.completed":
                return self._deal("completed", seen, None)
            case "payment.received":
                return self._deal("collected", seen, happened.amount)
            case "payment.refunded":
                return self._deal("collected", seen, -happened.amount)
            case "payment.invoiced":
                return self._deal("invoiced", seen, happened.amount)
            case "delivery.delivered":
                return self._deal("delivered", seen, happened.amount)
        return None

    def _deal(self, measure: str, seen: Seen, amount: Decimal | None) -> Deal:
        return Deal(measure, seen, units(amount) if amount else 0, self.state.currency, self.stream)


def is_of_contract(seen: Seen) -> bool:
    """Say whether the event belongs to a contract's own history."""
    return seen.stream.startswith("con_")


def courses(events: Iterable[Seen]) -> tuple[dict[str, ContractCourse], list[Deal]]:
    """Return every contract's course, and all deltas, from effective events in recorded order."""
    found: dict[str, ContractCourse] = {}
    deals: list[Deal] = []
    for seen in events:
        if is_of_contract(seen):
            course = found.get(seen.stream) or found.setdefault(seen.stream, ContractCourse(seen.stream))
            deal = course.step(seen)
            if deal is not None:
                deals.append(deal)
    return found, deals
