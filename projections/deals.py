"""What contracts add to the measures: dated deltas, reckoned from each contract's events in recorded order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from domain.contract.state import Contract, evolve
from domain.form import revive
from domain.money import units
from projections.projection import Seen


class Deal(NamedTuple):
    """One dated delta of a measure, signed or collected, in ten-thousandths of `currency`."""

    measure: str
    seen: Seen
    amount: int
    currency: str
    contract: str


class ContractCourse:
    """A contract as far as it was folded, and when it was signed and ceased to be effective."""

    __slots__ = ("drafted_for", "ended", "owner_changes", "signed", "state", "stream")

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.state = Contract()
        self.signed: Seen | None = None
        self.ended: Seen | None = None
        self.drafted_for: str | None = None
        self.owner_changes: list[Seen] = []

    def step(self, seen: Seen) -> Deal | None:
        """Take the contract's next event in recorded order; return the delta that it makes."""
        state, worth = self.state, self.state.value if self.signed else None
        evolve(state, revive(seen.name, seen.data))
        match seen.name:
            case "contract.drafted":
                self.drafted_for = state.owner
            case "contract.signed":
                self.signed = seen
                return Deal("signed", seen, units(state.value), state.currency, self.stream)
            case "contract.amended" | "contract.cancelled" if worth is not None:
                if seen.name == "contract.cancelled":
                    self.ended = seen
                return Deal("signed", seen, units(state.value - worth), state.currency, self.stream)
            case "payment.received":
                return Deal("collected", seen, units(revive(seen.name, seen.data).amount), state.currency, self.stream)
            case "contract.handed_over":
                self.owner_changes.append(seen)
        return None


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
